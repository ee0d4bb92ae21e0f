-- One row per tie and differing document of which one line's difference is that of another unit cost: the basis of that cost.
-- Costs of the source are known to four decimals, so a line is reproduced within half of the last one per unit, and a cent.
{% set ties = "('stock', 'cost_of_sales', 'goods_shipped')" %}

with differing as (
    select distinct tie_code, document_type, document_no, difference_amount
    from {{ ref('break_group') }}
    where tie_code in {{ ties }} and has_expected and has_actual and difference_amount <> 0
),

issued as (
    select differing.*, line.item_code, line.pool_code, line.sequence_no, line.quantity, line.amount
    from differing
    inner join {{ ref('stock_ledger') }} as line
        on differing.document_type = line.document_type and differing.document_no = {{ document_key('line.document_no') }}
    where line.quantity < 0
),

moved as (
    select line.item_code, line.pool_code, line.sequence_no, line.quantity, line.amount, line.balance_quantity, line.balance_amount,
        line.event_type, event.net_amount
    from {{ ref('stock_ledger') }} as line
    left join {{ ref('business_event') }} as event on line.event_id = event.event_id and line.event_type = 'supplier_receipt'
    semi join issued on line.item_code = issued.item_code and line.pool_code = issued.pool_code
),

opened as (
    select item_code, pool_code, {{ from_quantity_units('quantity') }} as quantity, {{ from_minor('amount') }} as amount
    from {{ source('carried', 'cost_state') }}
    where quantity > 0
),

supplied as (
    select item_code, pool_code, amount, quantity from opened
    union all
    select item_code, pool_code, amount, quantity from moved where quantity > 0 or event_type = 'invoice_price_difference'
),

supply as (
    select item_code, pool_code, sum(amount) as amount, sum(quantity) as quantity
    from supplied
    group by item_code, pool_code
),

-- What other amount for what other quantity: the pool as it was before, the month's whole supply, the last receipt's price.
candidate as (
    select issued.*, 'earlier' as basis, moved.balance_amount as other_amount, moved.balance_quantity as other_quantity
    from issued
    inner join moved on issued.item_code = moved.item_code and issued.pool_code = moved.pool_code and issued.sequence_no > moved.sequence_no
    where moved.balance_quantity > 0
    union all
    select issued.*, 'earlier', opened.amount, opened.quantity
    from issued
    inner join opened on issued.item_code = opened.item_code and issued.pool_code = opened.pool_code
    union all
    select issued.*, 'month', supply.amount, supply.quantity
    from issued
    inner join supply on issued.item_code = supply.item_code and issued.pool_code = supply.pool_code
    where supply.quantity > 0
    union all
    select issued.*, 'last_receipt', last(moved.net_amount order by moved.sequence_no), last(moved.quantity order by moved.sequence_no)
    from issued
    inner join moved
        on issued.item_code = moved.item_code and issued.pool_code = moved.pool_code and issued.sequence_no > moved.sequence_no
        and moved.event_type = 'supplier_receipt'
    group by all
)

select tie_code, document_type, document_no, min(basis) as basis
from candidate
where abs(
        abs(difference_amount) - abs({{ share_of('other_amount', 'quantity', 'other_quantity') }} - amount)
    ) <= 0.01 + abs(quantity) * 0.00005
    and abs(difference_amount) > 0.01 + abs(quantity) * 0.00005
group by all
