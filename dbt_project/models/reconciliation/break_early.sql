-- One row per supplier invoice that only the ledger knows and whose goods the books still estimate: what it puts in stock is,
-- to the cent, what is open of one receipt of its supplier, or of all of them. So it is on its way, and posted before it came.
with unknown_invoice as (
    select
        line.document_type, {{ document_key('line.document_no') }} as document_no, max(line.party_code) as party_code,
        sum(line.signed_amount) filter (where control.tie_code = 'stock') as amount
    from {{ ref('ledger_line') }} as line
    inner join {{ ref('control_account') }} as control on line.account_code = control.account_code
    semi join {{ ref('break_document') }} as found
        on line.document_type = found.document_type and {{ document_key('line.document_no') }} = found.document_no
        and not found.is_expected and found.idle_reason is null
    where line.document_type = 'purchase_invoice' and line.is_live
    group by all
    having count(distinct line.party_code) = 1
),

open_receipt as (
    select party_code, document_no, sum(closing_amount) as amount
    from {{ ref('receipt_balance') }}
    where party_code in (select unknown_invoice.party_code from unknown_invoice)
    group by all
),

estimate as (
    select party_code, amount from open_receipt
    union
    select party_code, sum(amount) from open_receipt
    group by party_code
)

select invoice.document_type, invoice.document_no
from unknown_invoice as invoice
inner join estimate on invoice.party_code = estimate.party_code and invoice.amount = estimate.amount
where invoice.amount > 0
group by all
