-- One row per posting rule in force: the standard's, replaced or joined by those of the books folder. The variance of an issue
-- goes where its cost goes, whatever rule says that: the rule of event type `issue` says what for, and that it is done at all.
with standard_rule as (
    select rule.*
    from {{ ref('standard_posting_rule') }} as rule
    inner join {{ source('settings', 'books') }} as setting
        on rule.rule_set = setting.rule_set
    where rule.rule_id not in (select own.rule_id from {{ source('settings', 'posting_rule') }} as own)
),

in_force as (
    select * from standard_rule
    union all by name
    select * from {{ source('settings', 'posting_rule') }}
)

select * from in_force
union all by name
select
    cost.* replace (
        cost.rule_id || '-variance' as rule_id,
        replace(cost.amount_basis, 'cost', 'variance') as amount_basis,
        coalesce(variance.debit_role, case cost.debit_role when 'inventory' then cost.credit_role else cost.debit_role end) as debit_role,
        variance.credit_role as credit_role,
        variance.summary_zh as summary_zh,
        variance.summary_en as summary_en
    )
from in_force as cost
inner join in_force as variance on variance.event_type = 'issue' and variance.amount_basis = 'variance'
where cost.event_type in {{ issue_events() }} and cost.amount_basis in ('cost', 'shipped_cost')
