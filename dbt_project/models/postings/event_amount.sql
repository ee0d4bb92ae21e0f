-- One row per event and amount basis: everything that is put up for posting, in one shape. Rules know nothing else.
with produced as (
    {%- for producer in ['amount_receipt', 'amount_purchase_invoice', 'amount_sale', 'amount_cost', 'amount_production', 'amount_variance', 'amount_payment'] %}
    select * from {{ ref(producer) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select produced.*, item.method as costing_method
from produced
left join {{ ref('costing_item') }} as item on produced.item_code = item.item_code
where produced.amount <> 0
