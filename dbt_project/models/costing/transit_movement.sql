{{ config(materialized='ephemeral') }}
-- One row per movement of value onto or off the way between two warehouses: it stays with the one it left until it arrives.
-- What the pool that it reached does not take, its variance under standard cost, has arrived too.
select moved.item_code, moved.item_category, moved.warehouse_code, -moved.amount as amount
from {{ ref('stock_ledger') }} as moved
where moved.event_type = 'transfer_out'
union all
select
    moved.item_code, moved.item_category,
    coalesce(event.counterpart_warehouse_code, origin.warehouse_code, past.warehouse_code, moved.warehouse_code),
    -moved.amount - case setting.cost_of_record when 'recomputed' then moved.expensed_amount else 0 end
from {{ ref('stock_ledger') }} as moved
cross join {{ source('settings', 'books') }} as setting
left join {{ ref('stock_event') }} as event on moved.event_id = event.event_id
left join {{ ref('stock_event') }} as origin on moved.original_event_id = origin.event_id
left join {{ ref('past_movement') }} as past on moved.original_event_id = past.event_id
where moved.event_type = 'transfer_in'
