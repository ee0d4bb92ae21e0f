{{ config(meta={'label_zh': '台账期初等于上期结转', 'label_en': 'the registers open with what the last period closed with'}) }}
with part as (
    select tie.tie_code, register.opening_amount, 0 as carried_amount
    from {{ ref('register_amount') }} as register
    inner join {{ ref('tie') }} as tie on register.account_role = tie.account_role
    where register.source_register in ('stock', 'estimates', 'open_items')
        and tie.tie_code in ('stock', 'payables', 'receivables')
    union all
    select control.tie_code, 0, carried.subledger_amount
    from {{ source('carried', 'account_balance') }} as carried
    inner join {{ ref('control_account') }} as control on carried.account_code = control.account_code
    where control.tie_code in ('stock', 'payables', 'receivables')
)

select part.tie_code, sum(part.opening_amount) as register_amount, sum(part.carried_amount) as carried_amount
from part
cross join {{ source('settings', 'period') }} as run
where not run.is_first_period
group by part.tie_code
having sum(part.opening_amount) <> sum(part.carried_amount)
