-- One row per control account and period: both sides on the tie's measure, and what the difference is made of.
with account as (
    select account_code, tie_code, measure from {{ ref('control_account') }}
),

component as (
    select
        line.account_code,
        sum(line.difference_amount) filter (where found.disposition = 'timing') as timing_amount,
        sum(line.difference_amount) filter (where found.disposition = 'correct_ledger') as correct_ledger_amount,
        sum(line.difference_amount) filter (where found.disposition = 'correct_subledger') as correct_subledger_amount,
        sum(line.difference_amount) filter (where found.disposition = 'accepted') as accepted_amount,
        sum(line.difference_amount) filter (where found.disposition = 'unidentified') as unidentified_amount,
        sum(abs(line.difference_amount)) filter (
            where found.disposition in ('correct_ledger', 'correct_subledger', 'unidentified')
        ) as gross_open_amount
    from {{ ref('break_line') }} as line
    inner join {{ ref('reconciliation_break') }} as found on line.break_id = found.break_id
    group by line.account_code
),

compared as (
    select
        account.tie_code,
        account.account_code,
        account.measure,
        coalesce(sub.opening_amount, 0) as opening_subledger_amount,
        coalesce(ledger.opening_amount, 0) as opening_ledger_amount,
        coalesce(sub.debit_amount, 0) as debit_subledger_amount,
        coalesce(ledger.debit_amount, 0) as debit_ledger_amount,
        coalesce(sub.credit_amount, 0) as credit_subledger_amount,
        coalesce(ledger.credit_amount, 0) as credit_ledger_amount,
        coalesce(sub.closing_amount, 0) as closing_subledger_amount,
        coalesce(ledger.closing_amount, 0) as closing_ledger_amount,
        case when account.measure = 'closing' then coalesce(sub.closing_amount, 0)
            else coalesce(sub.debit_amount, 0) - coalesce(sub.credit_amount, 0) end as subledger_amount,
        case when account.measure = 'closing' then coalesce(ledger.closing_amount, 0)
            else coalesce(ledger.closing_amount - ledger.opening_amount - ledger.transferred_amount, 0) end as ledger_amount,
        case when coalesce(ledger.is_stated, false) then 'balance' else 'lines' end as ledger_source
    from account
    left join {{ ref('subledger_balance') }} as sub on account.account_code = sub.account_code
    left join {{ ref('ledger_balance') }} as ledger on account.account_code = ledger.account_code
)

select
    run.period,
    compared.tie_code,
    compared.account_code,
    named.name as account_name,
    compared.* exclude (tie_code, account_code, ledger_source),
    cast(compared.ledger_amount - compared.subledger_amount as decimal(38, 2)) as difference_amount,
    {%- for part in ['timing', 'correct_ledger', 'correct_subledger', 'accepted', 'unidentified', 'gross_open'] %}
    cast(coalesce(component.{{ part }}_amount, 0) as decimal(38, 2)) as {{ part }}_amount,
    {%- endfor %}
    compared.ledger_source,
    case
        when coalesce(component.unidentified_amount, 0) <> 0 then 'unidentified'
        when coalesce(component.gross_open_amount, 0) <> 0 then 'to_correct'
        when compared.ledger_amount <> compared.subledger_amount then 'explained'
        else 'tied'
    end as status
from compared
cross join {{ source('settings', 'period') }} as run
left join component on compared.account_code = component.account_code
left join {{ ref('stg_account') }} as named on compared.account_code = named.account_code
