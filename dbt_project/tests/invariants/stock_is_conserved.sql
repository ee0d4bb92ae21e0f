{{ config(meta={'label_zh': '存货守恒：期初 + 收 − 发 = 期末（数量、金额）', 'label_en': 'stock is conserved: opening + in - out = closing, quantity and amount'}) }}
-- Carried balance plus every movement must be the kernel's closing state, per item and pool; this SQL knows nothing of the kernel.
with part as (
    select item_code, pool_code, {{ from_quantity_units('quantity') }} as quantity, {{ from_minor('amount') }} as amount
    from {{ source('carried', 'cost_state') }}
    union all
    select item_code, pool_code, quantity, recomputed_amount
    from {{ ref('stock_ledger') }}
    where pool_code is not null
    union all
    select item_code, pool_code, -{{ from_quantity_units('quantity') }}, -{{ from_minor('amount') }}
    from {{ ref('state_cost_state') }}
)

select item_code, pool_code, sum(quantity) as quantity_difference, sum(amount) as amount_difference
from part
group by item_code, pool_code
having sum(quantity) <> 0 or sum(amount) <> 0
