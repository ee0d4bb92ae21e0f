{{ config(materialized='ephemeral') }}
-- One row per product made without an order while materials were issued without one: its part of them. Key: the material cost
-- lines of the products, else quantity at standard cost, where every product has one; a single product takes all. None of
-- these: no row, and the materials stay in process, which `data_quality_result` says.
with product as (
    select
        orders.*,
        cast({{ extended('orders.completed_quantity + orders.wip_quantity', 'item.standard_cost') }} as decimal(18, 2)) as standard_key
    from {{ ref('costing_order') }} as orders
    left join {{ ref('stg_item') }} as item on orders.order_key = 'product:' || item.item_code
    where starts_with(orders.order_key, 'product:') and orders.has_shares
),

keyed as (
    select
        product.*, common.order_slot as common_slot,
        case
            when min(product.material_key) over () > 0 then product.material_key
            when min(coalesce(product.standard_key, 0)) over () > 0 then product.standard_key
            when count(*) over () = 1 then cast(product.completed_quantity + product.wip_quantity as decimal(18, 2))
        end as share_key
    from product
    cross join (select order_slot from {{ ref('costing_order') }} where order_key = 'order:') as common
)

select
    order_key, common_slot, share_key, brought_material, completed_quantity, completed_quantity + wip_quantity as total_quantity,
    sum(share_key) over (order by order_key rows between unbounded preceding and current row) - share_key as key_before,
    sum(share_key) over () as key_total
from keyed
where share_key > 0
