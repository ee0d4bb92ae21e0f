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
),

sided as (
    select * exclude (credit_role, counterpart_warehouse_code, counterpart_item_category), 1 as side, amount as signed_amount
    from ruled
    union all
    select
        * exclude (credit_role, counterpart_warehouse_code, counterpart_item_category) replace (
            credit_role as debit_role,
            case
                when event_type = 'transfer_in' or document_type in ('transfer', 'loan_out', 'loan_back', 'consignment_out', 'consignment_back', 'conversion', 'repack')
                    then counterpart_warehouse_code
                else warehouse_code
            end as warehouse_code,
            coalesce(counterpart_item_category, item_category) as item_category
        ),
        -1, -amount
    from ruled
)

-- Stock that lies elsewhere is carried on another account than inventory: its own register moves it, whatever its role.
select
    * exclude (debit_role),
    debit_role = 'inventory' as is_stock,
    case when debit_role = 'inventory' then {{ stock_role('warehouse_code') }} else debit_role end as account_role
from sided
