-- One row per late cost and transfer that took part of its receipt to another pool: what finds no stock where the receipt came
-- in is shared over issues and transfers after it by quantity, and the share of a transfer is a late cost of the pool it reached.
-- One step: what that pool passes on stays with its own issues.
{% set known = 'event_id, event_type, effective_date, item_code, pool_code, warehouse_code, lot_no, quantity, original_event_id' %}

with late as (
    select movement.*, run.period_start
    from {{ ref('costing_movement') }} as movement
    cross join {{ source('settings', 'period') }} as run
    where movement.op = 6 and movement.event_type in ('invoice_price_difference', 'landed_cost')
        and movement.method <> 'standard' and movement.late_cost <> 'expense'
),

moved as (
    select {{ known }} from {{ ref('costing_movement') }}
    where not is_neutral and item_code in (select item_code from late)
    union all
    select {{ known }} from {{ source('carried', 'stock_ledger') }}
    where item_code in (select item_code from late)
),

taken as (
    select
        late.event_id as late_event_id, arrival.event_id as arrival_event_id, arrival.pool_code, arrival.warehouse_code, arrival.lot_no,
        coalesce(arrival.quantity, -issue.quantity) as quantity
    from late
    inner join moved as receipt on late.original_event_id = receipt.event_id
    inner join moved as issue
        on late.item_code = issue.item_code and late.pool_code = issue.pool_code
        and issue.quantity < 0 and issue.effective_date between receipt.effective_date and late.effective_date
        -- A periodic average holds what it opened with: only earlier periods have taken any of an earlier receipt.
        and (late.method <> 'periodic_average' or late.period_start > issue.effective_date or late.period_start <= receipt.effective_date)
    inner join {{ ref('movement_type') }} as kind on issue.event_type = kind.movement_type
    left join moved as arrival
        on issue.event_type = 'transfer_out' and issue.event_id = arrival.original_event_id and issue.pool_code <> arrival.pool_code
        and late.effective_date >= arrival.effective_date
    where (kind.order_class = 4 and issue.event_type <> 'supplier_return') or arrival.event_id is not null
),

shared as (
    select
        *,
        sum({{ to_quantity_units('quantity') }}) over (partition by late_event_id order by arrival_event_id nulls last, quantity rows between unbounded preceding and current row) as share_after,
        sum({{ to_quantity_units('quantity') }}) over (partition by late_event_id) as share_total
    from taken
)

select
    late.event_id || ':to:' || shared.arrival_event_id as event_id,
    late.event_id as late_event_id,
    cast((select count(*) from {{ ref('costing_order') }}) + dense_rank() over (order by late.event_id) - 1 as integer) as order_slot,
    late.method_no, late.document_type, late.document_no, late.line_no, late.document_date, late.effective_date, late.order_at, late.day_class,
    late.item_code, late.item_category, shared.pool_code, shared.warehouse_code, shared.lot_no, late.party_code, late.reason_code,
    shared.arrival_event_id as original_event_id,
    {{ to_quantity_units('shared.quantity') }} as original_quantity,
    cast(shared.share_after - {{ to_quantity_units('shared.quantity') }} as bigint) as share_before,
    cast(shared.share_after as bigint) as share_after,
    cast(shared.share_total as bigint) as share_total
from shared
inner join late on shared.late_event_id = late.event_id
where shared.arrival_event_id is not null
