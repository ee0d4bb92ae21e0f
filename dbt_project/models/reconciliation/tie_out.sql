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

-- What a side that the books do not have would say is unknown, not 0.
compared as (
    select
        account.tie_code,
        account.account_code,
        account.measure,
        {%- for part in ['opening', 'debit', 'credit', 'closing'] %}
        case when books.sides <> 'ledger' then coalesce(sub.{{ part }}_amount, 0) end as {{ part }}_subledger_amount,
        case when books.sides <> 'inventory' then coalesce(ledger.{{ part }}_amount, 0) end as {{ part }}_ledger_amount,
        {%- endfor %}
        case
            when books.sides = 'ledger' then null
            when account.measure = 'closing' then coalesce(sub.closing_amount, 0)
            else coalesce(sub.debit_amount, 0) - coalesce(sub.credit_amount, 0)
        end as subledger_amount,
        case
            when books.sides = 'inventory' then null
            when account.measure = 'closing' then coalesce(ledger.closing_amount, 0)
            else coalesce(ledger.closing_amount - ledger.opening_amount - ledger.transferred_amount, 0)
        end as ledger_amount,
        reported.reported_amount,
        case when books.sides = 'inventory' then null when coalesce(ledger.is_stated, false) then 'balance' else 'lines' end as ledger_source
    from account
    cross join {{ source('settings', 'books') }} as books
    left join {{ ref('subledger_balance') }} as sub on account.account_code = sub.account_code
    left join {{ ref('ledger_balance') }} as ledger on account.account_code = ledger.account_code
    left join {{ ref('reported_balance') }} as reported on account.account_code = reported.account_code and account.tie_code in ('stock', 'cost_of_sales')
)

select
    run.period,
    compared.tie_code,
    compared.account_code,
    named.name as account_name,
    compared.* exclude (tie_code, account_code, reported_amount, ledger_source),
    cast(compared.ledger_amount - compared.subledger_amount as decimal(38, 2)) as difference_amount,
    {%- for part in ['timing', 'correct_ledger', 'correct_subledger', 'accepted', 'unidentified', 'gross_open'] %}
    cast(coalesce(component.{{ part }}_amount, 0) as decimal(38, 2)) as {{ part }}_amount,
    {%- endfor %}
    compared.reported_amount,
    cast(compared.ledger_amount - compared.reported_amount as decimal(38, 2)) as posting_leg_amount,
    cast(compared.reported_amount - compared.subledger_amount as decimal(38, 2)) as costing_leg_amount,
    compared.ledger_source,
    case
        when compared.ledger_amount is null or compared.subledger_amount is null then 'not_compared'
        when coalesce(component.unidentified_amount, 0) <> 0 then 'unidentified'
        when coalesce(component.gross_open_amount, 0) <> 0 then 'to_correct'
        when compared.ledger_amount <> compared.subledger_amount then 'explained'
        else 'tied'
    end as status
from compared
cross join {{ source('settings', 'period') }} as run
left join component on compared.account_code = component.account_code
left join {{ ref('stg_account') }} as named on compared.account_code = named.account_code
