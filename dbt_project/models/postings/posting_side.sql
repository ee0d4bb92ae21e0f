-- One row per amount and side: the debit and the credit that a rule makes of it. Balanced by construction.
{% set conditions = rule_conditions() %}

with ruled as (
    select
        amount.*,
        coalesce(choice.rule_id, '?') as rule_id,
        coalesce(choice.rule_version, 0) as rule_version,
        coalesce(choice.debit_role, '?' || amount.event_type || '/' || amount.amount_basis) as debit_role,
        coalesce(choice.credit_role, '?' || amount.event_type || '/' || amount.amount_basis) as credit_role,
        choice.summary_zh,
        choice.summary_en
    from {{ ref('event_amount') }} as amount
    left join {{ ref('rule_choice') }} as choice
        on amount.event_type = choice.event_type
        and amount.amount_basis = choice.amount_basis
        {%- for column in conditions %}
        and amount.{{ column }} is not distinct from choice.{{ column }}
        {%- endfor %}
)

select * exclude (debit_role, credit_role, counterpart_warehouse_code, counterpart_item_category), debit_role as account_role, 1 as side, amount as signed_amount
from ruled
union all
select
    * exclude (debit_role, credit_role, counterpart_warehouse_code, counterpart_item_category) replace (
        case when document_type in ('transfer', 'conversion', 'repack') then counterpart_warehouse_code else warehouse_code end as warehouse_code,
        coalesce(counterpart_item_category, item_category) as item_category
    ),
    credit_role, -1, -amount
from ruled
