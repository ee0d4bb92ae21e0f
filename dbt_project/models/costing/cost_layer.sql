-- One row per layer that an issue consumed, and per layer that is open at the period's end. Layers are receipts (FIFO) or lots
-- (specific identification: the lot is its own cost pool, so an issue consumes of it what the ledger says, from no one receipt).
with layer as (
    select
        case said.record_kind when 'layer' then 'open' else 'consumed' end as layer_kind,
        pool.item_code, pool.pool_code, said.sequence_no, said.source_sequence_no,
        issue.event_id as issue_event_id, source.event_id as source_event_id,
        said.layer_quantity as quantity, said.layer_amount as amount
    from {{ ref('costed') }} as said
    inner join {{ ref('costing_pool') }} as pool on said.component_key = pool.component_key and said.pool_key = pool.pool_key
    inner join {{ ref('costed') }} as source on said.source_sequence_no = source.sequence_no and {{ is_row('source') }}
    left join {{ ref('costed') }} as issue
        on said.record_kind = 'consumption' and said.sequence_no = issue.sequence_no and {{ is_row('issue') }}
    where said.record_kind in ('layer', 'consumption')
    union all
    select 'consumed', moved.item_code, moved.pool_code, moved.sequence_no, 0, moved.event_id, null, -moved.quantity, -moved.out_amount
    from {{ ref('costed') }} as moved
    inner join {{ ref('costing_item') }} as item on moved.item_code = item.item_code
    where item.method = 'specific' and moved.record_kind = 'movement' and moved.quantity < 0 and moved.op <> 8
    union all
    select 'open', state.item_code, state.pool_code, 0, 0, null, null, state.quantity, state.amount
    from {{ ref('state_cost_state') }} as state
    inner join {{ ref('costing_item') }} as item on state.item_code = item.item_code
    where item.method = 'specific' and state.quantity > 0
)

select
    run.period,
    item_code,
    pool_code,
    layer_kind,
    cast(row_number() over (partition by item_code, pool_code, layer_kind order by case layer_kind when 'consumed' then sequence_no end, source_sequence_no) as integer) as layer_no,
    issue_event_id,
    source_event_id,
    {{ from_quantity_units('quantity') }} as quantity,
    {{ from_minor('amount') }} as amount,
    {{ unit_cost_of('amount', 'quantity') }} as unit_cost
from layer
cross join {{ source('settings', 'period') }} as run
