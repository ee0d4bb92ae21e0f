{{ config(materialized='ephemeral') }}
-- One row per movement of an earlier period that a document of this one refers to (a return to an old delivery).
-- Read by key from what was published, so that a run never reads its whole history.
select past.event_id, past.quantity, past.recomputed_amount as amount, past.warehouse_code
from {{ source('carried', 'stock_ledger') }} as past
where past.event_id in (
    select event.original_event_id from {{ ref('stock_event') }} as event where event.original_event_id is not null
)
