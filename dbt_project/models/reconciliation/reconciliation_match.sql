-- One row per matched group: a document and an account on which both sides agree to the cent, and the pass that found it.
select
    {{ group_id('recon.document_type', 'recon.document_no', 'recon.account_code') }} as match_id,
    run.period,
    recon.tie_code,
    case
        when recon.document_type = 'opening' then 'opening_balance'
        when recon.expected_carried <> 0 or recon.actual_carried <> 0 then 'document_account_other_period'
        when recon.expected_lines = 1 and recon.actual_lines = 1 then 'document_account_period'
        else 'document_account_period_sum'
    end as pass_code,
    recon.document_type,
    recon.shown_no as document_no,
    recon.account_code,
    recon.expected_amount,
    recon.actual_amount,
    recon.difference_amount as residual_amount,
    cast(1 as decimal(5, 4)) as confidence,
    cast(1 as integer) as alternatives,
    cast(1 as integer) as rule_version
from {{ ref('recon_group') }} as recon
cross join {{ source('settings', 'period') }} as run
where recon.tie_code is not null
    and recon.difference_amount = 0
    and (recon.expected_lines > 0 or recon.expected_carried <> 0)
    and (recon.actual_lines > 0 or recon.actual_carried <> 0)
    and not {{ differs_in_party('recon') }}
    and not {{ differs_in_quantity('recon') }}
