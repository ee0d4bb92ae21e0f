-- One row per document and account that differ at the close: it stays a difference until either side moves again.
-- A difference of profit and loss never counts twice; it is kept, as what both sides have had so far, to recognise the
-- posting that comes in a later period.
with standing as (
    select
        *,
        expected_new + expected_carried as expected_to_date,
        actual_new + actual_carried as actual_to_date
    from {{ ref('recon_group') }}
    where tie_code is not null
)

select
    recon.tie_code,
    recon.account_code,
    recon.document_type,
    recon.shown_no as document_no,
    recon.expected_to_date as expected_amount,
    recon.actual_to_date as actual_amount,
    coalesce(recon.carried_since, run.period) as first_period,
    recon.first_date,
    coalesce(found.symptom_code, kept.symptom_code) as symptom_code,
    coalesce(found.cause_code, kept.cause_code) as cause_code,
    coalesce(found.is_witnessed, kept.is_witnessed) as is_witnessed,
    report.reported_amount,
    report.reported_lines,
    coalesce(found.cost_verdict, kept.cost_verdict) as cost_verdict
from standing as recon
cross join {{ source('settings', 'period') }} as run
left join {{ ref('break_cause_choice') }} as found
    on recon.tie_code = found.tie_code and recon.document_type = found.document_type and recon.document_no = found.document_no
left join {{ source('carried', 'open_group') }} as kept
    on recon.tie_code = kept.tie_code and recon.account_code = kept.account_code
    and recon.document_type = kept.document_type and recon.document_no = {{ document_key('kept.document_no') }}
left join {{ ref('break_report') }} as report on recon.document_type = report.document_type and recon.document_no = report.document_no
where recon.expected_to_date <> recon.actual_to_date
