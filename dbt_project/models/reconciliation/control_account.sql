-- One row per ledger account that a tie compares; an account of two ties belongs to the first.
-- Production is compared where its documents are delivered: a company without them keeps its own books there.
with mapped as (
    select account_role, account_code from {{ source('settings', 'account_map') }}
    union
    select account_role, account_code from {{ ref('account_choice') }}
    union
    select '', account_code from {{ source('carried', 'account_balance') }} where account_code like '?%'
)

select
    mapped.account_code,
    coalesce(tie.tie_code, 'unmapped') as tie_code,
    coalesce(tie.measure, 'closing') as measure
from mapped
left join {{ ref('tie') }} as tie on mapped.account_role = tie.account_role
where (tie.tie_code is not null or mapped.account_code like '?%')
    and (coalesce(tie.tie_code, '') not in ('work_in_process', 'subcontract') or tie.tie_code in (
        select case when is_subcontract then 'subcontract' else 'work_in_process' end from {{ ref('work_in_process') }}
        union
        select 'subcontract' from {{ ref('register_amount') }} where account_role = 'subcontract_material' and source_register = 'stock'
    ))
qualify row_number() over (partition by mapped.account_code order by tie.sort_no nulls last, tie.account_role) = 1
