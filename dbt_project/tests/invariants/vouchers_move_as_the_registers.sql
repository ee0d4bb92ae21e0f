{{ config(meta={'label_zh': '应有凭证的发生额等于业务台账的变动', 'label_en': 'expected vouchers move each control account as its register says'}) }}
-- The second route to every sub-ledger figure: lines through rules against balances through account determination.
with part as (
    select account_code, debit_amount - credit_amount as register_amount, 0 as voucher_amount
    from {{ ref('subledger_balance') }}
    union all
    select account_code, 0, signed_amount
    from {{ ref('voucher_line') }}
)

select part.account_code, sum(register_amount) as register_amount, sum(voucher_amount) as voucher_amount
from part
semi join {{ ref('control_account') }} as control on part.account_code = control.account_code
group by part.account_code
having sum(register_amount) <> sum(voucher_amount)
