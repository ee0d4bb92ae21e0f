-- One row per item and cost pool that has a balance or a movement in this period, with what it has without other pools.
with part as (
    select item_code, pool_code, {{ to_quantity_units('quantity') }} as moved_quantity,
        {{ to_quantity_units('brought_quantity') }} as brought_quantity, {{ to_minor('brought_amount') }} as brought_amount,
        null as last_cost_quantity, null as last_cost_amount
    from {{ ref('costing_movement') }}
    union all
    select item_code, pool_code, 0, 0, {{ to_minor('conversion_amount + opening_amount') }}, null, null
    from {{ ref('costing_produced') }}
    where op = 9 and is_solved
    union all
    select item_code, pool_code, quantity, quantity, amount, last_cost_quantity, last_cost_amount
    from {{ source('carried', 'cost_state') }}
),

pool as (
    select item_code, pool_code, sum(moved_quantity) as closing_quantity,
        sum(brought_quantity) as brought_quantity, sum(brought_amount) as brought_amount,
        sum(last_cost_quantity) as last_cost_quantity, sum(last_cost_amount) as last_cost_amount
    from part
    group by item_code, pool_code
)

select
    pool.item_code,
    pool.pool_code,
    item.component_key,
    item.level_no,
    cast(row_number() over (partition by item.component_key order by pool.item_code, pool.pool_code) - 1 as integer) as pool_key,
    row_number() over (order by pool.item_code, pool.pool_code) - 1 as pool_no,
    cast(pool.closing_quantity as bigint) as closing_quantity,
    cast(coalesce(pool.brought_quantity, 0) as bigint) as brought_quantity,
    cast(coalesce(pool.brought_amount, 0) as bigint) as brought_amount,
    cast(coalesce(pool.last_cost_quantity, 0) as bigint) as last_cost_quantity,
    cast(coalesce(pool.last_cost_amount, 0) as bigint) as last_cost_amount
from pool
inner join {{ ref('costing_component') }} as item on pool.item_code = item.item_code
