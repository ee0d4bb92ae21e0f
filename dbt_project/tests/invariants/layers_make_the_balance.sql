{{ config(meta={'label_zh': '先进先出：各层之和等于结存', 'label_en': 'FIFO layers add up to the balance'}) }}
with part as (
    select item_code, pool_code, quantity, amount
    from {{ ref('state_cost_state') }}
    where item_code in (select item_code from {{ ref('costing_item') }} where method = 'fifo') and quantity >= 0
    union all
    select item_code, pool_code, -quantity, -amount
    from {{ ref('state_open_layer') }}
)

select item_code, pool_code, sum(quantity) as quantity_difference, sum(amount) as amount_difference
from part
group by item_code, pool_code
having sum(quantity) <> 0 or sum(amount) <> 0
