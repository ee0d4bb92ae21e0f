-- One row per receipt from an order that takes a share of what went in: its part of the material, and its conversion cost.
-- Both are differences of rounded sums, so that the receipts together take over exactly the part that is done.
with receipt as (
    select
        movement.event_id, movement.item_code, movement.pool_code, movement.method, coalesce(common.common_slot, orders.order_slot) as order_slot, orders.is_document, orders.is_solved,
        case when movement.op = 9 and not orders.is_document then coalesce(movement.given_amount, 0) else 0 end as fee,
        orders.opening_conversion + orders.conversion as conversion,
        orders.completed_quantity + orders.wip_quantity as total_quantity,
        orders.completed_quantity + orders.equivalent_quantity as equivalent_total,
        case when orders.has_keys then cast(movement.given_amount as decimal(18, 4)) else movement.quantity end as share_quantity,
        sum(case when orders.has_keys then cast(movement.given_amount as decimal(18, 4)) else movement.quantity end) over (
            partition by movement.order_key
            order by movement.order_at, movement.document_no, movement.line_no, movement.event_id
            rows between unbounded preceding and current row
        ) as done_quantity,
        movement.op, common.share_key, common.key_before, common.key_total, common.brought_material
    from {{ ref('costing_movement') }} as movement
    inner join {{ ref('costing_order') }} as orders on movement.order_key = orders.order_key
    left join {{ ref('costing_unordered') }} as common on movement.order_key = common.order_key
    where movement.op = 9 or (movement.op = 1 and movement.event_type = 'production_receipt' and not orders.has_shares)
)

select
    event_id, item_code, pool_code, method, order_slot, op, is_solved,
    {%- for name, done in [('share_before', 'done_quantity - share_quantity'), ('share_after', 'done_quantity')] %}
    case
        when key_total is null then {{ to_quantity_units(done) }}
        else {{ to_minor('key_before + ' ~ share_of('share_key', '(' ~ done ~ ')', 'total_quantity')) }}
    end as {{ name }},
    {%- endfor %}
    case when key_total is null then {{ to_quantity_units('total_quantity') }} else {{ to_minor('key_total') }} end as share_total,
    -- Of products without an order: their own part of what they opened with.
    cast(
        coalesce({{ share_of('brought_material', 'done_quantity', 'total_quantity') }}, 0)
        - coalesce({{ share_of('brought_material', '(done_quantity - share_quantity)', 'total_quantity') }}, 0)
        as decimal(18, 2)
    ) as opening_amount,
    cast(
        fee
        + coalesce({{ share_of('conversion', 'done_quantity', 'equivalent_total') }}, 0)
        - coalesce({{ share_of('conversion', '(done_quantity - share_quantity)', 'equivalent_total') }}, 0)
        as decimal(18, 2)
    ) as conversion_amount,
    fee
from receipt
