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
    recon.first_date,
    found.symptom_code,
    found.cause_code,
    report.reported_amount,
    report.reported_lines
from {{ ref('recon_group') }} as recon
cross join {{ source('settings', 'period') }} as run
left join {{ ref('break_cause_choice') }} as found
    on recon.tie_code = found.tie_code and recon.document_type = found.document_type and recon.document_no = found.document_no
left join {{ ref('break_report') }} as report on recon.document_type = report.document_type and recon.document_no = report.document_no
where recon.tie_code is not null and recon.difference_amount <> 0
