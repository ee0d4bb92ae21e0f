-- One row per item, warehouse, period, kind of movement and reason code.
select
    run.period,
    movement.item_code,
    movement.warehouse_code,
    coalesce(movement.reason_code, '') as reason_code,
    movement.event_type,
    cast(sum(greatest(movement.quantity, 0)) as decimal(18, 4)) as in_quantity,
    cast(sum(case when movement.quantity >= 0 then movement.amount else 0 end) as decimal(38, 2)) as in_amount,
    cast(-sum(least(movement.quantity, 0)) as decimal(18, 4)) as out_quantity,
    cast(-sum(case when movement.quantity < 0 then movement.amount else 0 end) as decimal(38, 2)) as out_amount
from {{ ref('stock_ledger') }} as movement
cross join {{ source('settings', 'period') }} as run
group by all
