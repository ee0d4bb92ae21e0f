-- One row per open FIFO layer, handed to the next period in kernel integers.
select
    layer.item_code,
    pool.pool_code,
    cast(row_number() over (partition by layer.component_key, layer.pool_key order by layer.source_sequence_no) as integer) as layer_no,
    source.event_id as source_event_id,
    layer.layer_quantity as quantity,
    layer.layer_original_quantity as original_quantity,
    layer.layer_amount as amount
from {{ ref('costed') }} as layer
inner join {{ ref('costing_pool') }} as pool on layer.component_key = pool.component_key and layer.pool_key = pool.pool_key
inner join {{ ref('costed') }} as source on layer.source_sequence_no = source.sequence_no and {{ is_row('source') }}
where layer.record_kind = 'layer'
