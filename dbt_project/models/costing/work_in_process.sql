-- One row per production or subcontract order, or product costed without one: opening + material - returns + conversion
-- = completed + by-products + losses + closing. Movements that name no order stand together.
with happened as (
    select
        coalesce({{ order_key_of('ledger.event_type', 'ledger.production_order_no', 'ledger.item_code') }}, 'order:') as order_key,
        ledger.event_type, ledger.event_id, false as is_true_up, ledger.quantity, ledger.amount + ledger.expensed_amount as amount
    from {{ ref('stock_ledger') }} as ledger
    where ledger.event_type in {{ order_events() }}
    union all
    select
        coalesce('order:' || correction.production_order_no, 'order:'), issue.event_type, correction.event_id, true, 0, correction.amount
    from {{ ref('stock_ledger') }} as correction
    inner join {{ ref('costed') }} as issue on correction.original_event_id = issue.event_id and {{ is_row('issue') }}
    where correction.event_type = 'negative_true_up' and issue.event_type in {{ order_events() }}
),

moved as (
    select
        happened.order_key,
        bool_or(happened.event_type like 'subcontract%') as is_subcontract,
        -sum(case when happened.event_type like '%_issue' and not is_true_up then amount else 0 end) as material_amount,
        -sum(case when is_true_up then amount else 0 end) as true_up_amount,
        sum(case when happened.event_type = 'production_return' then amount else 0 end) as return_amount,
        sum(case when produced.event_id is not null then amount else 0 end) as completed_amount,
        sum(coalesce(produced.conversion_amount, 0)) as completed_conversion_amount,
        sum(case when happened.event_type like '%_receipt' and produced.event_id is null then amount else 0 end) as byproduct_amount,
        sum(case when produced.event_id is not null then happened.quantity else 0 end) as completed_quantity,
        count(produced.event_id) as receipts
    from happened
    left join {{ ref('costing_produced') }} as produced on happened.event_id = produced.event_id
    group by happened.order_key
),

rolled as (
    select
        order_key,
        coalesce(orders.is_subcontract, moved.is_subcontract, false) as is_subcontract,
        {%- for name in ['opening_material', 'opening_conversion', 'loss'] %}
        coalesce(orders.{{ name }}, 0) as {{ name }}_amount,
        {%- endfor %}
        coalesce(orders.conversion + orders.fee, 0) as conversion_amount,
        {%- for name in ['material', 'true_up', 'return', 'completed', 'completed_conversion', 'byproduct'] %}
        coalesce(moved.{{ name }}_amount, 0) as {{ name }}_amount,
        {%- endfor %}
        coalesce(moved.completed_quantity, 0) as completed_quantity,
        coalesce(moved.receipts, 0) as receipts,
        coalesce(orders.wip_quantity, 0) as wip_quantity,
        coalesce(orders.equivalent_quantity, 0) as equivalent_quantity
    from (select * from {{ ref('costing_order') }} where not is_document) as orders
    full outer join moved using (order_key)
)

select
    run.period,
    order_key,
    is_subcontract,
    {%- for name in ['opening_material', 'opening_conversion', 'material', 'true_up', 'return', 'conversion'] %}
    cast({{ name }}_amount as decimal(18, 2)) as {{ name }}_amount,
    {%- endfor %}
    cast(completed_amount - completed_conversion_amount as decimal(18, 2)) as completed_material_amount,
    cast(completed_conversion_amount as decimal(18, 2)) as completed_conversion_amount,
    cast(byproduct_amount as decimal(18, 2)) as byproduct_amount,
    cast(loss_amount as decimal(18, 2)) as loss_amount,
    cast(opening_material_amount + material_amount + true_up_amount - return_amount - completed_amount + completed_conversion_amount
        - byproduct_amount - loss_amount as decimal(18, 2)) as closing_material_amount,
    cast(opening_conversion_amount + conversion_amount - completed_conversion_amount as decimal(18, 2)) as closing_conversion_amount,
    cast(completed_quantity as decimal(18, 4)) as completed_quantity,
    cast(wip_quantity as decimal(18, 4)) as wip_quantity,
    cast(equivalent_quantity as decimal(18, 4)) as equivalent_quantity,
    cast(receipts as integer) as receipt_count
from rolled
cross join {{ source('settings', 'period') }} as run
