-- One row per amount that a receipt or supplier return puts up for posting. An estimate is posted at the close of each period that
-- the receipt stays unbilled in and taken back on the first day of the next (month_start_reversal); or it is posted once, and what
-- is billed of it taken back with the invoice: by the receipt's own red voucher (reverse_on_invoice), or on the invoice itself
-- (difference_on_invoice, in amount_purchase_invoice).
with setting as (
    select *, rule_set = 'anglo_saxon' as posts_receipts from {{ source('settings', 'books') }}
),

receipt as (
    select
        balance.*, item.category as item_category, run.period_start, run.period_end,
        case when balance.receipt_quantity < 0 or balance.receipt_amount < 0 then 'supplier_return' else 'supplier_receipt' end as event_type
    from {{ ref('receipt_balance') }} as balance
    cross join {{ source('settings', 'period') }} as run
    left join {{ ref('stg_item') }} as item on balance.item_code = item.item_code
),

-- One red voucher per receipt, of the day of the last invoice that bills any of it.
billed as (
    select receipt.document_no, max(settlement.effective_date) as last_date
    from {{ ref('purchase_settlement') }} as settlement
    inner join receipt on settlement.receipt_event_id = receipt.event_id
    group by receipt.document_no
),

amount as (
    select receipt.*, 'estimate_reversal' as amount_basis, period_start as posting_date, -open_quantity as quantity, -open_amount as amount
    from receipt
    cross join setting
    where not receipt.is_new and not setting.posts_receipts and setting.estimated_receipts = 'month_start_reversal'
    union all
    select receipt.*, 'estimate_reversal', billed.last_date, -settled_quantity, -settled_estimate_amount
    from receipt
    cross join setting
    inner join billed on receipt.document_no = billed.document_no
    where not receipt.is_new and not setting.posts_receipts and setting.estimated_receipts = 'reverse_on_invoice'
    union all
    select receipt.*, 'estimate', period_end, closing_quantity, closing_amount
    from receipt
    cross join setting
    where not setting.posts_receipts and (receipt.is_new or setting.estimated_receipts = 'month_start_reversal')
    union all
    select receipt.*, 'receipt', receipt_date, receipt_quantity, receipt_amount
    from receipt
    cross join setting
    where receipt.is_new and setting.posts_receipts
)

select {{ amount_row({
    'event_id': 'event_id', 'event_type': 'event_type', 'amount_basis': 'amount_basis', 'document_type': "'goods_receipt'",
    'document_no': 'document_no', 'line_no': 'line_no', 'posting_date': 'posting_date', 'item_code': 'item_code',
    'item_category': 'item_category', 'warehouse_code': 'warehouse_code', 'party_code': 'party_code', 'reason_code': 'reason_code',
    'quantity': 'quantity', 'amount': 'amount'}) }}
from amount
union all
-- What the pool took differs from what the document says: fixed cost, a return at its original cost.
select {{ amount_row({
    'event_id': 'costed.event_id', 'event_type': 'costed.event_type', 'amount_basis': "'cost_difference'", 'document_type': 'costed.document_type',
    'document_no': 'costed.document_no', 'line_no': 'costed.line_no', 'posting_date': 'costed.effective_date', 'item_code': 'costed.item_code',
    'item_category': 'costed.item_category', 'warehouse_code': 'costed.warehouse_code', 'party_code': 'costed.party_code', 'reason_code': 'costed.reason_code',
    'amount': 'costed.amount - given.given_amount'}) }}
from {{ ref('stock_ledger') }} as costed
inner join {{ ref('stock_event') }} as given on costed.event_id = given.event_id
where costed.event_type in ('supplier_receipt', 'supplier_return') and costed.amount <> given.given_amount
