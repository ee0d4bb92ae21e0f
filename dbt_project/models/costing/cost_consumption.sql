-- One row per issue and FIFO layer that it consumed, in the order of the issues; what a refill covered counts too.
select
    run.period,
    pool.item_code,
    pool.pool_code,
    issue.event_id,
    source.event_id as source_event_id,
    cast(issue.sequence_no as bigint) as sequence_no,
    {{ from_quantity_units('sum(consumed.layer_quantity)') }} as quantity,
    {{ from_minor('sum(consumed.layer_amount)') }} as amount
from {{ ref('costed') }} as consumed
inner join {{ ref('costing_pool') }} as pool on consumed.component_key = pool.component_key and consumed.pool_key = pool.pool_key
inner join {{ ref('costing_input') }} as issue on consumed.sequence_no = issue.sequence_no
inner join {{ ref('costing_input') }} as source on consumed.source_sequence_no = source.sequence_no
cross join {{ source('settings', 'period') }} as run
where consumed.record_kind = 'consumption'
group by all
