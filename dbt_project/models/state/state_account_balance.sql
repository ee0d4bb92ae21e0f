-- One row per account with both sides' closing balance.
select
    account_code,
    cast(sum(subledger_amount) as decimal(38, 2)) as subledger_amount,
    cast(sum(ledger_amount) as decimal(38, 2)) as ledger_amount
from (
    select account_code, closing_amount as subledger_amount, 0 as ledger_amount from {{ ref('subledger_balance') }}
    union all
    select account_code, 0, closing_amount from {{ ref('ledger_balance') }}
)
group by account_code
