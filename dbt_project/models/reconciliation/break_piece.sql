-- One row per tie and differing document: what of its expected voucher the ledger lacks. A line is there when the ledger
-- has its amount, or the sum of its basis or of its account, as a line or as what one voucher puts on the account.
with expected as (
    select
        line.document_type, {{ document_key('line.document_no') }} as document_no, control.tie_code, line.account_code,
        line.event_type, line.amount_basis, line.signed_amount
    from {{ ref('voucher_line') }} as line
    inner join {{ ref('control_account') }} as control on line.account_code = control.account_code
    semi join {{ ref('break_document') }} as found
        on line.document_type = found.document_type and {{ document_key('line.document_no') }} = found.document_no
),

summed as (
    select
        *,
        sum(signed_amount) over (partition by document_type, document_no, account_code, amount_basis) as basis_amount,
        sum(signed_amount) over (partition by document_type, document_no, account_code) as account_amount
    from expected
),

actual as (
    select
        line.document_type, {{ document_key('line.document_no') }} as document_no, line.account_code, line.voucher_word, line.voucher_no,
        line.signed_amount
    from {{ ref('ledger_line') }} as line
    semi join {{ ref('break_document') }} as found
        on line.document_type = found.document_type and {{ document_key('line.document_no') }} = found.document_no
    where line.is_live
),

posted as (
    select document_type, document_no, account_code, signed_amount as amount
    from actual
    union
    select document_type, document_no, account_code, sum(signed_amount)
    from actual
    group by document_type, document_no, account_code, voucher_word, voucher_no
),

judged as (
    select
        summed.*,
        exists(
            select 1
            from posted
            where summed.document_type = posted.document_type and summed.document_no = posted.document_no
                and summed.account_code = posted.account_code
                and posted.amount in (summed.signed_amount, summed.basis_amount, summed.account_amount)
        ) as is_posted
    from summed
)

select
    tie_code, document_type, document_no,
    count(*) filter (where is_posted) as posted_lines,
    coalesce(sum(signed_amount) filter (where not is_posted), 0) as missing_amount,
    coalesce(bool_and(amount_basis = 'estimate') filter (where not is_posted), false) as lacks_estimate,
    coalesce(bool_and(amount_basis = 'estimate_reversal') filter (where not is_posted), false) as lacks_reversal,
    coalesce(bool_and(event_type = 'invoice_price_difference' or (document_type = 'purchase_invoice' and amount_basis = 'cost')) filter (where not is_posted), false) as lacks_price_difference,
    coalesce(bool_and(amount_basis = 'cost_difference') filter (where not is_posted), false) as lacks_cost_difference,
    coalesce(sum(signed_amount) filter (where amount_basis = 'estimate_reversal'), 0) as reversal_amount
from judged
group by tie_code, document_type, document_no
