-- One row per amount that production, a subcontract fee, a conversion or a transfer puts up for posting beside the cost of its
-- movements.
with cost_line as (
    select
        *,
        coalesce('order:' || production_order_no, 'product:' || item_code, 'order:') as order_key,
        row_number() over (order by source_row_id) as line_no
    from {{ ref('stg_production_cost_line') }}
    where cost_element <> 'material'
),

-- A conversion debits what arrives and credits its first out line; other out lines are gathered on that one.
document_line as (
    select
        ledger.*,
        first_value(ledger.item_category) over document_rows as first_category,
        first_value(ledger.warehouse_code) over document_rows as first_warehouse,
        ledger.amount + ledger.expensed_amount as value_amount
    from {{ ref('stock_ledger') }} as ledger
    where ledger.document_type in ('conversion', 'repack')
    window document_rows as (
        partition by ledger.document_type, ledger.document_no
        order by case when ledger.quantity < 0 then 0 else 1 end, ledger.line_no, ledger.event_id
    )
)

select {{ amount_row({
    'event_id': "'production_cost:' || order_key || ':' || line_no", 'event_type': "'production_cost'",
    'amount_basis': "case cost_element when 'abnormal_loss' then 'abnormal_loss' else 'conversion' end",
    'document_type': "'production_cost'", 'document_no': 'coalesce(production_order_no, item_code, period)', 'line_no': 'line_no',
    'posting_date': 'run.period_end', 'reason_code': 'cost_element', 'amount': 'amount'}) }}
from cost_line
cross join (select period_end from {{ source('settings', 'period') }}) as run
union all
select {{ amount_row({
    'event_id': 'movement.event_id', 'event_type': "'subcontract_receipt'", 'amount_basis': "'fee'", 'document_type': 'movement.document_type',
    'document_no': 'movement.document_no', 'line_no': 'movement.line_no', 'posting_date': 'movement.effective_date',
    'item_code': 'movement.item_code', 'item_category': 'movement.item_category', 'warehouse_code': 'movement.warehouse_code',
    'party_code': 'movement.party_code', 'reason_code': 'movement.reason_code', 'department_code': 'movement.department_code',
    'amount': 'movement.given_amount'}) }}
from {{ ref('costing_movement') }} as movement
where movement.event_type = 'subcontract_receipt' and movement.given_amount is not null
union all
-- Corrections of an order that has given everything to its receipts.
select {{ amount_row({
    'event_id': "order_key || ':settled'", 'event_type': "case when is_subcontract then 'subcontract_settled' else 'production_settled' end",
    'amount_basis': "'cost'", 'document_type': "'production_cost'", 'document_no': "substr(order_key, strpos(order_key, ':') + 1)", 'line_no': '1',
    'posting_date': 'run.period_end', 'amount': 'settled_amount'}) }}
from {{ ref('work_in_process') }}
cross join (select period_end from {{ source('settings', 'period') }}) as run
union all
-- What the pool took differs from what was produced, or from what left another pool: fixed cost.
select {{ amount_row({
    'event_id': 'ledger.event_id', 'event_type': 'ledger.event_type', 'amount_basis': "'cost_difference'", 'document_type': 'ledger.document_type',
    'document_no': 'ledger.document_no', 'line_no': 'ledger.line_no', 'posting_date': 'ledger.effective_date', 'item_code': 'ledger.item_code',
    'item_category': 'ledger.item_category', 'warehouse_code': 'ledger.warehouse_code', 'party_code': 'ledger.party_code', 'reason_code': 'ledger.reason_code',
    'counterpart_item_category': 'ledger.item_category', 'counterpart_warehouse_code': "case when ledger.event_type = 'transfer_in' then event.counterpart_warehouse_code else ledger.warehouse_code end",
    'amount': 'ledger.expensed_amount'}) }}
from {{ ref('stock_ledger') }} as ledger
cross join {{ source('settings', 'books') }} as setting
left join {{ ref('stock_event') }} as event on ledger.event_id = event.event_id
where ledger.expensed_amount <> 0 and (
    ledger.event_type in ('production_receipt', 'subcontract_receipt', 'conversion_in', 'repack_in')
    or (ledger.event_type = 'transfer_in' and setting.cost_of_record = 'recomputed')
)
union all
select {{ amount_row({
    'event_id': 'event_id', 'event_type': "case when quantity < 0 then document_type || '_out' else document_type || '_in' end", 'amount_basis': "'cost'",
    'document_type': 'document_type', 'document_no': 'document_no', 'line_no': 'line_no', 'posting_date': 'effective_date',
    'item_code': 'item_code', 'item_category': 'case when quantity < 0 then first_category else item_category end',
    'warehouse_code': 'case when quantity < 0 then first_warehouse else warehouse_code end',
    'counterpart_item_category': 'case when quantity < 0 then item_category else first_category end',
    'counterpart_warehouse_code': 'case when quantity < 0 then warehouse_code else first_warehouse end',
    'reason_code': 'reason_code', 'quantity': 'quantity', 'amount': 'case when quantity < 0 then -value_amount else value_amount end'}) }}
from document_line
