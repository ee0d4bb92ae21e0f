-- One row per role and facts that occur, with the account of the most specific row of the account map.
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
    coalesce(mapped.account_code, '?' || fact.account_role) as account_code
from fact
left join {{ source('settings', 'account_map') }} as mapped
    on fact.account_role = mapped.account_role
    {{ meets(conditions, 'mapped', 'fact') }}
qualify row_number() over (
    partition by fact.account_role, {% for column in conditions %}fact.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    order by {{ specificity(conditions, 'mapped') }} desc, mapped.account_code
) = 1
