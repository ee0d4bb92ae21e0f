-- One row per event to value, with the operation that method and policy make of it.
with placed as (
    select
        event.*,
        pool.component_key,
        item.method,
        item.method_no,
        pool.pool_key,
        pool.pool_code,
        setting.customer_return,
        setting.supplier_return,
        event.event_type in ('transfer_out', 'transfer_in') and setting.pool = 'company' as is_neutral,
        event.event_type = 'customer_return' and original.effective_date = event.effective_date as returns_same_day,
        past.quantity as past_quantity,
        past.amount as past_amount
    from {{ ref('stock_event') }} as event
    inner join {{ ref('costing_item') }} as item on event.item_code = item.item_code
    cross join {{ source('settings', 'books') }} as setting
    inner join {{ ref('costing_pool') }} as pool
        on event.item_code = pool.item_code
        and case when setting.pool = 'company' then '*' else event.warehouse_code end = pool.pool_code
    left join {{ ref('stock_event') }} as original on event.original_event_id = original.event_id
    left join {{ ref('past_movement') }} as past on event.original_event_id = past.event_id
)

select
    *,
    case when returns_same_day then 5 else order_class end as day_class,
    case
        when is_neutral then 8
        when event_type = 'revaluation' and unit_cost is not null then 7
        when direction = 0 then 6
        when event_type in ('opening', 'supplier_receipt', 'production_receipt') then 1
        when event_type = 'supplier_return' and method = 'periodic_average' then 1
        when event_type = 'supplier_return' and supplier_return = 'original_cost' then 4
        when event_type = 'customer_return' and method = 'periodic_average' and past_quantity is null then 5
        when event_type = 'customer_return' and customer_return = 'original_cost' then 3
        when event_type = 'transfer_in' then 3
        when event_type = 'other_in' and given_amount is not null then 1
        when direction = 1 then 5
        else 2
    end as op
from placed
