-- One row per thing that happened: the effect of a document line on stock, an invoice line, a payment, an application.
with happened as (
    select * from {{ ref('event_goods_receipt') }}
    union all by name
    select * from {{ ref('event_delivery') }}
    union all by name
    select * from {{ ref('event_stock_movement') }}
    union all by name
    select * from {{ ref('event_invoice') }}
    union all by name
    select * from {{ ref('event_payment') }}
),

described as (
    select
        happened.*,
        run.period,
        item.category as item_category,
        coalesce(item.is_stocked, true) as is_stocked,
        coalesce(stated.factor, 1) as unit_factor
    from happened
    cross join {{ source('settings', 'period') }} as run
    left join {{ ref('stg_item') }} as item on happened.item_code = item.item_code
    left join {{ ref('item_unit') }} as stated on happened.item_code = stated.item_code and lower(happened.unit) = stated.unit
)

-- A line in another unit than stock was set aside unless its item has a factor; an item without a stock unit takes any.
select
    * exclude (quantity, unit_cost, reported_unit_cost, unit),
    cast(quantity * unit_factor as decimal(18, 4)) as quantity,
    {{ per_stock_unit('unit_cost', 'unit_factor') }} as unit_cost,
    {{ per_stock_unit('reported_unit_cost', 'unit_factor') }} as reported_unit_cost
from described
