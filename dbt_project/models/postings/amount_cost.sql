-- One row per amount of cost that a stock movement, or the invoice of a delivery, puts up for posting.
-- Issues are positive as the expense sees them; a correction of an issue into negative stock follows the issue.
with costed as (
    select
        movement.*,
        event.counterpart_warehouse_code,
        coalesce(event.department_code, issue.department_code) as department_code,
        coalesce(event.business_type, issue.business_type) as business_type,
        case
            when movement.event_type = 'negative_true_up' then issue.event_type
            when movement.event_type = 'transfer_in' and movement.document_type not in ('transfer', 'transfer_in') then movement.document_type
            else movement.event_type
        end as posted_as,
        setting.cost_of_sales_on,
        coalesce(followed.amount, 0) as followed_amount
    from {{ ref('stock_ledger') }} as movement
    cross join {{ source('settings', 'books') }} as setting
    left join (select late_event_id, sum(amount) as amount from {{ ref('late_cost_share') }} group by late_event_id) as followed on movement.event_id = followed.late_event_id
    left join {{ ref('stock_event') }} as event on movement.event_id = event.event_id
    left join {{ ref('costed') }} as issue
        on movement.event_type = 'negative_true_up' and movement.original_event_id = issue.event_id and {{ is_row('issue') }}
    where movement.event_type not in ('opening', 'supplier_receipt', 'supplier_return', 'invoice_price_difference', 'late_transfer', 'transfer_out')
        and movement.document_type not in ('conversion', 'repack')
),

amount as (
    select
        *,
        case
            when posted_as in ('customer_delivery', 'customer_return') and cost_of_sales_on = 'invoice' and event_type <> 'negative_true_up'
                then 'shipped_cost'
            else 'cost'
        end as amount_basis,
        case
            when posted_as in ('customer_delivery', 'customer_return', 'other_out', 'count_loss', 'scrap', 'production_issue', 'subcontract_issue') then -amount
            else amount + followed_amount
        end as posted_amount
    from costed
)

select {{ amount_row({
    'event_id': 'event_id', 'event_type': 'posted_as', 'amount_basis': 'amount_basis', 'document_type': 'document_type',
    'document_no': 'document_no', 'line_no': 'line_no', 'posting_date': 'effective_date', 'item_code': 'item_code',
    'item_category': 'item_category', 'warehouse_code': 'warehouse_code', 'counterpart_warehouse_code': 'counterpart_warehouse_code',
    'party_code': 'party_code', 'reason_code': 'reason_code', 'department_code': 'department_code', 'business_type': 'business_type',
    'quantity': 'quantity', 'amount': 'posted_amount'}) }}
from amount
union all
-- What late cost goes with goods that have left, taken out of stock as their issue was.
select {{ amount_row({
    'event_id': 'share.event_id', 'event_type': 'share.event_type', 'amount_basis': "'cost'", 'document_type': 'share.document_type',
    'document_no': 'share.document_no', 'line_no': 'share.line_no', 'posting_date': 'share.effective_date', 'item_code': 'share.item_code',
    'item_category': 'share.item_category', 'warehouse_code': 'share.warehouse_code', 'counterpart_warehouse_code': 'late.warehouse_code', 'party_code': 'share.party_code',
    'reason_code': 'share.reason_code', 'department_code': 'issue.department_code', 'business_type': 'issue.business_type',
    'amount': 'share.amount'}) }}
from {{ ref('late_cost_share') }} as share
inner join {{ ref('stock_ledger') }} as late on share.late_event_id = late.event_id
left join {{ ref('stock_event') }} as issue on share.original_event_id = issue.event_id
union all
-- The part of a landed cost that is nobody's: policy expenses it, or standard cost does not take it.
select {{ amount_row({
    'event_id': 'event_id', 'event_type': 'event_type', 'amount_basis': "'expensed'", 'document_type': 'document_type',
    'document_no': 'document_no', 'line_no': 'line_no', 'posting_date': 'effective_date', 'item_code': 'item_code',
    'item_category': 'item_category', 'warehouse_code': 'warehouse_code', 'party_code': 'party_code', 'reason_code': 'reason_code',
    'amount': 'expensed_amount'}) }}
from {{ ref('stock_ledger') }}
where event_type = 'landed_cost' and event_id not in (select late_event_id from {{ ref('late_cost_share') }})
union all
select {{ amount_row({
    'event_id': 'invoice_event_id', 'event_type': "'sales_invoice'", 'amount_basis': "'cost'", 'document_type': "'sales_invoice'",
    'document_no': 'document_no', 'line_no': 'line_no', 'posting_date': 'effective_date', 'item_code': 'item_code',
    'item_category': 'item_category', 'reason_code': 'reason_code', 'party_code': 'party_code', 'quantity': 'quantity',
    'amount': 'cost_amount'}) }}
from {{ ref('sales_settlement') }}
