{{ config(meta={'label_zh': '计价无错误', 'label_en': 'costing has no errors'}) }}
-- What could not be valued: no cost known, negative stock refused, standard cost missing, a number too large; a circle of
-- cost pools without a solution; an item under specific identification whose row names no lot; a product under
-- periodic average that is made of items under another method and then moves on inside what was solved before them.
select error_code, document_type, document_no, line_no, item_code, warehouse_code
from {{ ref('costed') }}
where record_kind = 'error'
union all
select linked.error_code, null, null, null, pool.item_code, pool.pool_code
from {{ ref('costing_linked') }} as linked
inner join {{ ref('costing_pool') }} as pool on linked.pool_no = pool.pool_no
where linked.record_kind = 'error'
union all
select distinct 'mixed_methods', movement.document_type, movement.document_no, movement.line_no, movement.item_code, movement.warehouse_code
from {{ ref('costing_movement') }} as movement
inner join {{ ref('costing_order') }} as orders on movement.order_key = orders.order_key
inner join {{ ref('costing_pool') }} as pool on movement.item_code = pool.item_code and movement.pool_code = pool.pool_code
where movement.op = 9 and movement.method = 'periodic_average' and orders.is_mixed
    and (orders.is_document or pool.pool_no in (select link.pool_no from {{ ref('costing_link') }} as link where link.is_solved))
union all
select 'lot_missing', document_type, document_no, line_no, item_code, warehouse_code
from {{ ref('costing_movement') }}
where method = 'specific' and lot_no is null
union all
-- The source's costs are posted, and it states none for what no document gives a value.
select 'not_costed_by_source', document_type, document_no, line_no, item_code, warehouse_code
from {{ ref('costing_movement') }}
cross join {{ source('settings', 'books') }} as setting
where setting.cost_of_record = 'source' and op not in (1, 6, 7, 8) and quantity <> 0 and coalesce(reported_amount, reported_unit_cost) is null
union all
-- What becomes ours, or ceases to be, needs a document that says what it is worth: a receipt or an issue, not a transfer.
select 'value_without_document', arrival.document_type, arrival.document_no, arrival.line_no, arrival.item_code, arrival.warehouse_code
from {{ ref('business_event') }} as arrival
inner join {{ ref('business_event') }} as departure on arrival.original_event_id = departure.event_id
where arrival.event_type = 'transfer_in'
    and {{ is_unvalued('arrival.warehouse_code') }} <> {{ is_unvalued('departure.warehouse_code') }}
