{{ config(materialized='view') }}
-- One row per movement or carried balance, in the order and with the integers that the kernel reads. A view that `costed` reads
-- once: the rows are sorted here and nowhere else.
-- Order: component, carried rows and openings, level (materials before products), receipts from production, time, class of the
-- day, place among linked movements, document, what leaves before what arrives, line. A periodic average that ends with nothing
-- gives its rest to the last issue: what was solved beforehand goes before.
-- Under other methods only receipts of goods that are made of themselves take what was solved beforehand.
{% set solved = 'case when movement.method_no = 3 or (movement.op = 9 and orders.is_circular) then linked.amount end' %}

with row_to_value as (
    select
        pool.component_key, pool.pool_key, movement.method_no,
        case when {{ solved }} is null then movement.op when movement.quantity < 0 then 2 else 1 end as op,
        pool.level_no,
        case
            when movement.event_type = 'opening' then 0
            when (movement.op = 9 and movement.order_class <> 3) or (followed.late_event_id is not null and movement.method_no = 3) then 1
            when {{ solved }} is not null and pool.closing_quantity <= 0 then 2
            else 3
        end as stage_no,
        movement.order_at, movement.day_class, linked.place_no,
        movement.event_id, event_type, document_type, document_no, line_no, document_date, effective_date,
        movement.item_code, item_category, warehouse_code, movement.pool_code, lot_no, production_order_no, party_code, reason_code,
        {{ to_quantity_units('quantity') }} as quantity,
        case
            when movement.op = 9 then nullif(coalesce({{ solved }}, 0) + coalesce({{ to_minor('produced.conversion_amount + produced.opening_amount') }}, {{ to_minor('movement.given_amount') }}, 0), 0)
            when {{ solved }} is not null then {{ solved }}
            when movement.op in (1, 6) then {{ to_minor('movement.given_amount') }}
        end as amount,
        cast(movement.unit_cost * 1000000::decimal(7, 0) as bigint) as unit_cost,
        {{ to_quantity_units('abs(past_quantity)') }} as original_quantity,
        {{ to_minor('abs(past_amount)') }} as original_amount,
        null as last_cost_quantity, null as last_cost_amount,
        coalesce(produced.order_slot, orders.order_slot, followed.order_slot, -1) as order_slot, produced.share_before, produced.share_after, produced.share_total,
        case when movement.method_no = 3 then coalesce(fed.total_quantity, pool.brought_quantity) end as pool_total_quantity,
        case when movement.method_no = 3 then coalesce(fed.total_amount, pool.brought_amount) end as pool_total_amount,
        original_event_id, reported_unit_cost, reported_amount
    from {{ ref('costing_movement') }} as movement
    inner join {{ ref('costing_pool') }} as pool on movement.item_code = pool.item_code and movement.pool_code = pool.pool_code
    left join {{ ref('costing_linked') }} as linked on movement.event_id = linked.event_id and linked.record_kind = 'movement'
    left join {{ ref('costing_order') }} as orders on movement.order_key = orders.order_key
    left join {{ ref('costing_produced') }} as produced on movement.event_id = produced.event_id
    left join {{ ref('costing_linked') }} as fed on pool.pool_no = fed.pool_no and fed.record_kind = 'pool'
    left join (select distinct late_event_id, order_slot from {{ ref('late_transfer') }}) as followed on movement.event_id = followed.late_event_id
    union all by name
    -- What of a late cost went to another pool follows it there.
    select
        late.* exclude (late_event_id), pool.component_key, pool.pool_key, 9 as op, pool.level_no, case when late.method_no = 3 then 1 else 3 end as stage_no,
        'late_transfer' as event_type, 0 as quantity,
        case when late.method_no = 3 then coalesce(fed.total_quantity, pool.brought_quantity) end as pool_total_quantity,
        case when late.method_no = 3 then coalesce(fed.total_amount, pool.brought_amount) end as pool_total_amount
    from {{ ref('late_transfer') }} as late
    inner join {{ ref('costing_pool') }} as pool on late.item_code = pool.item_code and late.pool_code = pool.pool_code
    left join {{ ref('costing_linked') }} as fed on pool.pool_no = fed.pool_no and fed.record_kind = 'pool'
    union all by name
    select * from {{ ref('costing_carried') }}
),

in_order as (
    select
        row_to_value.* exclude (stage_no, level_no, order_at, day_class, place_no, method_no, op),
        cast(method_no as utinyint) as method,
        cast(op as utinyint) as op,
        coalesce(own.slot, -1) as own_slot,
        coalesce(origin.slot, -1) as original_slot
    from row_to_value
    left join {{ ref('costing_slot') }} as own on row_to_value.event_id = own.event_id
    left join {{ ref('costing_slot') }} as origin on row_to_value.original_event_id = origin.event_id
    order by
        component_key, case stage_no when 0 then 0 else 1 end, level_no, stage_no, row_to_value.order_at, day_class,
        place_no nulls first, document_no, document_type, case event_type when 'conversion_in' then 1 when 'repack_in' then 1 else 0 end, line_no,
        case event_type when 'transfer_out' then 0 else 1 end, event_type, row_to_value.event_id
)

select row_number() over () as sequence_no, in_order.*
from in_order
