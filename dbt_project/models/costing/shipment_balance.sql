-- One row per delivery line whose cost can wait on goods shipped: delivered now or before, billed now, still open.
with shipped as (
    select
        event_id, document_no, line_no, effective_date as delivery_date, party_code, item_code, item_category, reason_code,
        -quantity as delivery_quantity, -amount as delivery_amount, -quantity as open_quantity, -amount as open_amount, true as is_new
    from {{ ref('stock_ledger') }}
    where event_type in ('customer_delivery', 'customer_return')
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
