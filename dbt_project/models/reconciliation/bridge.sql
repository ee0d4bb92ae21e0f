-- One row per control account, period and component: from the sub-ledger to the ledger by disposition, and by cause.
with line as (
    select line.account_code, line.tie_code, line.difference_amount, found.disposition, found.cause_code
    from {{ ref('break_line') }} as line
    inner join {{ ref('reconciliation_break') }} as found on line.break_id = found.break_id
),

component as (
    select tie_code, account_code, 'total' as component_type, 'subledger' as component_code, subledger_amount as amount, 0 as break_count
    from {{ ref('tie_out') }}
    union all
    select tie_code, account_code, 'total', 'ledger', ledger_amount, 0
    from {{ ref('tie_out') }}
    union all
    select tie_code, account_code, 'disposition', disposition, sum(difference_amount), count(*)
    from line
    group by all
    union all
    select tie_code, account_code, 'cause', cause_code, sum(difference_amount), count(*)
    from line
    group by all
)

select
    run.period,
    component.tie_code,
    component.account_code,
    component.component_type,
    component.component_code,
    cast(component.amount as decimal(38, 2)) as amount,
    cast(component.break_count as integer) as break_count
from component
cross join {{ source('settings', 'period') }} as run
