-- One row per amount that a purchase invoice puts up for posting. Where the receipt stands on the estimates' account until it is
-- billed, the invoice clears it there and adds the difference to stock.
with setting as (
    select *, rule_set = 'anglo_saxon' as posts_receipts from {{ source('settings', 'books') }}
),

invoice as (
    select
        line.* exclude (item_category, warehouse_code, item_code),
        case when settlement.receipt_event_id is null then line.item_code else settlement.item_code end as item_code,
        item.category as item_category,
        settlement.warehouse_code,
        settlement.reason_code as receipt_reason_code,
        settlement.receipt_event_id is not null and (setting.posts_receipts or (setting.estimated_receipts = 'difference_on_invoice' and not settlement.is_new)) as clears_receipt,
        settlement.estimate_amount,
        case
            when settlement.receipt_event_id is not null then 'purchase_invoice'
            when line.is_stocked and line.item_code is not null then 'transit_invoice'
            else 'service_invoice'
        end as billed_as
    from {{ ref('business_event') }} as line
    cross join setting
    left join {{ ref('purchase_settlement') }} as settlement on line.event_id = settlement.invoice_event_id
    left join {{ ref('stg_item') }} as item on coalesce(settlement.item_code, line.item_code) = item.item_code
    where line.event_type = 'purchase_invoice'
),

amount as (
    select *, 'net' as amount_basis, net_amount as amount, original_net_amount as original_amount from invoice where not clears_receipt
    union all
    select *, 'receipt_cleared', estimate_amount, null from invoice where clears_receipt
    union all
    select *, 'net_difference', net_amount - estimate_amount, null from invoice where clears_receipt
    union all
    select *, 'tax', tax_amount, case when not clears_receipt then original_tax_amount end from invoice
)

select {{ amount_row({
    'event_id': 'event_id', 'event_type': 'billed_as', 'amount_basis': 'amount_basis', 'document_type': 'document_type',
    'document_no': 'document_no', 'line_no': 'line_no', 'posting_date': 'effective_date', 'item_code': 'item_code',
    'item_category': 'item_category', 'warehouse_code': 'warehouse_code', 'party_code': 'party_code', 'department_code': 'department_code', 'reason_code': 'receipt_reason_code',
    'tax_rate': 'tax_rate', 'quantity': "case when amount_basis <> 'net_difference' then quantity end", 'amount': 'amount', 'currency': 'currency', 'original_amount': 'original_amount'}) }}
from amount
union all
-- A late price difference that neither the pool nor the issues that it follows took as the invoice posted it.
select {{ amount_row({
    'event_id': 'costed.event_id', 'event_type': 'costed.event_type', 'amount_basis': "'cost_difference'", 'document_type': 'costed.document_type',
    'document_no': 'costed.document_no', 'line_no': 'costed.line_no', 'posting_date': 'costed.effective_date', 'item_code': 'costed.item_code',
    'item_category': 'costed.item_category', 'warehouse_code': 'costed.warehouse_code', 'party_code': 'costed.party_code', 'reason_code': 'costed.reason_code',
    'amount': 'costed.amount + coalesce(followed.amount, 0) - case when setting.posts_receipts then 0 else given.given_amount end'}) }}
from {{ ref('stock_ledger') }} as costed
inner join {{ ref('stock_event') }} as given on costed.event_id = given.event_id
left join (select late_event_id, sum(amount) as amount from {{ ref('late_cost_share') }} group by late_event_id) as followed on costed.event_id = followed.late_event_id
cross join setting
where costed.event_type = 'invoice_price_difference'
