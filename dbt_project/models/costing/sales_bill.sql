-- One row per sales invoice line that can release the cost of a delivery: billed now, or billed before its delivery came.
select
    invoice.event_id, invoice.document_no, invoice.line_no, invoice.effective_date, invoice.party_code,
    invoice.item_code, invoice.quantity, invoice.original_event_id
from {{ ref('business_event') }} as invoice
cross join {{ source('settings', 'books') }} as setting
where invoice.event_type = 'sales_invoice' and invoice.original_event_id is not null and setting.cost_of_sales_on = 'invoice'
union all
select
    ahead.event_id, ahead.document_no, ahead.line_no, run.period_start, ahead.party_code,
    ahead.item_code, ahead.quantity, ahead.original_event_id
from {{ source('carried', 'open_bill') }} as ahead
cross join {{ source('settings', 'period') }} as run
