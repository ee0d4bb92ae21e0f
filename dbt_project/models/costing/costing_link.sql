-- One row per movement of value between two cost pools, or between a pool and an order or conversion document: what leaves the
-- one is what arrives in the other. What left and has not arrived yet goes to no pool: it is on the way.
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
),

-- Orders that are solved beforehand; conversion documents always have a place in their day.
ordered as (
    select movement.*, orders.order_slot, orders.is_document, orders.is_solved
    from {{ ref('costing_movement') }} as movement
    inner join {{ ref('costing_order') }} as orders on movement.order_key = orders.order_key
    where orders.is_document or orders.is_solved
),

movement as (
    select
        event_id as out_event_id, in_event_id, effective_date,
        method = 'periodic_average' or item_code in (select item_code from {{ ref('costing_component') }} where component_key in (
            select component_key from {{ ref('costing_component') }} where in_circle)) as is_solved,
        item_code, pool_code, item_code as target_item_code, target_pool_code, null as order_slot, null as target_order_slot,
        {{ to_quantity_units('link_quantity') }} as quantity, {{ to_quantity_units('link_quantity') }} as arriving_quantity
    from linked
    union all
    select
        case when quantity < 0 then event_id end, null, case when is_document then effective_date end, is_solved,
        item_code, pool_code, null, null, null, order_slot, {{ to_quantity_units('-quantity') }}, 0
    from ordered
    where direction < 0 or event_type in ('production_return', 'subcontract_return')
    union all
    select
        null, ordered.event_id, case when ordered.is_document then ordered.effective_date end, ordered.is_solved,
        null, null, ordered.item_code, ordered.pool_code, produced.order_slot, null,
        produced.share_after - produced.share_before, {{ to_quantity_units('ordered.quantity') }}
    from ordered
    inner join {{ ref('costing_produced') }} as produced on ordered.event_id = produced.event_id
    where produced.op = 9
)

select
    movement.out_event_id, movement.in_event_id, movement.effective_date, movement.is_solved,
    source.pool_no, movement.order_slot, target.pool_no as target_pool_no, movement.target_order_slot,
    movement.quantity, movement.arriving_quantity
from movement
left join {{ ref('costing_pool') }} as source on movement.item_code = source.item_code and movement.pool_code = source.pool_code
left join {{ ref('costing_pool') }} as target on movement.target_item_code = target.item_code and movement.target_pool_code = target.pool_code
