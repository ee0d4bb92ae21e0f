{{ config(meta={'label_zh': '每笔出入库恰好计价一次', 'label_en': 'every stock event is valued exactly once'}) }}
select coalesce(event.event_id, valued.event_id) as event_id
from (
    select event_id, count(*) as times
    from (
        select event_id from {{ ref('stock_event') }}
        union all
        select happened.event_id
        from {{ ref('business_event') }} as happened
        inner join {{ ref('movement_type') }} as kind on happened.event_type = kind.movement_type
        where happened.is_stocked and happened.item_code is not null and {{ is_unvalued('happened.warehouse_code') }}
    )
    group by event_id
) as event
full outer join (
    select event_id, count(*) as times from {{ ref('stock_ledger') }} where event_type not in ('negative_true_up', 'late_transfer') group by event_id
) as valued on event.event_id = valued.event_id
where event.times is distinct from 1 or valued.times is distinct from 1
