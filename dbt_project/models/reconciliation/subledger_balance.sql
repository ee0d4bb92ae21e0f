-- One row per account: the sub-ledger's opening, movement and closing from its registers, through account determination.
with registered as (
    select
        choice.account_code,
        sum(register.opening_amount) as register_opening_amount,
        sum(register.debit_amount) as debit_amount,
        sum(register.credit_amount) as credit_amount
    from {{ ref('register_amount') }} as register
    {{ join_account('register') }}
    group by choice.account_code
),

sided as (
    select account_code, register_opening_amount, 0 as carried_amount, debit_amount, credit_amount from registered
    union all
    select account_code, 0, subledger_amount, 0, 0 from {{ source('carried', 'account_balance') }}
),

balance as (
    select
        sided.account_code,
        cast(sum(case when run.is_first_period then register_opening_amount else carried_amount end) as decimal(38, 2)) as opening_amount,
        cast(sum(debit_amount) as decimal(38, 2)) as debit_amount,
        cast(sum(credit_amount) as decimal(38, 2)) as credit_amount
    from sided
    cross join {{ source('settings', 'period') }} as run
    group by sided.account_code
)

select *, cast(opening_amount + debit_amount - credit_amount as decimal(38, 2)) as closing_amount
from balance
