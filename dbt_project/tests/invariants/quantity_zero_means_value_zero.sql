{{ config(meta={'label_zh': '数量为零则金额为零', 'label_en': 'no quantity, no value'}) }}
select item_code, pool_code, amount
from {{ ref('state_cost_state') }}
where quantity = 0 and amount <> 0
