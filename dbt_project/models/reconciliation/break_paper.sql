-- One row per differing document with the facts of its own papers: what it is, what it lacks, what stands beside it.
with ticked as (
    select {{ document_key('line.document_no') }} as document_no, max(parse_period(line.certified_period)) as certified_period
    from {{ ref('stg_purchase_invoice_line') }} as line
    {{ among_differing('purchase_invoice') }}
    where exists (select 1 from {{ ref('stg_purchase_invoice_line') }} as other where other.certified_period is not null)
    group by all
),

posted as (
    select document_type, {{ document_key('document_no') }} as document_no, event_type as fact
    from {{ ref('voucher_line') }}
    where event_type in ('transit_invoice', 'service_invoice')
),

transferred as (
    select document_type, {{ document_key('document_no') }} as document_no
    from {{ ref('business_event') }}
    where event_type in ('transfer_out', 'transfer_in')
),

-- The source states the cost of other documents of the kind: one without has not been costed.
costed as (
    select document_type, {{ document_key('document_no') }} as document_no, count(coalesce(reported_amount, reported_unit_cost)) as reported_lines,
        sum(abs(coalesce(reported_amount, 0)) + abs(coalesce(reported_unit_cost, 0))) as reported_amount
    from {{ ref('stock_ledger') }}
    where quantity <> 0
        and event_type in (
            select other.event_type from {{ ref('stock_ledger') }} as other where coalesce(other.reported_amount, other.reported_unit_cost) <> 0
        )
    group by all
),

-- Goods that came or went without a value, and whose voucher takes them from production.
unvalued as (
    select document_type, {{ document_key('document_no') }} as document_no
    from {{ ref('stock_ledger') }}
    group by all
    having sum(abs(quantity)) > 0 and sum(abs(amount)) = 0
),

produced as (
    select line.document_type, {{ document_key('line.document_no') }} as document_no
    from {{ ref('ledger_line') }} as line
    where line.account_code in (
        select mapped.account_code from {{ source('settings', 'account_map') }} as mapped where mapped.account_role = 'production_cost'
    )
),

-- An invoice and the receipt that it bills name different items.
renamed as (
    select {{ document_key('billed.document_no') }} as document_no, {{ document_key('receipt.document_no') }} as receipt_no
    from {{ ref('purchase_settlement') }} as billed
    inner join {{ ref('business_event') }} as invoice on billed.invoice_event_id = invoice.event_id
    inner join {{ ref('receipt_line') }} as receipt on billed.receipt_event_id = receipt.event_id
    where invoice.item_code <> billed.item_code
),

-- Goods of an item that was in another category at the last close.
moved_item as (
    select line.document_type, {{ document_key('line.document_no') }} as document_no
    from {{ ref('business_event') }} as line
    inner join {{ source('carried', 'stock_balance') }} as kept on line.item_code = kept.item_code
    where kept.item_category <> line.item_category
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
    select document_type, document_no, 'no_value' from unvalued
    union all
    select document_type, document_no, 'from_production' from produced
    union all
    select unnest(['purchase_invoice', 'goods_receipt']), unnest([document_no, receipt_no]), 'other_item' from renamed
    union all
    select document_type, document_no, 'other_category' from moved_item
    union all
    select document_type, document_no, case when reported_lines = 0 then 'not_costed' else 'zero_cost' end
    from costed
    where reported_amount = 0
)

select fact.document_type, fact.document_no, list(distinct fact.fact) as facts
from fact
semi join {{ ref('break_document') }} as found on fact.document_type = found.document_type and fact.document_no = found.document_no
group by all
