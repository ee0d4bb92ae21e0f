-- One row per receivable, payable, advance, prepayment or estimated receipt that is open at the period's end.
with item as (
    select kind, party_code, document_type, document_no, null as line_no, document_date, due_date, null as item_code, null as quantity, amount
    from {{ ref('open_item_balance') }}
    union all
    select 'estimate', party_code, 'goods_receipt', document_no, line_no, receipt_date, null, item_code, closing_quantity, -closing_amount
    from {{ ref('receipt_balance') }}
    where closing_amount <> 0 or closing_quantity <> 0
)

select
    run.period,
    item.kind,
    item.party_code,
    item.document_type,
    item.document_no,
    cast(item.line_no as integer) as line_no,
    item.document_date,
    item.due_date,
    item.item_code,
    cast(item.quantity as decimal(18, 4)) as quantity,
    cast(item.amount as decimal(18, 2)) as amount,
    cast(date_diff('day', item.document_date, run.period_end) as integer) as age_days
from item
cross join {{ source('settings', 'period') }} as run
