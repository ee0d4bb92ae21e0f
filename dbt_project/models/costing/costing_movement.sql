-- One row per event to value, with the operation that method and policy make of it, its pool and its place in time.
-- A supplier return at original cost (4) takes what its receipt was worth, under FIFO from that receipt's own layer first; at
-- current cost or from the oldest layer (2) it is an issue like any other: the average of the pool or lot, or the oldest layer.
-- A periodic average takes its document's own amount off the receipts, standard its standard, whatever the policy.
with original as (
    select event_id, effective_date, posted_at, warehouse_code
    from {{ ref('stock_event') }}
    where event_id in (select original_event_id from {{ ref('stock_event') }} where original_event_id is not null)
),

placed as (
    select
        event.*,
        item.item_key,
        item.method,
        item.method_no,
        {{ pool_code_of('event', 'item.method', 'setting.pool') }} as pool_code,
        setting.customer_return,
        setting.supplier_return,
        setting.late_cost,
        event.event_type in ('transfer_out', 'transfer_in') and setting.pool = 'company'
        and not {{ is_apart('event.warehouse_code') }} and not {{ is_apart('event.counterpart_warehouse_code') }}
        and not {{ is_apart('original.warehouse_code') }} and not coalesce(event.event_id in (
            select arrival.original_event_id from {{ ref('stock_event') }} as arrival
            where arrival.event_type = 'transfer_in' and arrival.original_event_id is not null and {{ is_apart('arrival.warehouse_code') }}
        ), false) as is_neutral,
        event.event_type = 'customer_return' and original.effective_date = event.effective_date as returns_same_day,
        case
            when setting.movement_order = 'date' then cast(event.effective_date as timestamp)
            when event.event_type = 'transfer_in' then greatest(
                coalesce(event.posted_at, event.effective_date), coalesce(original.posted_at, original.effective_date))
            else coalesce(event.posted_at, event.effective_date)
        end as order_at,
        case
            when kind.document_type in ('conversion', 'repack') then kind.document_type || ':' || event.document_no
            when event.event_type in {{ order_events() }} then {{ order_key_of('event.event_type', 'event.production_order_no', 'event.item_code') }}
        end as order_key,
        past.quantity as past_quantity,
        past.amount as past_amount
    from {{ ref('stock_event') }} as event
    inner join {{ ref('costing_item') }} as item on event.item_code = item.item_code
    cross join {{ source('settings', 'books') }} as setting
    left join {{ ref('movement_type') }} as kind on event.event_type = kind.movement_type
    left join original on event.original_event_id = original.event_id
    left join {{ ref('past_movement') }} as past on event.original_event_id = past.event_id
),

operated as (
    select
        *,
        case when returns_same_day then 5 else order_class end as day_class,
        case
            when is_neutral then 8
            when event_type = 'revaluation' and unit_cost is not null then 7
            when direction = 0 then 6
            when event_type in ('subcontract_receipt', 'conversion_in', 'repack_in') then 9
            when event_type = 'production_receipt' and given_amount is null then 9
            when event_type in ('opening', 'supplier_receipt', 'production_receipt') then 1
            when event_type = 'supplier_return' and method = 'periodic_average' then 1
            when event_type = 'supplier_return' and supplier_return = 'original_cost' then 4
            when event_type = 'customer_return' and method = 'periodic_average' and past_quantity is null then 5
            when event_type = 'customer_return' and customer_return = 'original_cost' then 3
            when event_type in ('production_return', 'subcontract_return') and original_event_id is not null and method <> 'periodic_average' then 3
            when event_type = 'transfer_in' then 3
            when event_type = 'other_in' and given_amount is not null then 1
            when direction = 1 then 5
            else 2
        end as op
    from placed
),

-- Where the source's costs are posted, what it states for the item at that moment stands in for what a line does not state.
in_force as (
    select cost.item_code, cost.unit_cost, cost.valid_from, lead(cost.valid_from) over (partition by cost.item_code order by cost.valid_from) as valid_to
    from {{ ref('stg_item_cost') }} as cost
    cross join {{ source('settings', 'books') }} as setting
    where setting.cost_of_record = 'source'
),

evident as (
    select operated.* replace (
        case when op in (1, 6, 7, 8) then reported_unit_cost else coalesce(reported_unit_cost, in_force.unit_cost) end as reported_unit_cost
    )
    from operated
    left join in_force on operated.item_code = in_force.item_code
        and coalesce(operated.posted_at, cast(operated.effective_date as timestamp)) >= in_force.valid_from
        and coalesce(coalesce(operated.posted_at, cast(operated.effective_date as timestamp)) < in_force.valid_to, true)
)

-- What a receipt brings to a periodic average by itself: its quantity and value, known before any rate.
select
    operated.*,
    case when op = 1 or (op = 3 and past_quantity is not null) then quantity else 0 end as brought_quantity,
    case
        when op = 6 and late_cost = 'on_hand_share' and past_quantity is not null
            then {{ share_of('given_amount', 'least(greatest(coalesce(opening_quantity, 0), 0), abs(past_quantity))', 'abs(past_quantity)') }}
        when op = 1 or (op = 6 and late_cost <> 'expense') then given_amount
        when op = 3 and past_quantity is not null then {{ share_of('past_amount', 'quantity', 'past_quantity') }}
        else 0
    end as brought_amount
from evident as operated
left join (select item_code, pool_code, {{ from_quantity_units('quantity') }} as opening_quantity from {{ source('carried', 'cost_state') }}) as state
    on operated.item_code = state.item_code and operated.pool_code = state.pool_code
