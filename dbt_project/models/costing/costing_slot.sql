-- One row per movement, or layer carried in, that another movement goes by: its place in the kernel's memory.
with referenced as (
    select original_event_id as event_id
    from {{ ref('costing_movement') }}
    where original_event_id is not null
    union
    select original_event_id
    from {{ ref('late_transfer') }}
),

target as (
    select movement.event_id
    from {{ ref('costing_movement') }} as movement
    where movement.event_id in (select referenced.event_id from referenced)
    union
    select layer.source_event_id
    from {{ source('carried', 'open_layer') }} as layer
    where layer.source_event_id in (select referenced.event_id from referenced)
)

select event_id, cast(row_number() over (order by event_id) - 1 as integer) as slot
from target
