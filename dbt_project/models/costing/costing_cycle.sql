-- One row per cost pool in a circle of pools that feed each other, with the rate that solved the circle.
select
    run.period,
    cast(linked.circle_no as integer) as circle_no,
    pool.item_code,
    pool.pool_code,
    {{ from_quantity_units('linked.total_quantity') }} as quantity,
    {{ from_minor('linked.total_amount') }} as amount,
    cast(cast(linked.unit_cost as decimal(22, 0)) * 0.000001::decimal(7, 6) as decimal(28, 10)) as unit_cost
from {{ ref('costing_linked') }} as linked
inner join {{ ref('costing_pool') }} as pool on linked.pool_no = pool.pool_no
cross join {{ source('settings', 'period') }} as run
where linked.record_kind = 'pool' and linked.circle_no is not null
