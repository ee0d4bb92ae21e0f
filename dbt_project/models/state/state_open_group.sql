-- One row per document and account that differ at the close: it stays a difference until either side moves again.
-- A difference of profit and loss is kept for one period, to recognise the posting that comes in the next.
select
    recon.tie_code,
    recon.account_code,
    recon.document_type,
    recon.shown_no as document_no,
    recon.expected_amount,
    recon.actual_amount,
    coalesce(recon.carried_since, run.period) as first_period,
    recon.first_date
from {{ ref('recon_group') }} as recon
cross join {{ source('settings', 'period') }} as run
where recon.tie_code is not null and recon.difference_amount <> 0
