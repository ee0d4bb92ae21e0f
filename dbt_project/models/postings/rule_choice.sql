-- One row per combination of facts that occurs, with the most specific rule that covers it; `offered` are all of that many
-- conditions, and more than one is an error.
{% set conditions = rule_conditions() %}

with fact as (
    select distinct event_type, amount_basis, {{ conditions | join(', ') }}
    from {{ ref('event_amount') }}
)

select
    fact.*,
    rule.rule_id,
    rule.rule_version,
    rule.debit_role,
    rule.credit_role,
    rule.summary_zh,
    rule.summary_en,
    list(rule.rule_id) over (
        partition by fact.event_type, fact.amount_basis, {% for column in conditions %}fact.{{ column }}, {% endfor %}{{ specificity(conditions, 'rule') }}
    ) as offered
from fact
left join {{ ref('posting_rule') }} as rule
    on fact.event_type = rule.event_type
    and fact.amount_basis = rule.amount_basis
    {{ meets(conditions, 'rule', 'fact') }}
qualify row_number() over (
    partition by fact.event_type, fact.amount_basis, {% for column in conditions %}fact.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    order by {{ specificity(conditions, 'rule') }} desc, rule.rule_id
) = 1
