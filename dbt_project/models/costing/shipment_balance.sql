-- One row per delivery line whose cost can wait on goods shipped: delivered now or before, billed now, still open.
-- At planned cost its share of the variance is part of the cost.
with shipped as (
    select
        ledger.event_id, ledger.document_no, ledger.line_no, ledger.effective_date as delivery_date, ledger.party_code,
        ledger.item_code, ledger.item_category, ledger.reason_code, -ledger.quantity as delivery_quantity,
        cast(coalesce(share.amount, 0) - ledger.amount as decimal(18, 2)) as delivery_amount, -ledger.quantity as open_quantity,
        cast(coalesce(share.amount, 0) - ledger.amount as decimal(18, 2)) as open_amount, true as is_new
    from {{ ref('stock_ledger') }} as ledger
    left join {{ ref('variance_share') }} as share on ledger.event_id = share.original_event_id
    where ledger.event_type in ('customer_delivery', 'customer_return')
    union all
    select *, false as is_new
    from {{ source('carried', 'open_shipment') }}
),

billed as (
    select original_event_id as event_id, sum(quantity) as billed_quantity
    from {{ ref('sales_bill') }}
    group by original_event_id
)

select
    shipped.*,
    cast(shipped.open_quantity - coalesce(billed.billed_quantity, 0) as decimal(18, 4)) as closing_quantity,
    {{ share_of('shipped.delivery_amount', '(shipped.open_quantity - coalesce(billed.billed_quantity, 0))', 'shipped.delivery_quantity') }} as closing_amount
from shipped
cross join {{ source('settings', 'books') }} as setting
left join billed on shipped.event_id = billed.event_id
where setting.cost_of_sales_on = 'invoice'
