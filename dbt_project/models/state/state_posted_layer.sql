-- One row per item and layer that the ledger's postings left open, where the source reports its unit costs; and one per movement
-- that the ledger took into this period after the period's last day (pending), which comes after next period's first postings.
with movement as (
    select moved.*, cast(moved.posted_at as date) > run.period_end as is_pending
    from {{ ref('posted_movement') }} as moved
    cross join {{ source('settings', 'period') }} as run
),

issued as (
    select item_code, -sum(quantity) as quantity
    from movement
    where quantity < 0 and not is_pending
    group by item_code
),

layer as (
    select
        layer.*,
        sum(layer.quantity) over (partition by layer.item_code order by layer.upto, layer.event_id rows between unbounded preceding and current row) as filled
    from {{ ref('posted_layer') }} as layer
    where layer.event_id not in (select event_id from movement where is_pending)
),

filled as (
    select item_code, sum(quantity) as quantity
    from layer
    group by item_code
),

left_over as (
    select coalesce(issued.item_code, filled.item_code) as item_code, coalesce(filled.quantity, 0) - coalesce(issued.quantity, 0) as quantity
    from issued
    full join filled on issued.item_code = filled.item_code
)

select
    layer.item_code, layer.event_id, layer.event_type, cast(null as varchar) as document_type, cast(null as varchar) as document_no,
    layer.effective_date, layer.order_class, layer.posted_at, layer.posted_no,
    cast(least(layer.quantity, layer.filled - coalesce(issued.quantity, 0)) as decimal(18, 4)) as quantity,
    layer.unit_cost, layer.reported_unit_cost, layer.billed_at, false as is_pending
from layer
left join issued on layer.item_code = issued.item_code
where layer.quantity > 0 and layer.filled > coalesce(issued.quantity, 0)
union all
select item_code, '', 'overdrawn', null, null, null, 0, null, null, cast(quantity as decimal(18, 4)), null, null, null, false
from left_over
where quantity < 0
union all
select
    item_code, event_id, event_type, document_type, document_no, effective_date, order_class, posted_at, posted_no, quantity,
    unit_cost, reported_unit_cost, null, true
from movement
where is_pending
