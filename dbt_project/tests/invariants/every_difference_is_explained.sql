{{ config(meta={'label_zh': '差异恒等式：总账 − 业务 = 各项差异之和', 'label_en': 'ledger - sub-ledger = the sum of its breaks, to the cent'}) }}
-- The left side comes from balances only, the right side from lines only.
with part as (
    select account_code, difference_amount as balance_amount, 0 as break_amount
    from {{ ref('tie_out') }}
    union all
    select line.account_code, 0, line.difference_amount
    from {{ ref('break_line') }} as line
)

select account_code, sum(balance_amount) as balance_difference_amount, sum(break_amount) as break_amount
from part
group by account_code
having sum(balance_amount) <> sum(break_amount)
