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
        run.period_start,
        item.category as item_category,
        coalesce(item.is_stocked, true) as is_stocked,
        coalesce(stated.factor, 1) as unit_factor
    from happened
    cross join {{ source('settings', 'period') }} as run
    left join {{ ref('stg_item') }} as item on happened.item_code = item.item_code
    left join {{ ref('item_unit') }} as stated on happened.item_code = stated.item_code and lower(happened.unit) = stated.unit
),

late as (
    select event_id, event_type, document_no, is_stocked and item_code is not null and warehouse_code is not null as moves_stock
    from described
    where effective_date < period_start
),

-- What a later delivery repeats of a published period is known already; what moves no stock cannot be known, and is left out.
repeated as (
    select past.event_id
    from {{ source('carried', 'stock_ledger') }} as past
    where past.event_id in (select late.event_id from late)
    union all
    select late.event_id
    from late
    where not late.moves_stock or (late.event_type = 'landed_cost' and late.document_no in (
        select past.document_no from {{ source('carried', 'stock_ledger') }} as past where past.document_type = 'landed_cost'
    ))
)

-- What comes late for an earlier period enters this one on its first day, whatever its document says.
-- A line in another unit than stock was set aside unless its item has a factor; an item without a stock unit takes any.
select
    described.* exclude (quantity, unit_cost, reported_unit_cost, unit, effective_date, period_start),
    greatest(effective_date, period_start) as effective_date,
    cast(quantity * unit_factor as decimal(18, 4)) as quantity,
    {{ per_stock_unit('unit_cost', 'unit_factor') }} as unit_cost,
    {{ per_stock_unit('reported_unit_cost', 'unit_factor') }} as reported_unit_cost
from described
anti join repeated on described.event_id = repeated.event_id
