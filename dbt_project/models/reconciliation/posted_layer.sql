-- One row per layer of stock in the order in which it is used up, for items whose unit costs the source reports: open at the last
-- close or taken by the ledger since. `upto` counts the item's goods from the first layer on; layers below what was issued are gone.
with billed as (
    select settlement.receipt_event_id as event_id, min(coalesce(line.entered_at, line.voucher_date)) as billed_at
    from {{ ref('purchase_settlement') }} as settlement
    inner join {{ ref('ledger_line') }} as line
        on line.document_type = 'purchase_invoice' and line.is_live
        and {{ document_key('settlement.document_no') }} = {{ document_key('line.document_no') }}
    group by settlement.receipt_event_id
),

layer as (
    select item_code, event_id, event_type, effective_date, order_class, posted_at, posted_no, quantity, unit_cost, reported_unit_cost, billed_at
    from {{ source('carried', 'posted_layer') }}
    where not is_pending
    union all
    select item_code, event_id, event_type, effective_date, order_class, posted_at, posted_no, quantity, unit_cost, reported_unit_cost, null
    from {{ ref('posted_movement') }}
    where quantity > 0
    union all
    select item_code, event_id, event_type, effective_date, 0, effective_date, '', quantity, unit_cost, reported_unit_cost, null
    from {{ ref('business_event') }}
    where event_type = 'opening' and item_code in (select cost.item_code from {{ ref('stg_item_cost') }} as cost)
)

select
    layer.* exclude (billed_at),
    coalesce(layer.billed_at, billed.billed_at) as billed_at,
    -- What was issued beyond all layers is a layer below nothing: the next goods fill it first.
    sum(layer.quantity) over (
        partition by layer.item_code
        order by layer.quantity > 0, layer.effective_date, layer.order_class, layer.posted_at, layer.posted_no, layer.event_id
        rows between unbounded preceding and current row
    ) as upto
from layer
left join billed on layer.event_id = billed.event_id
