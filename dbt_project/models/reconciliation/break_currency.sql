-- One row per tie and differing document in another currency that the ledger has at another rate: the original amounts agree.
-- Where the account has no original amounts (stock, tax), its amount must stand to the document's as those of the lines that have them.
with expected as (
    select
        control.tie_code, line.document_type, {{ document_key('line.document_no') }} as document_no,
        sum(line.original_amount) as original_amount, count(*) as lines
    from {{ ref('voucher_line') }} as line
    inner join {{ ref('control_account') }} as control on line.account_code = control.account_code
    {{ among_differing() }}
    group by all
    having count(*) = count(line.original_amount)
),

actual as (
    select
        control.tie_code, line.document_type, {{ document_key('line.document_no') }} as document_no,
        sum(line.signed_amount) as amount, sum(line.original_amount) as original_amount
    from {{ ref('ledger_line') }} as line
    inner join {{ ref('control_account') }} as control on line.account_code = control.account_code
    {{ among_differing() }}
    where line.is_live
    group by all
),

agreed as (
    select actual.document_type, actual.document_no, actual.amount, actual.original_amount
    from actual
    inner join expected
        on actual.tie_code = expected.tie_code and actual.document_type = expected.document_type and actual.document_no = expected.document_no
        and actual.original_amount = expected.original_amount
    where actual.original_amount <> 0
)

select distinct expected.tie_code, expected.document_type, expected.document_no
from expected
inner join actual
    on expected.tie_code = actual.tie_code and expected.document_type = actual.document_type and expected.document_no = actual.document_no
inner join agreed on expected.document_type = agreed.document_type and expected.document_no = agreed.document_no
-- Each line was rounded to the cent, and so was the one that gives the rate.
where coalesce(actual.original_amount = expected.original_amount, true)
    and abs(actual.amount * agreed.original_amount - expected.original_amount * agreed.amount) <= 0.01 * (expected.lines + 1) * abs(agreed.original_amount)
