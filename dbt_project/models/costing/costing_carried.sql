-- One row per balance, layer or open negative issue that the previous period left; standard items also state their cost here.
-- Layers and issues come in the order in which they were left, whatever their documents are called.
-- A table, so that DuckDB knows how wide its columns are: the sort of `costing_input` keeps narrow columns narrow.
with balance as (
    select
        pool.component_key, pool.pool_key, item.method_no, 20 as op, item.item_code, item.item_category, pool.pool_code,
        coalesce(state.quantity, 0) as quantity, coalesce(state.amount, 0) as amount,
        coalesce(state.unit_cost, item.standard_unit_cost) as unit_cost,
        coalesce(state.last_cost_quantity, 0) as last_cost_quantity, coalesce(state.last_cost_amount, 0) as last_cost_amount,
        '0' as event_id, 0 as place_no, null as original_quantity, null as event_type, null as document_type,
        null as document_no, null as line_no, null as reason_code, null as warehouse_code,
        null as production_order_no, null as party_code, null as department_code, null as business_type, -1 as order_slot
    from {{ ref('costing_pool') }} as pool
    inner join {{ ref('costing_item') }} as item on pool.item_code = item.item_code
    left join {{ source('carried', 'cost_state') }} as state on pool.item_code = state.item_code and pool.pool_code = state.pool_code
    where state.item_code is not null or item.method = 'standard'
),

layer as (
    select
        pool.component_key, pool.pool_key, item.method_no, 21 as op, item.item_code, item.item_category, pool.pool_code,
        layer.quantity, layer.amount, null as unit_cost, null as last_cost_quantity, null as last_cost_amount,
        layer.source_event_id as event_id, layer.layer_no as place_no, layer.original_quantity, null, null, null, null, null, null,
        null, null, null, null, -1
    from {{ source('carried', 'open_layer') }} as layer
    inner join {{ ref('costing_pool') }} as pool on layer.item_code = pool.item_code and layer.pool_code = pool.pool_code
    inner join {{ ref('costing_item') }} as item on layer.item_code = item.item_code
),

negative as (
    select
        pool.component_key, pool.pool_key, item.method_no, 22 as op, item.item_code, item.item_category, pool.pool_code,
        issue.quantity, issue.amount, null as unit_cost, null as last_cost_quantity, null as last_cost_amount,
        issue.event_id, issue.issue_no as place_no, null as original_quantity, issue.event_type, issue.document_type,
        issue.document_no, issue.line_no, issue.reason_code, issue.warehouse_code,
        issue.production_order_no, issue.party_code, issue.department_code, issue.business_type, coalesce(orders.order_slot, -1)
    from {{ source('carried', 'negative_issue') }} as issue
    inner join {{ ref('costing_pool') }} as pool on issue.item_code = pool.item_code and issue.pool_code = pool.pool_code
    inner join {{ ref('costing_item') }} as item on issue.item_code = item.item_code
    left join {{ ref('costing_order') }} as orders on orders.order_key = case when issue.event_type = 'production_issue' or issue.production_order_no is not null then 'order:' || coalesce(issue.production_order_no, '') end
),

-- What went into an order before, less what its by-products and losses take: its receipts share it.
in_process as (
    select
        component.component_key, 0 as pool_key, 1 as method_no, 23 as op, component.item_code, null as item_category, null as pool_code,
        0 as quantity, {{ to_minor('orders.brought_material') }} as amount, null as unit_cost, null as last_cost_quantity, null as last_cost_amount,
        '0' as event_id, 0 as place_no, null as original_quantity, null, null, null, null, null, null,
        null, null, null, null, orders.order_slot
    from {{ ref('costing_order') }} as orders
    inner join {{ ref('costing_component') }} as component on orders.item_key = component.item_key
    where orders.brought_material <> 0 and (orders.has_shares or orders.order_key = 'order:') and not orders.is_document
),

carried as (
    select * from balance
    union all
    select * from layer
    union all
    select * from negative
    union all
    select * from in_process
)

select
    component_key, pool_key, method_no, op, 0 as stage_no, 0 as level_no, op as day_class, place_no, order_slot, item_code, item_category, pool_code,
    cast(quantity as bigint) as quantity, cast(amount as bigint) as amount, cast(unit_cost as bigint) as unit_cost,
    cast(last_cost_quantity as bigint) as last_cost_quantity, cast(last_cost_amount as bigint) as last_cost_amount,
    cast(original_quantity as bigint) as original_quantity,
    event_id, event_type, document_type, document_no, line_no, reason_code, warehouse_code,
    production_order_no, party_code, department_code, business_type,
    date '1900-01-01' as effective_date, timestamp '1900-01-01' as order_at
from carried
