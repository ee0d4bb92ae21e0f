-- One row per document that is still open on a partner's account at the period's end, debit positive.
with change as (
    select kind, party_code, document_type, document_no, document_date, due_date, amount from {{ ref('open_item_opening') }}
    union all
    select kind, party_code, document_type, document_no, document_date, null, amount from {{ ref('open_item_movement') }}
)

select
    kind, party_code, document_type, document_no,
    min(document_date) as document_date,
    min(due_date) as due_date,
    cast(sum(amount) as decimal(18, 2)) as amount
from change
where kind in ('ar', 'ap', 'advance', 'prepayment')
group by kind, party_code, document_type, document_no
having sum(amount) <> 0
