-- One row per item and warehouse with what it holds at the close.
select item_code, item_category, warehouse_code, closing_quantity as quantity, cast(closing_amount as decimal(18, 2)) as amount,
    cast(recomputed_closing_amount as decimal(18, 2)) as recomputed_amount
from {{ ref('stock_summary') }}
where closing_quantity <> 0 or closing_amount <> 0 or recomputed_closing_amount <> 0
