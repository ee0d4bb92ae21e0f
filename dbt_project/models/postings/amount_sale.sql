-- One row per amount of revenue or output tax that a delivery or a sales invoice puts up for posting.
with sold as (
    select line.*
    from {{ ref('business_event') }} as line
    cross join {{ source('settings', 'books') }} as setting
    where (setting.revenue_on = 'delivery' and line.event_type in ('customer_delivery', 'customer_return'))
        or (setting.revenue_on = 'invoice' and line.event_type = 'sales_invoice')
),

amount as (
    select sold.*, 'net' as amount_basis, net_amount as amount, original_net_amount as original_amount from sold
    union all
    select sold.*, 'tax', tax_amount, original_tax_amount from sold
)

select {{ amount_row({
    'event_id': 'event_id', 'event_type': 'event_type', 'amount_basis': 'amount_basis', 'document_type': 'document_type',
    'document_no': 'document_no', 'line_no': 'line_no', 'posting_date': 'effective_date', 'item_code': 'item_code',
    'item_category': 'item_category', 'warehouse_code': 'warehouse_code', 'party_code': 'party_code', 'department_code': 'department_code',
    'business_type': 'business_type', 'reason_code': 'reason_code', 'tax_rate': 'tax_rate', 'quantity': 'quantity', 'amount': 'amount',
    'currency': 'currency', 'original_amount': 'original_amount'}) }}
from amount
