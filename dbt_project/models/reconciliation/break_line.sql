-- One row per difference, account and period; the bridge sums these.
select
    run.period,
    {{ break_id('found.tie_code', 'found.document_type', 'found.document_no') }} as break_id,
    found.tie_code,
    recon.account_code,
    cast(recon.difference_amount as decimal(18, 2)) as difference_amount
from {{ ref('break_group') }} as found
inner join {{ ref('recon_group') }} as recon
    on found.tie_code = recon.tie_code
    and found.document_type = recon.document_type
    and found.document_no = recon.document_no
cross join {{ source('settings', 'period') }} as run
where recon.difference_amount <> 0
