-- One row per item and unit that its documents may be in, with the stock units in one of it. An item without a stock unit has none.
with item as (
    select item_code, lower(stock_unit) as stock_unit
    from {{ ref('stg_item') }}
    where stock_unit is not null
),

conversion as (
    select item_code, lower(from_unit) as unit, lower(to_unit) as stock_unit, factor
    from {{ ref('stg_unit_conversion') }}
    where factor > 0 and lower(from_unit) <> lower(to_unit)
),

own as (
    select item.item_code, conversion.unit, conversion.factor
    from item
    inner join conversion on item.item_code = conversion.item_code and item.stock_unit = conversion.stock_unit
),

general as (
    select item.item_code, conversion.unit, conversion.factor
    from item
    inner join conversion on item.stock_unit = conversion.stock_unit
    where conversion.item_code is null
)

select item_code, stock_unit as unit, cast(1 as decimal(18, 8)) as factor from item
union all
select item_code, unit, factor from own
union all
select general.item_code, general.unit, general.factor
from general
anti join own on general.item_code = own.item_code and general.unit = own.unit
