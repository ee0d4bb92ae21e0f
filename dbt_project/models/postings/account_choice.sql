-- One row per role and facts that occur, with the account of the most specific row of the account map; `offered` are the accounts
-- of all rows of that many conditions, and more than one is an error.
{% set conditions = account_conditions() %}

with fact as (
    select distinct account_role, {{ conditions | join(', ') }}
    from {{ ref('posting_side') }}
    union
    select distinct account_role, {{ conditions | join(', ') }}
    from {{ ref('register_amount') }}
)

select
    fact.*,
    coalesce(mapped.account_code, '?' || fact.account_role) as account_code,
    list(mapped.account_code) over (
        partition by fact.account_role, {% for column in conditions %}fact.{{ column }}, {% endfor %}{{ specificity(conditions, 'mapped') }}
    ) as offered
from fact
left join {{ source('settings', 'account_map') }} as mapped
    on fact.account_role = mapped.account_role
    {{ meets(conditions, 'mapped', 'fact') }}
qualify row_number() over (
    partition by fact.account_role, {% for column in conditions %}fact.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    order by {{ specificity(conditions, 'mapped') }} desc, mapped.account_code
) = 1
