-- One row per sales invoice line that bills a delivery line, with the cost it releases from goods shipped.
-- A share is the difference of two rounded open amounts, so the last invoice takes the rest.
with billed as (
    select
        bill.event_id as invoice_event_id,
        bill.document_no,
        bill.line_no,
        bill.effective_date,
        bill.party_code,
        bill.quantity,
        shipment.event_id as delivery_event_id,
        shipment.item_code,
        shipment.item_category,
        shipment.reason_code,
        shipment.delivery_quantity,
        shipment.delivery_amount,
        shipment.open_quantity,
        sum(bill.quantity) over (
            partition by shipment.event_id
            order by bill.effective_date, bill.document_no, bill.line_no
            rows between unbounded preceding and current row
        ) as billed_to_date
    from {{ ref('sales_bill') }} as bill
    inner join {{ ref('shipment_balance') }} as shipment on bill.original_event_id = shipment.event_id
)

select
    * exclude (billed_to_date, open_quantity),
    {{ share_of('delivery_amount', '(open_quantity - billed_to_date + quantity)', 'delivery_quantity') }}
    - {{ share_of('delivery_amount', '(open_quantity - billed_to_date)', 'delivery_quantity') }} as cost_amount
from billed
