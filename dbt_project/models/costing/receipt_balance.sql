-- One row per receipt line open in this period: what was unsettled, what invoices settled, what is left at the estimate.
with settled as (
    select
        receipt_event_id,
        sum(quantity) as settled_quantity,
        sum(net_amount) as settled_amount,
        sum(estimate_amount) as settled_estimate_amount
    from {{ ref('purchase_settlement') }}
    group by receipt_event_id
)

select
    receipt.*,
    cast(coalesce(settled.settled_quantity, 0) as decimal(18, 4)) as settled_quantity,
    cast(coalesce(settled.settled_amount, 0) as decimal(18, 2)) as settled_amount,
    cast(coalesce(settled.settled_estimate_amount, 0) as decimal(18, 2)) as settled_estimate_amount,
    cast(receipt.open_quantity - coalesce(settled.settled_quantity, 0) as decimal(18, 4)) as closing_quantity,
    cast(receipt.open_amount - coalesce(settled.settled_estimate_amount, 0) as decimal(18, 2)) as closing_amount
from {{ ref('receipt_line') }} as receipt
left join settled on receipt.event_id = settled.receipt_event_id
