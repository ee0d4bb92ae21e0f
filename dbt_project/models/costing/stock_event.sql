-- One row per event that the kernel values: stock movements and late price differences, with the amount a document gives.
-- A receipt that was billed in its own period is worth the invoice from its own date, unless receipts are posted at once.
with setting as (
    select *, rule_set = 'anglo_saxon' as posts_receipts
    from {{ source('settings', 'books') }}
),

movement as (
    select
        happened.* exclude (net_amount),
        case
            when receipt.event_id is null or setting.posts_receipts then happened.net_amount
            else cast(receipt.settled_amount + receipt.closing_amount as decimal(18, 2))
        end as given_amount,
        happened.net_amount,
        kind.order_class,
        kind.direction
    from {{ ref('business_event') }} as happened
    inner join {{ ref('movement_type') }} as kind on happened.event_type = kind.movement_type
    cross join setting
    left join {{ ref('receipt_balance') }} as receipt on happened.event_id = receipt.event_id
    where happened.event_type <> 'landed_cost' and happened.is_stocked and happened.item_code is not null and happened.warehouse_code is not null
        and not {{ is_unvalued('happened.warehouse_code') }}
),

late_cost as (
    select
        settlement.*,
        item.category as item_category,
        cast(settlement.net_amount - settlement.estimate_amount as decimal(18, 2)) as difference_amount
    from {{ ref('purchase_settlement') }} as settlement
    cross join setting
    left join {{ ref('stg_item') }} as item on settlement.item_code = item.item_code
    where (setting.posts_receipts or not settlement.is_new) and settlement.net_amount <> settlement.estimate_amount
)

select
    event_id, event_type, document_type, document_no, line_no, document_date, effective_date, entered_at, posted_at,
    item_code, item_category, warehouse_code, counterpart_warehouse_code, lot_no, production_order_no, party_code, reason_code, department_code, business_type,
    quantity, unit_cost, given_amount, net_amount, original_event_id, reported_unit_cost, reported_amount, order_class, direction
from movement
union all
select
    invoice_event_id || ':price' as event_id,
    'invoice_price_difference', 'purchase_invoice', document_no, line_no, effective_date, effective_date, null, null,
    item_code, item_category, warehouse_code, null, lot_no, null, party_code, reason_code, department_code, null,
    0, null, difference_amount, difference_amount, receipt_event_id, null, null, 2, 0
from late_cost
union all
select
    share.event_id, 'landed_cost', 'landed_cost', share.document_no, share.line_no, share.document_date, share.effective_date, share.entered_at, share.posted_at,
    share.item_code, item.category, share.warehouse_code, null, share.lot_no, null, share.party_code, share.reason_code, share.department_code, null,
    0, null, share.amount, share.amount, share.receipt_event_id, null, null, 2, 0
from {{ ref('landed_cost_share') }} as share
left join {{ ref('stg_item') }} as item on share.item_code = item.item_code
