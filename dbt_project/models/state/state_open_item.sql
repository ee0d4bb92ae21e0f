-- One row per document that is open on a partner's account at the close.
select kind, party_code, document_type, document_no, document_date, due_date, amount
from {{ ref('open_item_balance') }}
