-- One row per item that was open before this period, debit positive: carried, or given with the first period.
select kind, party_code, document_type, document_no, document_date, due_date, amount
from {{ source('carried', 'open_item') }}
union all
select
    given.kind,
    given.party_code,
    coalesce(given.document_type, case given.kind when 'ap' then 'purchase_invoice' when 'ar' then 'delivery' else 'payment' end),
    given.document_no,
    given.document_date,
    given.due_date,
    cast(given.amount * kind.normal_sign as decimal(18, 2))
from {{ ref('stg_opening_item_line') }} as given
inner join {{ ref('open_item_kind') }} as kind on given.kind = kind.kind
cross join {{ source('settings', 'period') }} as run
where run.is_first_period and given.kind in ('ar', 'ap', 'advance', 'prepayment', 'in_transit', 'pending_property')
