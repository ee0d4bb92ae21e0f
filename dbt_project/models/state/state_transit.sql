-- One row per item and warehouse whose goods are on the way to another one at the close.
select item_code, item_category, warehouse_code, cast(sum(amount) as decimal(18, 2)) as amount
from (
    select item_code, item_category, warehouse_code, amount from {{ ref('transit_movement') }}
    union all
    select item_code, item_category, warehouse_code, amount from {{ source('carried', 'transit') }}
)
group by item_code, item_category, warehouse_code
having sum(amount) <> 0
