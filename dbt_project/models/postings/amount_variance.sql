-- One row per share of the variance that an issue takes: one document a period, named by the period.
select {{ amount_row({
    'event_id': 'share.event_id', 'event_type': 'share.event_type',
    'amount_basis': "case when setting.cost_of_sales_on = 'invoice' and share.event_type in ('customer_delivery', 'customer_return') then 'shipped_variance' else 'variance' end",
    'document_type': "'variance_allocation'", 'document_no': 'share.period',
    'line_no': 'row_number() over (order by share.document_type, share.document_no, share.line_no, share.event_id)',
    'posting_date': 'run.period_end', 'item_code': 'share.item_code', 'item_category': 'share.item_category',
    'warehouse_code': 'share.warehouse_code', 'party_code': 'share.party_code', 'reason_code': 'share.reason_code',
    'department_code': 'issue.department_code', 'business_type': 'issue.business_type', 'amount': 'share.amount'}) }}
from {{ ref('variance_share') }} as share
cross join {{ source('settings', 'books') }} as setting
cross join {{ source('settings', 'period') }} as run
left join {{ ref('stock_event') }} as issue on share.original_event_id = issue.event_id
