-- One row per differing document with the facts of its own papers: what it is, what it lacks, what stands beside it.
with ticked as (
    select {{ document_key('line.document_no') }} as document_no, max(parse_period(line.certified_period)) as certified_period
    from {{ ref('stg_purchase_invoice_line') }} as line
    {{ among_differing('purchase_invoice') }}
    where exists (select 1 from {{ ref('stg_purchase_invoice_line') }} as other where other.certified_period is not null)
    group by all
),

posted as (
    select line.document_type, {{ document_key('line.document_no') }} as document_no, line.event_type as fact
    from {{ ref('voucher_line') }} as line
    {{ among_differing() }}
    where line.event_type in ('transit_invoice', 'service_invoice')
),

transferred as (
    select line.document_type, {{ document_key('line.document_no') }} as document_no
    from {{ ref('business_event') }} as line
    {{ among_differing() }}
    where line.event_type in ('transfer_out', 'transfer_in')
),

-- Goods, with their worth here and by the source. It says nothing of kinds of movement whose cost it never states.
moved as (
    select
        line.document_type, {{ document_key('line.document_no') }} as document_no,
        sum(abs(line.amount)) as amount,
        sum(abs(coalesce(line.reported_amount, 0)) + abs(coalesce(line.reported_unit_cost, 0))) as reported_amount,
        count(coalesce(line.reported_amount, line.reported_unit_cost)) as reported_lines,
        bool_or(line.event_type in (
            select other.event_type from {{ ref('stock_ledger') }} as other where coalesce(other.reported_amount, other.reported_unit_cost) <> 0
        )) as is_costed_by_source
    from {{ ref('stock_ledger') }} as line
    {{ among_differing() }}
    where line.quantity <> 0
    group by all
),

-- Vouchers that take goods from production.
produced as (
    select line.document_type, {{ document_key('line.document_no') }} as document_no
    from {{ ref('ledger_line') }} as line
    {{ among_differing() }}
    where line.account_code in (
        select mapped.account_code from {{ source('settings', 'account_map') }} as mapped where mapped.account_role = 'production_cost'
        union all
        select account.account_code from {{ ref('stg_account') }} as account where account.type = 'cost'
    )
),

-- An invoice and the receipt that it bills, or a delivery and its order, name different items.
renamed as (
    select unnest(['purchase_invoice', 'goods_receipt']) as document_type, unnest([invoice.document_no, receipt.document_no]) as document_no
    from {{ ref('purchase_settlement') }} as billed
    inner join {{ ref('business_event') }} as invoice on billed.invoice_event_id = invoice.event_id
    inner join {{ ref('receipt_line') }} as receipt on billed.receipt_event_id = receipt.event_id
    where invoice.item_code <> billed.item_code
    union all
    select 'delivery', line.document_no
    from {{ ref('stg_delivery_line') }} as line
    inner join {{ ref('stg_sales_order_line') }} as ordered on line.order_document_no = ordered.document_no and line.order_line_no = ordered.line_no
    {{ among_differing('delivery') }}
    where line.item_code <> ordered.item_code
),

-- Goods of an item that was in another category at the last close.
reclassed as (
    select line.document_type, {{ document_key('line.document_no') }} as document_no
    from {{ ref('business_event') }} as line
    {{ among_differing() }}
    where (line.item_code, true) in (
        select (kept.item_code, kept.item_category <> item.category)
        from {{ source('carried', 'stock_balance') }} as kept
        inner join {{ ref('stg_item') }} as item on kept.item_code = item.item_code
    )
),

-- A partner that one side names belongs to the group; an account that differs is given to some partners only.
related as (
    select recon.document_type, recon.document_no, unnest([
        case when party.party_code is not null then 'group_member' end, case when mapped.account_code is not null then 'partner_account' end
    ]) as fact
    from {{ ref('recon_group') }} as recon
    left join {{ ref('stg_party') }} as party on party.party_code in (recon.expected_party, recon.actual_party) and party.is_group_member
    left join {{ source('settings', 'account_map') }} as mapped
        on recon.account_code = mapped.account_code and mapped.party_code is not null and recon.difference_amount <> 0
    where recon.tie_code in ('payables', 'receivables')
        and (recon.document_type, recon.document_no) in (select (found.document_type, found.document_no) from {{ ref('break_document') }} as found)
),

fact as (
    select 'purchase_invoice' as document_type, ticked.document_no, 'not_certified' as fact
    from ticked
    cross join {{ source('settings', 'period') }} as run
    where ticked.certified_period is null or ticked.certified_period > run.period
    union all
    select * from posted
    union all
    select document_type, document_no, 'transfer' from transferred
    union all
    select document_type, document_no, 'no_value' from moved where amount = 0
    union all
    select document_type, document_no, case when reported_lines = 0 then 'not_costed' else 'zero_cost' end
    from moved
    where is_costed_by_source and reported_amount = 0
    union all
    select document_type, document_no, 'from_production' from produced
    union all
    select document_type, {{ document_key('document_no') }}, 'other_item' from renamed
    union all
    select document_type, document_no, 'other_category' from reclassed
    union all
    select * from related where fact is not null
)

select document_type, document_no, list(distinct fact) as facts
from fact
group by document_type, document_no
