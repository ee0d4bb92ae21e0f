{{ config(meta={'label_zh': '先进先出：每笔发出等于所取各层，各层期初 + 收入 - 发出 = 结存', 'label_en': 'FIFO: an issue is the layers it consumed; opening + received - consumed = open, per pool'}) }}
-- What an issue took below zero is an estimate until receipts fill it: they are consumed then, and its true-up is the difference.
with moved as (
    select ledger.* exclude (amount), ledger.recomputed_amount as amount
    from {{ ref('stock_ledger') }} as ledger
    inner join {{ ref('costing_item') }} as item on ledger.item_code = item.item_code
    where item.method = 'fifo' and ledger.cost_basis <> 'inside_pool'
),

fifo_layer as (
    select layer.*
    from {{ ref('cost_layer') }} as layer
    inner join {{ ref('costing_item') }} as item on layer.item_code = item.item_code
    where item.method = 'fifo'
),

open_issue as (
    select item_code, pool_code, event_id, quantity, amount from {{ ref('state_negative_issue') }}
    union all
    select item_code, pool_code, event_id, -quantity, -amount from {{ source('carried', 'negative_issue') }}
),

part as (
    select item_code, pool_code, issue_event_id, quantity, amount from fifo_layer where layer_kind = 'consumed'
    union all
    select item_code, pool_code, event_id, quantity, amount from moved where quantity < 0
    union all
    select item_code, pool_code, original_event_id, 0, amount from moved where event_type = 'negative_true_up'
    union all
    select open_issue.item_code, pool_code, event_id, {{ from_quantity_units('quantity') }}, {{ from_minor('amount') }}
    from open_issue
    inner join {{ ref('costing_item') }} as item on open_issue.item_code = item.item_code
    where item.method = 'fifo'
    union all
    select item_code, pool_code, null, {{ from_quantity_units('quantity') }}, {{ from_minor('amount') }} from {{ source('carried', 'open_layer') }}
    union all
    select item_code, pool_code, null, quantity, amount from moved where quantity >= 0 and event_type <> 'negative_true_up'
    union all
    select item_code, pool_code, null, -quantity, -amount from fifo_layer
)

select item_code, pool_code, issue_event_id, sum(quantity) as quantity_difference, sum(amount) as amount_difference
from part
group by item_code, pool_code, issue_event_id
having sum(quantity) <> 0 or sum(amount) <> 0
