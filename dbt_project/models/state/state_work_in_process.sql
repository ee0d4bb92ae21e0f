-- One row per production or subcontract order with the cost still in process.
select order_key, is_subcontract, closing_material_amount as material_amount, closing_conversion_amount as conversion_amount
from {{ ref('work_in_process') }}
where closing_material_amount <> 0 or closing_conversion_amount <> 0
