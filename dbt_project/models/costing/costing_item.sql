-- One row per item that is costed: its dense key and its method, the most specific setting wins.
with known as (
    select item_code, category, costing_method, standard_cost from {{ ref('stg_item') }}
    union all
    select state.item_code, null, null, null
    from (select distinct item_code from {{ source('carried', 'cost_state') }}) as state
    where not exists (select 1 from {{ ref('stg_item') }} as item where item.item_code = state.item_code)
),

chosen as (
    select
        known.item_code,
        known.category,
        known.standard_cost,
        coalesce(by_item.method, known.costing_method, by_category.method, setting.method) as method
    from known
    cross join {{ source('settings', 'books') }} as setting
    left join {{ source('settings', 'costing_override') }} as by_item on known.item_code = by_item.item_code
    left join {{ source('settings', 'costing_override') }} as by_category
        on known.category = by_category.category and by_category.item_code is null
)

select
    item_code,
    category as item_category,
    method,
    case method when 'moving_average' then 1 when 'specific' then 1 when 'fifo' then 2 when 'periodic_average' then 3 when 'standard' then 4 end as method_no,
    cast(standard_cost * 1000000::decimal(7, 0) as bigint) as standard_unit_cost,
    cast(row_number() over (order by item_code) - 1 as integer) as item_key
from chosen
