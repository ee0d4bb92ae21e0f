-- One row per amount of cost that a stock movement, or the invoice of a delivery, puts up for posting.
-- Issues are positive as the expense sees them; a correction of an issue into negative stock follows the issue.
with costed as (
    select
        movement.*,
        event.counterpart_warehouse_code,
        event.department_code,
        event.business_type,
        case when movement.event_type = 'negative_true_up' then issue.event_type else movement.event_type end as posted_as,
        setting.cost_of_sales_on
    from {{ ref('stock_ledger') }} as movement
    cross join {{ source('settings', 'books') }} as setting
    left join {{ ref('stock_event') }} as event on movement.event_id = event.event_id
    left join {{ ref('costed') }} as issue
        on movement.event_type = 'negative_true_up' and movement.original_event_id = issue.event_id and {{ is_row('issue') }}
    where movement.event_type not in ('opening', 'supplier_receipt', 'supplier_return', 'invoice_price_difference', 'transfer_out')
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
            else amount
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
-- The part of a landed cost that policy does not put into stock.
select {{ amount_row({
    'event_id': 'event_id', 'event_type': 'event_type', 'amount_basis': "'expensed'", 'document_type': 'document_type',
    'document_no': 'document_no', 'line_no': 'line_no', 'posting_date': 'effective_date', 'item_code': 'item_code',
    'item_category': 'item_category', 'warehouse_code': 'warehouse_code', 'party_code': 'party_code', 'reason_code': 'reason_code',
    'amount': 'expensed_amount'}) }}
from {{ ref('stock_ledger') }}
where event_type = 'landed_cost'
union all
select {{ amount_row({
    'event_id': 'invoice_event_id', 'event_type': "'sales_invoice'", 'amount_basis': "'cost'", 'document_type': "'sales_invoice'",
    'document_no': 'document_no', 'line_no': 'line_no', 'posting_date': 'effective_date', 'item_code': 'item_code',
    'item_category': 'item_category', 'reason_code': 'reason_code', 'party_code': 'party_code', 'quantity': 'quantity',
    'amount': 'cost_amount'}) }}
from {{ ref('sales_settlement') }}
