-- One row per movement of goods between two cost pools: what leaves the one is what arrives in the other.
-- What left and has not arrived yet goes to no pool: it is on the way.
with arriving as (
    select original_event_id as out_event_id, event_id, item_code, pool_code, quantity
    from {{ ref('costing_movement') }}
    where event_type = 'transfer_in' and not is_neutral
),

leaving as (
    select event_id, item_code, pool_code, method, effective_date, -quantity as quantity
    from {{ ref('costing_movement') }}
    where event_type = 'transfer_out' and not is_neutral
),

link as (
    select leaving.*, arriving.event_id as in_event_id, arriving.pool_code as target_pool_code, arriving.quantity as link_quantity
    from leaving
    inner join arriving on leaving.event_id = arriving.out_event_id and leaving.item_code = arriving.item_code
),

linked as (
    select * from link
    union all
    select leaving.*, null, null, leaving.quantity - coalesce(arrived.quantity, 0)
    from leaving
    left join (select event_id, sum(link_quantity) as quantity from link group by event_id) as arrived on leaving.event_id = arrived.event_id
    where leaving.quantity <> coalesce(arrived.quantity, 0)
)

select
    linked.event_id as out_event_id,
    linked.in_event_id,
    linked.effective_date,
    linked.method = 'periodic_average' as is_periodic,
    source.pool_no,
    target.pool_no as target_pool_no,
    {{ to_quantity_units('linked.link_quantity') }} as quantity
from linked
inner join {{ ref('costing_pool') }} as source on linked.item_code = source.item_code and linked.pool_code = source.pool_code
left join {{ ref('costing_pool') }} as target on linked.item_code = target.item_code and linked.target_pool_code = target.pool_code
