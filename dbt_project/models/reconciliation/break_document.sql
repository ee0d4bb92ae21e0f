-- One row per document that differs on a control account: what else is known about it on either side.
with differing as (
    select distinct document_type, document_no
    from {{ ref('recon_group') }} as recon
    where tie_code is not null
        and (
            difference_amount <> 0
            or {{ differs_in_party('recon') }}
            or {{ differs_in_quantity('recon') }}
        )
),

ledger_voucher as (
    select
        line.document_type, {{ document_key('line.document_no') }} as document_no, line.voucher_word, line.voucher_no,
        any_value(line.source_module) as source_module, any_value(line.voucher_kind) as voucher_kind,
        bool_or(line.is_system_generated) as is_system_generated
    from {{ ref('ledger_line') }} as line
    semi join differing on line.document_type = differing.document_type and {{ document_key('line.document_no') }} = differing.document_no
    group by all
),

ledger_document as (
    select
        document_type, document_no,
        min(coalesce(voucher_word || '-', '') || voucher_no) as voucher_no,
        any_value(source_module) as source_module,
        any_value(voucher_kind) as voucher_kind,
        bool_or(is_system_generated) as is_system_generated
    from ledger_voucher
    group by document_type, document_no
),

expected_document as (
    select distinct line.document_type, {{ document_key('line.document_no') }} as document_no
    from {{ ref('voucher_line') }} as line
    semi join differing on line.document_type = differing.document_type and {{ document_key('line.document_no') }} = differing.document_no
),

late as (
    select document_type, {{ document_key('document_no') }} as document_no, max(cast(entered_at as date)) as entered_date
    from {{ ref('business_event') }}
    where entered_at is not null
    group by all
),

idle as (
    select document_type, {{ document_key('document_no') }} as document_no, any_value(reason) as reason
    from {{ ref('idle_document') }}
    group by all
)

select
    differing.document_type,
    differing.document_no,
    ledger_document.voucher_no,
    ledger_document.source_module,
    coalesce(ledger_document.voucher_kind, 'normal') as voucher_kind,
    coalesce(ledger_document.is_system_generated, false) as is_system_generated,
    expected_document.document_no is not null as is_expected,
    coalesce(late.entered_date > run.period_end, false) as is_backdated,
    idle.reason as idle_reason
from differing
cross join {{ source('settings', 'period') }} as run
left join ledger_document on differing.document_type = ledger_document.document_type and differing.document_no = ledger_document.document_no
left join expected_document on differing.document_type = expected_document.document_type and differing.document_no = expected_document.document_no
left join late on differing.document_type = late.document_type and differing.document_no = late.document_no
left join idle on differing.document_type = idle.document_type and differing.document_no = idle.document_no
