-- One row per break: the facts that decide its symptom and cause.
with elsewhere as (
    -- The same amount on an account where nothing was expected, or expected where nothing came: a wrong account.
    select found.tie_code, found.document_type, found.document_no, any_value(other.account_code) as other_account_code
    from {{ ref('break_group') }} as found
    inner join {{ ref('recon_group') }} as other
        on found.document_type = other.document_type
        and found.document_no = other.document_no
        and coalesce(other.tie_code, '') <> found.tie_code
        and other.difference_amount = -found.difference_amount
        and (other.expected_lines = 0) <> (other.actual_lines = 0)
        and not (
            (other.expected_lines = 0) = (found.expected_lines = 0)
            and (other.actual_lines = 0) = (found.actual_lines = 0)
        )
    where found.difference_amount <> 0
    group by all
),

voucher as (
    select
        line.document_type, {{ document_key('line.document_no') }} as document_no, line.account_code, line.voucher_word, line.voucher_no,
        sum(line.signed_amount) as amount
    from {{ ref('ledger_line') }} as line
    semi join {{ ref('break_document') }} as found
        on line.document_type = found.document_type and {{ document_key('line.document_no') }} = found.document_no
    where line.is_live
    group by all
),

repeated as (
    select voucher.document_type, voucher.document_no, control.tie_code, max(equal_vouchers) as equal_vouchers
    from (
        select document_type, document_no, account_code, amount, count(*) as equal_vouchers
        from voucher
        where amount <> 0
        group by all
    ) as voucher
    inner join {{ ref('recon_group') }} as control
        on voucher.document_type = control.document_type and voucher.document_no = control.document_no
        and voucher.account_code = control.account_code and voucher.amount * (voucher.equal_vouchers - 1) = control.difference_amount
    where voucher.equal_vouchers > 1
    group by all
),

line_match as (
    -- Whole expected lines that the ledger lacks: a group partly posted.
    select
        line.document_type, {{ document_key('line.document_no') }} as document_no, control.tie_code,
        sum(line.signed_amount) filter (where posted.amount is null) as missing_amount,
        count(posted.amount) as posted_lines
    from {{ ref('voucher_line') }} as line
    inner join {{ ref('control_account') }} as control on line.account_code = control.account_code
    semi join {{ ref('break_document') }} as found
        on line.document_type = found.document_type and {{ document_key('line.document_no') }} = found.document_no
    left join (
        select distinct document_type, {{ document_key('document_no') }} as document_no, account_code, signed_amount as amount
        from {{ ref('ledger_line') }}
        where is_live
    ) as posted
        on line.document_type = posted.document_type and {{ document_key('line.document_no') }} = posted.document_no
        and line.account_code = posted.account_code and line.signed_amount = posted.amount
    group by all
),

earlier as (
    select tie_code, document_type, {{ document_key('document_no') }} as document_no,
        any_value(symptom_code) as symptom_code, any_value(cause_code) as cause_code
    from {{ source('carried', 'open_group') }}
    group by all
),

billed_ahead as (
    select distinct {{ document_key('bill.document_no') }} as document_no
    from {{ ref('sales_bill') }} as bill
    where bill.event_id in (select ahead.event_id from {{ source('carried', 'open_bill') }} as ahead)
        or bill.original_event_id not in (select shipment.event_id from {{ ref('shipment_balance') }} as shipment)
),

followed as (
    select document_no, sum(difference_amount) as difference_amount
    from {{ ref('break_delivery') }}
    group by document_no
)

select
    found.*,
    document.voucher_no, document.source_module, document.voucher_kind, document.is_system_generated, document.unposted_amount,
    document.is_estimate_only, document.is_reversal_only, document.is_backdated, document.idle_reason,
    elsewhere.other_account_code,
    coalesce(repeated.equal_vouchers, 0) as equal_vouchers,
    coalesce(line_match.posted_lines, 0) > 0 and line_match.missing_amount = -found.difference_amount as is_partly_posted,
    rounding.is_reproduced as is_rounding_reproduced,
    case when found.is_untouched then earlier.symptom_code end as earlier_symptom_code,
    case when found.is_untouched then earlier.cause_code end as earlier_cause_code,
    found.document_type = 'sales_invoice' and billed_ahead.document_no is not null as is_billed_ahead,
    found.document_type = 'sales_invoice' and abs(followed.difference_amount) = abs(found.difference_amount) as follows_its_deliveries,
    report.reported_amount = abs(found.actual_amount) as is_as_reported,
    abs(report.reported_amount - abs(found.expected_amount)) <= report.reported_lines * 0.01 as is_report_confirmed
from {{ ref('break_group') }} as found
left join {{ ref('break_document') }} as document on found.document_type = document.document_type and found.document_no = document.document_no
left join elsewhere on found.tie_code = elsewhere.tie_code and found.document_type = elsewhere.document_type and found.document_no = elsewhere.document_no
left join repeated on found.tie_code = repeated.tie_code and found.document_type = repeated.document_type and found.document_no = repeated.document_no
left join line_match on found.tie_code = line_match.tie_code and found.document_type = line_match.document_type and found.document_no = line_match.document_no
left join {{ ref('break_rounding') }} as rounding
    on found.tie_code = rounding.tie_code and found.document_type = rounding.document_type and found.document_no = rounding.document_no
left join earlier on found.tie_code = earlier.tie_code and found.document_type = earlier.document_type and found.document_no = earlier.document_no
left join billed_ahead on found.document_no = billed_ahead.document_no
left join followed on found.document_no = followed.document_no
left join {{ ref('break_report') }} as report on found.document_type = report.document_type and found.document_no = report.document_no
