-- One row per delivery line whose cost still waits on goods shipped at the close.
select
    event_id, document_no, line_no, delivery_date, party_code, item_code, item_category, reason_code,
    delivery_quantity, delivery_amount, closing_quantity as open_quantity, closing_amount as open_amount
from {{ ref('shipment_balance') }}
where closing_quantity <> 0 or closing_amount <> 0
