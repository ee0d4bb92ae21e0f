-- One row per voucher line of the real ledger, with the business document it names.
with named as (
    select
        line.*,
        run.period as run_period,
        coalesce(kind.document_type, lower(line.source_document_type)) as document_type,
        line.source_document_no as document_no
    from {{ ref('stg_gl_entry_line') }} as line
    cross join {{ source('settings', 'period') }} as run
    left join {{ source('settings', 'document_type') }} as kind on line.source_document_type = kind.source_text
),

closing_voucher as (
    select distinct voucher_word, voucher_no
    from named
    where account_code like '4103%' or account_code like '3103%'
)

select
    named.run_period as period,
    named.voucher_word,
    named.voucher_no,
    named.line_no,
    named.voucher_date,
    named.entered_at,
    named.account_code,
    account.name as account_name,
    named.summary,
    cast(coalesce(named.debit_amount, 0) as decimal(18, 2)) as debit_amount,
    cast(coalesce(named.credit_amount, 0) as decimal(18, 2)) as credit_amount,
    cast(coalesce(named.debit_amount, 0) - coalesce(named.credit_amount, 0) as decimal(18, 2)) as signed_amount,
    coalesce(case when named.document_no is not null then named.document_type end, 'voucher') as document_type,
    coalesce(named.document_no, coalesce(named.voucher_word || '-', '') || named.voucher_no || '@' || named.run_period) as document_no,
    case when {{ is_foreign('named.currency') }} then named.currency end as currency,
    case when {{ is_foreign('named.currency') }}
        then cast(coalesce(named.original_debit_amount, 0) - coalesce(named.original_credit_amount, 0) as decimal(18, 2))
    end as original_amount,
    named.quantity,
    named.party_code,
    named.item_code,
    named.source_module,
    coalesce(named.voucher_kind, case when closing_voucher.voucher_no is not null then 'closing_transfer' else 'normal' end) as voucher_kind,
    coalesce(named.status, 'posted') as status,
    coalesce(named.status, 'posted') = 'posted' as is_live,
    coalesce(named.is_system_generated, false) as is_system_generated,
    named.source_extract,
    named.source_file,
    named.source_row,
    {{ group_id(
        "coalesce(case when named.document_no is not null then named.document_type end, 'voucher')",
        "coalesce(named.document_no, coalesce(named.voucher_word || '-', '') || named.voucher_no || '@' || named.run_period)",
        'named.account_code'
    ) }} as match_id
from named
left join closing_voucher on named.voucher_word is not distinct from closing_voucher.voucher_word and named.voucher_no = closing_voucher.voucher_no
left join {{ ref('stg_account') }} as account on named.account_code = account.account_code
