-- One row per production order, subcontract order or conversion document: what it opened with, what its conversion costs,
-- and the units over which both are shared. Material goes by quantity, conversion by equivalent units.
with cost_line as (
    select
        coalesce('order:' || production_order_no, 'product:' || item_code, 'order:') as order_key, item_code, wip_quantity,
        case when stage_percent > 1 then stage_percent * 0.01 else stage_percent end as stage,
        case cost_element when 'material' then 'material' when 'abnormal_loss' then 'loss' else 'conversion' end as kind,
        amount
    from {{ ref('stg_production_cost_line') }}
),

in_process as (
    select order_key, sum(wip_quantity) as wip_quantity, sum(cast(round(wip_quantity * stage, 4) as decimal(18, 4))) as equivalent_quantity
    from (select order_key, item_code, max(wip_quantity) as wip_quantity, max(coalesce(stage, 1)) as stage from cost_line group by order_key, item_code) as by_item
    group by order_key
),

part as (
    select order_key, false as is_subcontract, 0 as opening_material, 0 as opening_conversion,
        sum(case when kind = 'conversion' then amount else 0 end) as conversion, sum(case when kind = 'loss' then amount else 0 end) as loss,
        sum(case when kind = 'material' then amount else 0 end) as material_key
    from cost_line
    group by order_key
    union all
    select order_key, is_subcontract, material_amount, conversion_amount, 0, 0, 0
    from {{ source('carried', 'work_in_process') }}
    union all
    select coalesce('order:' || production_order_no, 'product:' || item_code, 'order:'), false, amount, 0, 0, 0, 0
    from {{ ref('stg_opening_item_line') }}
    cross join {{ source('settings', 'period') }} as run
    where kind = 'wip' and run.is_first_period
),

opened as (
    select order_key, bool_or(is_subcontract) as is_subcontract, sum(opening_material) as opening_material, sum(opening_conversion) as opening_conversion, sum(conversion) as conversion, sum(loss) as loss, sum(material_key) as material_key
    from part
    group by order_key
),

moved as (
    select
        order_key,
        case when starts_with(order_key, 'product:') then 'order:' else order_key end as group_key,
        min(movement.item_key) as item_key,
        bool_or(component.in_circle and op = 9 and order_class <> 3) as is_circular,
        bool_or(component.component_key in (select circle.component_key from {{ ref('costing_component') }} as circle where circle.in_circle)) as is_near_circle,
        bool_or(event_type like 'subcontract%') as is_subcontract,
        bool_or(order_class = 3) as is_document,
        coalesce(bool_or(op = 9 and method = 'periodic_average'), false) as needs_rates,
        coalesce(bool_or(direction = -1 and method <> 'periodic_average'), false) as has_other_methods,
        sum(case when op = 9 then quantity else 0 end) as completed_quantity,
        sum(case when op = 9 and order_class = 3 then given_amount end) as key_amount,
        bool_and(given_amount is not null) filter (where op = 9 and order_class = 3) as has_keys,
        count(*) filter (where op = 9) as unpriced,
        sum(case when op = 1 then quantity else 0 end) as given_quantity,
        sum(case when op = 1 then given_amount else 0 end) as given_amount,
        sum(case when op = 9 and order_class <> 3 then coalesce(given_amount, 0) else 0 end) as fee
    from {{ ref('costing_movement') }} as movement
    inner join {{ ref('costing_component') }} as component on movement.item_key = component.item_key
    where order_key is not null
    group by order_key
)

-- Products made without an order share what was issued without one.
select
    order_key,
    cast(row_number() over (order by order_key) - 1 as integer) as order_slot,
    coalesce(moved.item_key, case when order_key = 'order:' then min(moved.item_key) filter (where moved.group_key = 'order:') over () end) as item_key,
    coalesce(moved.is_subcontract, opened.is_subcontract, false) as is_subcontract,
    coalesce(moved.is_document, false) as is_document,
    coalesce(moved.has_keys, false) as has_keys,
    -- Solved beforehand: what a periodic average makes of periodic averages, and all that has to do with goods made of themselves.
    coalesce(moved.is_circular, false) as is_circular,
    coalesce(moved.is_circular or (moved.is_near_circle and moved.needs_rates and bool_or(moved.has_other_methods) over same_materials), false) as is_averaged,
    coalesce(moved.is_near_circle or (bool_or(moved.needs_rates) over same_materials and not bool_or(moved.has_other_methods) over same_materials), false) as is_solved,
    coalesce(moved.needs_rates and bool_or(moved.has_other_methods) over same_materials and not moved.is_near_circle, false) as is_mixed,
    cast(coalesce(opened.opening_material, 0) as decimal(18, 2)) as opening_material,
    cast(coalesce(opened.opening_conversion, 0) as decimal(18, 2)) as opening_conversion,
    cast(coalesce(opened.conversion, 0) as decimal(18, 2)) as conversion,
    cast(coalesce(moved.fee, 0) as decimal(18, 2)) as fee,
    cast(coalesce(opened.loss, 0) as decimal(18, 2)) as loss,
    cast(coalesce(opened.material_key, 0) as decimal(18, 2)) as material_key,
    cast(coalesce(moved.given_amount, 0) as decimal(18, 2)) as given_amount,
    -- Receipts with an amount of their own beside others without are by-products; alone they are the products.
    coalesce(moved.unpriced, 0) > 0 as has_shares,
    cast(coalesce(case when moved.has_keys then moved.key_amount when moved.unpriced > 0 then moved.completed_quantity else moved.given_quantity end, 0) as decimal(18, 4)) as completed_quantity,
    cast(coalesce(in_process.wip_quantity, 0) as decimal(18, 4)) as wip_quantity,
    cast(coalesce(in_process.equivalent_quantity, 0) as decimal(18, 4)) as equivalent_quantity,
    -- What its receipts share beside this period's issues.
    cast(coalesce(opened.opening_material, 0) - coalesce(opened.loss, 0) - coalesce(moved.given_amount, 0) as decimal(18, 2)) as brought_material
from opened
full outer join moved using (order_key)
left join in_process using (order_key)
window same_materials as (partition by coalesce(moved.group_key, order_key))
