-- One row per receipt line that is not fully billed at the close.
select
    event_id, document_no, line_no, receipt_date, party_code, item_code, warehouse_code, lot_no, reason_code,
    receipt_quantity, receipt_amount, closing_quantity as open_quantity, closing_amount as open_amount, first_period
from {{ ref('receipt_balance') }}
where closing_quantity <> 0 or closing_amount <> 0
