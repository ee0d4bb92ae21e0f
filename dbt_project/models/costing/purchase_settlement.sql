-- One row per purchase invoice line that bills a receipt line, with the share of the receipt's estimate that it settles.
-- A share is the difference of two rounded open amounts, so the last invoice takes the rest.
with billed as (
    select
        invoice.event_id as invoice_event_id,
        invoice.document_no,
        invoice.line_no,
        invoice.effective_date,
        invoice.party_code,
        invoice.department_code,
        invoice.quantity,
        invoice.net_amount,
        receipt.event_id as receipt_event_id,
        receipt.item_code,
        receipt.warehouse_code,
        receipt.lot_no,
        receipt.reason_code,
        receipt.receipt_quantity,
        receipt.receipt_amount,
        receipt.open_quantity,
        receipt.is_new,
        sum(invoice.quantity) over (
            partition by receipt.event_id
            order by invoice.effective_date, invoice.document_no, invoice.line_no
            rows between unbounded preceding and current row
        ) as billed_to_date
    from {{ ref('business_event') }} as invoice
    inner join {{ ref('receipt_line') }} as receipt on invoice.original_event_id = receipt.event_id
    where invoice.event_type = 'purchase_invoice' and invoice.is_stocked
)

select
    * exclude (billed_to_date, open_quantity),
    {{ share_of('receipt_amount', '(open_quantity - billed_to_date + quantity)', 'receipt_quantity') }}
    - {{ share_of('receipt_amount', '(open_quantity - billed_to_date)', 'receipt_quantity') }} as estimate_amount
from billed
