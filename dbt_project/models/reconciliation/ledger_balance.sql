-- One row per account: the ledger's opening, movement and closing from its balances; without a balance, from its lines.
with line as (
    select
        account_code,
        sum(debit_amount) as debit_amount,
        sum(credit_amount) as credit_amount,
        sum(case when voucher_kind = 'closing_transfer' then signed_amount else 0 end) as transferred_amount,
        sum(case when voucher_kind = 'opening' then signed_amount else 0 end) as opening_voucher_amount
    from {{ ref('ledger_line') }}
    where is_live
    group by account_code
),

-- Many ledgers give a balance unsigned, with its side (借, 贷, 平) beside it; a side that is flat is that of the account.
stated as (
    select
        balance.account_code,
        sum(coalesce(
            balance.opening_amount * {{ side_sign("coalesce(nullif(balance.opening_side, 'flat'), balance.closing_side)", 'account.normal_side') }},
            coalesce(balance.opening_debit_amount, 0) - coalesce(balance.opening_credit_amount, 0)
        )) as opening_amount,
        sum(coalesce(balance.debit_amount, 0)) as debit_amount,
        sum(coalesce(balance.credit_amount, 0)) as credit_amount,
        sum(coalesce(
            balance.closing_amount * {{ side_sign('balance.closing_side', 'account.normal_side') }},
            coalesce(balance.closing_debit_amount, 0) - coalesce(balance.closing_credit_amount, 0)
        )) as closing_amount
    from {{ ref('stg_gl_balance') }} as balance
    left join {{ ref('stg_account') }} as account on balance.account_code = account.account_code
    where balance.party_code is null
    group by balance.account_code
),

sided as (
    select account_code, debit_amount, credit_amount, transferred_amount, opening_voucher_amount, 0 as carried_amount from line
    union all
    select account_code, 0, 0, 0, 0, ledger_amount from {{ source('carried', 'account_balance') }}
    union all
    select account_code, 0, 0, 0, 0, 0 from stated
),

summed as (
    select
        account_code,
        sum(carried_amount) as carried_amount,
        sum(debit_amount) as line_debit_amount,
        sum(credit_amount) as line_credit_amount,
        sum(transferred_amount) as transferred_amount,
        sum(opening_voucher_amount) as opening_voucher_amount
    from sided
    group by account_code
)

select
    summed.*,
    stated.account_code is not null as is_stated,
    cast(coalesce(stated.opening_amount, summed.carried_amount) as decimal(38, 2)) as opening_amount,
    cast(coalesce(stated.debit_amount, summed.line_debit_amount) as decimal(38, 2)) as debit_amount,
    cast(coalesce(stated.credit_amount, summed.line_credit_amount) as decimal(38, 2)) as credit_amount,
    cast(coalesce(
        stated.closing_amount, summed.carried_amount + summed.line_debit_amount - summed.line_credit_amount
    ) as decimal(38, 2)) as closing_amount
from summed
left join stated on summed.account_code = stated.account_code
