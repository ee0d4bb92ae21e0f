-- One row per thing that happened: the effect of a document line on stock, an invoice line, a payment, an application.
with happened as (
    select * from {{ ref('event_goods_receipt') }}
    union all
    select * from {{ ref('event_delivery') }}
    union all
    select * from {{ ref('event_stock_movement') }}
    union all
    select * from {{ ref('event_invoice') }}
    union all
    select * from {{ ref('event_payment') }}
),

described as (
    select
        happened.*,
        run.period,
        item.category as item_category,
        coalesce(item.is_stocked, true) as is_stocked,
        coalesce(conversion.factor, 1) as unit_factor
    from happened
    cross join {{ source('settings', 'period') }} as run
    left join {{ ref('stg_item') }} as item on happened.item_code = item.item_code
    left join {{ ref('stg_unit_conversion') }} as conversion
        on happened.item_code = conversion.item_code
        and happened.unit = conversion.from_unit
        and happened.unit <> item.stock_unit
)

select
    * exclude (unit_factor, quantity, unit_cost, unit),
    cast(quantity * cast(unit_factor as decimal(18, 8)) as decimal(18, 4)) as quantity,
    unit_cost
from described
