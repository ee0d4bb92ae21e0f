-- One row per sales invoice line that bills a delivery line, with the cost it releases from goods shipped.
with billed as (
    select
        invoice.event_id as invoice_event_id,
        invoice.quantity,
        shipment.event_id as delivery_event_id,
        shipment.item_code,
        shipment.item_category,
        shipment.reason_code,
        shipment.delivery_quantity,
        shipment.delivery_amount,
        shipment.open_quantity,
        sum(invoice.quantity) over (
            partition by shipment.event_id
            order by invoice.effective_date, invoice.document_no, invoice.line_no
            rows between unbounded preceding and current row
        ) as billed_to_date
    from {{ ref('business_event') }} as invoice
    inner join {{ ref('shipment_balance') }} as shipment on invoice.original_event_id = shipment.event_id
    where invoice.event_type = 'sales_invoice'
)

select
    * exclude (billed_to_date, open_quantity),
    {{ share_of('delivery_amount', '(open_quantity - billed_to_date + quantity)', 'delivery_quantity') }}
    - {{ share_of('delivery_amount', '(open_quantity - billed_to_date)', 'delivery_quantity') }} as cost_amount
from billed
