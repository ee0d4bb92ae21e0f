-- One row per tie and differing document that the ledger knows: its vouchers that count, that do not, and that repeat.
with voucher as (
    select
        line.document_type, {{ document_key('line.document_no') }} as document_no, line.account_code, line.voucher_word, line.voucher_no,
        bool_and(line.is_live) as is_live,
        sum(line.signed_amount) as amount
    from {{ ref('ledger_line') }} as line
    semi join {{ ref('break_document') }} as found
        on line.document_type = found.document_type and {{ document_key('line.document_no') }} = found.document_no
    group by all
),

tied as (
    select voucher.*, control.tie_code
    from voucher
    inner join {{ ref('control_account') }} as control on voucher.account_code = control.account_code
),

counted as (
    select
        tie_code, document_type, document_no,
        count(distinct concat_ws('-', voucher_word, voucher_no)) filter (where is_live) as live_vouchers,
        count(distinct concat_ws('-', voucher_word, voucher_no)) filter (where not is_live) as idle_vouchers,
        coalesce(sum(amount) filter (where not is_live), 0) as idle_amount,
        coalesce(bool_and(amount = 0) filter (where is_live), false) as is_valueless
    from tied
    group by tie_code, document_type, document_no
),

-- Equal vouchers repeat when the difference is exactly what they are too many.
repeated as (
    select equal.tie_code, equal.document_type, equal.document_no, max(equal.vouchers) as equal_vouchers
    from (
        select tie_code, document_type, document_no, account_code, amount, count(*) as vouchers
        from tied
        where is_live and amount <> 0
        group by all
        having count(*) > 1
    ) as equal
    inner join {{ ref('recon_group') }} as recon
        on equal.document_type = recon.document_type and equal.document_no = recon.document_no
        and equal.account_code = recon.account_code and equal.amount * (equal.vouchers - 1) = recon.difference_amount
    group by all
)

select counted.*, coalesce(repeated.equal_vouchers, 0) as equal_vouchers
from counted
left join repeated
    on counted.tie_code = repeated.tie_code and counted.document_type = repeated.document_type and counted.document_no = repeated.document_no
