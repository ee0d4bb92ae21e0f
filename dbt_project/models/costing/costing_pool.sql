-- One row per item and cost pool that has a balance or a movement in this period.
with used as (
    select item_code, warehouse_code from {{ ref('stock_event') }}
),

pool as (
    select used.item_code, case when setting.pool = 'company' then '*' else used.warehouse_code end as pool_code
    from used
    cross join {{ source('settings', 'books') }} as setting
    union
    select item_code, pool_code from {{ source('carried', 'cost_state') }}
)

select
    pool.item_code,
    pool.pool_code,
    item.item_key as component_key,
    cast(row_number() over (partition by pool.item_code order by pool.pool_code) - 1 as integer) as pool_key
from pool
inner join {{ ref('costing_item') }} as item on pool.item_code = item.item_code
