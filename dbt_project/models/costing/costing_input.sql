-- One row per movement or carried balance, in the order and with the integers that the kernel reads.
-- Order: component, carried rows, date, class of the day, document number, line, the out line of a transfer before its in line.
with referenced as (
    select target.event_id, cast(row_number() over (order by target.event_id) - 1 as integer) as slot
    from (
        select event_id from {{ ref('costing_movement') }}
        union
        select source_event_id from {{ source('carried', 'cost_layer') }}
    ) as target
    where target.event_id in (select original_event_id from {{ ref('costing_movement') }} where original_event_id is not null)
),

row_to_value as (
    select
        component_key, pool_key, method_no, op, 1 as stage_no, day_class, effective_date,
        event_id, event_type, document_type, document_no, line_no, document_date, entered_at,
        item_code, item_category, warehouse_code, counterpart_warehouse_code, pool_code, party_code, reason_code, department_code, business_type,
        {{ to_quantity_units('quantity') }} as quantity,
        case when op in (1, 6) then {{ to_minor('given_amount') }} end as amount,
        cast(unit_cost * 1000000::decimal(7, 0) as bigint) as unit_cost,
        {{ to_quantity_units('abs(past_quantity)') }} as original_quantity,
        {{ to_minor('abs(past_amount)') }} as original_amount,
        null as last_cost_quantity, null as last_cost_amount,
        -1 as order_slot,
        cast(null as bigint) as share_before, cast(null as bigint) as share_after, cast(null as bigint) as share_total,
        {{ to_minor('net_amount') }} as net_amount,
        original_event_id, reported_unit_cost, reported_amount
    from {{ ref('costing_movement') }}
    union all by name
    select * from {{ ref('costing_carried') }}
),

totalled as (
    select
        row_to_value.*,
        case when method_no = 3 then
            sum(case when op in (1, 3, 20) then quantity else 0 end) over (partition by component_key, pool_key)
        end as pool_total_quantity,
        case when method_no = 3 then
            sum(case
                when op in (1, 6, 20) then amount
                when op = 3 then {{ to_minor(share_of(from_minor('original_amount'), from_quantity_units('quantity'), from_quantity_units('original_quantity'))) }}
                else 0
            end) over (partition by component_key, pool_key)
        end as pool_total_amount
    from row_to_value
)

select
    row_number() over (
        order by
            component_key, stage_no, totalled.effective_date, day_class, document_no, line_no,
            case event_type when 'transfer_out' then 0 else 1 end, event_type, totalled.event_id
    ) as sequence_no,
    totalled.* exclude (stage_no, day_class, method_no, op, pool_total_quantity, pool_total_amount),
    cast(method_no as utinyint) as method,
    cast(op as utinyint) as op,
    cast(pool_total_quantity as bigint) as pool_total_quantity,
    cast(pool_total_amount as bigint) as pool_total_amount,
    coalesce(own.slot, -1) as own_slot,
    coalesce(origin.slot, -1) as original_slot
from totalled
left join referenced as own on totalled.event_id = own.event_id
left join referenced as origin on totalled.original_event_id = origin.event_id
order by sequence_no
