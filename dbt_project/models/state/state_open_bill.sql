-- One row per sales invoice line whose delivery has not come yet.
select bill.event_id, bill.document_no, bill.line_no, bill.party_code, bill.item_code, bill.quantity, bill.original_event_id
from {{ ref('sales_bill') }} as bill
where not exists (
    select 1 from {{ ref('shipment_balance') }} as shipment where shipment.event_id = bill.original_event_id
)
