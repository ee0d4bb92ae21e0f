-- One row per production or subcontract order, or product costed without one: opening + material - returns + conversion
-- = completed + by-products + losses + closing. Materials that name no order stand together; what products without one take of
-- them is assigned from the one to the others. A correction that comes once its
-- order has given everything to its receipts (or is not open at all) is settled: it goes to cost of sales.
with happened as (
    select
        coalesce({{ order_key_of('ledger.event_type', 'ledger.production_order_no', 'ledger.item_code') }}, 'order:') as order_key,
        ledger.event_type, ledger.event_id, '' as cause, ledger.quantity, ledger.recomputed_amount + ledger.expensed_amount as amount
    from {{ ref('stock_ledger') }} as ledger
    where ledger.event_type in {{ order_events() }}
    union all
    select
        coalesce('order:' || correction.production_order_no, 'order:'), issue.event_type, correction.event_id, 'true_up', 0, correction.recomputed_amount
    from {{ ref('stock_ledger') }} as correction
    inner join {{ ref('costed') }} as issue on correction.original_event_id = issue.event_id and {{ is_row('issue') }}
    where correction.event_type = 'negative_true_up' and issue.event_type in {{ order_events() }}
    union all
    select coalesce('order:' || production_order_no, 'order:'), event_type, event_id, 'late_cost', 0, -amount
    from (
        select event_type, event_id, production_order_no, amount from {{ ref('late_cost_share') }}
        union all
        select event_type, event_id, production_order_no, amount from {{ ref('variance_share') }}
    )
    where event_type in {{ order_events() }}
),

moved as (
    select
        happened.order_key,
        bool_or(happened.event_type like 'subcontract%') as is_subcontract,
        -sum(case when happened.event_type like '%_issue' and cause = '' then amount else 0 end) as material_amount,
        -sum(case when cause = 'true_up' then amount else 0 end) as true_up_amount,
        -sum(case when cause = 'late_cost' then amount else 0 end) as late_cost_amount,
        sum(case when happened.event_type like '%_return' and cause = '' then amount else 0 end) as return_amount,
        sum(case when produced.event_id is not null then amount else 0 end) as completed_amount,
        sum(coalesce(produced.conversion_amount, 0)) as completed_conversion_amount,
        sum(case when happened.event_type like '%_receipt' and produced.event_id is null then amount else 0 end) as byproduct_amount,
        sum(case when produced.event_id is not null then happened.quantity else 0 end) as completed_quantity,
        count(produced.event_id) as receipts,
        sum(case when common.order_key is not null then happened.amount - produced.conversion_amount - produced.opening_amount else 0 end) as assigned_amount
    from happened
    left join {{ ref('costing_produced') }} as produced on happened.event_id = produced.event_id
    left join {{ ref('costing_unordered') }} as common on happened.order_key = common.order_key and produced.op = 9
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
        {%- for name in ['material', 'true_up', 'late_cost', 'return', 'completed', 'completed_conversion', 'byproduct'] %}
        coalesce(moved.{{ name }}_amount, 0) as {{ name }}_amount,
        {%- endfor %}
        coalesce(moved.assigned_amount, 0) - case when order_key = 'order:' then sum(moved.assigned_amount) over () else 0 end as assigned_amount,
        coalesce(moved.completed_quantity, 0) as completed_quantity,
        coalesce(moved.receipts, 0) as receipts,
        coalesce(orders.wip_quantity, 0) as wip_quantity,
        coalesce(orders.equivalent_quantity, 0) as equivalent_quantity,
        coalesce(orders.has_shares, false) as has_shares
    from (select * from {{ ref('costing_order') }} where not is_document) as orders
    full outer join moved using (order_key)
),

settled as (
    select
        *,
        opening_material_amount + material_amount + assigned_amount + true_up_amount + late_cost_amount - return_amount - completed_amount + completed_conversion_amount
        - byproduct_amount - loss_amount as left_amount,
        wip_quantity = 0 and case
            when receipts > 0 then has_shares
            else opening_material_amount = 0 and opening_conversion_amount = 0 and material_amount = 0 and assigned_amount = 0 and return_amount = 0 and conversion_amount = 0
        end as is_done
    from rolled
)

select
    run.period,
    order_key,
    is_subcontract,
    {%- for name in ['opening_material', 'opening_conversion', 'material', 'assigned', 'true_up', 'late_cost', 'return', 'conversion'] %}
    cast({{ name }}_amount as decimal(18, 2)) as {{ name }}_amount,
    {%- endfor %}
    cast(completed_amount - completed_conversion_amount as decimal(18, 2)) as completed_material_amount,
    cast(completed_conversion_amount as decimal(18, 2)) as completed_conversion_amount,
    cast(byproduct_amount as decimal(18, 2)) as byproduct_amount,
    cast(loss_amount as decimal(18, 2)) as loss_amount,
    cast(case when is_done then left_amount else 0 end as decimal(18, 2)) as settled_amount,
    cast(case when is_done then 0 else left_amount end as decimal(18, 2)) as closing_material_amount,
    cast(opening_conversion_amount + conversion_amount - completed_conversion_amount as decimal(18, 2)) as closing_conversion_amount,
    cast(completed_quantity as decimal(18, 4)) as completed_quantity,
    cast(wip_quantity as decimal(18, 4)) as wip_quantity,
    cast(equivalent_quantity as decimal(18, 4)) as equivalent_quantity,
    cast(receipts as integer) as receipt_count
from settled
cross join {{ source('settings', 'period') }} as run
