-- One row per item with its name and stock unit.
select item_code, name, stock_unit
from {{ ref('stg_item') }}
