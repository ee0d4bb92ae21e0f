-- One row per stock movement, costed; a correction of an issue into negative stock is a row of its own. Where the source's
-- costs are posted, its figure is the amount (what it does not state is the document's own) and ours stands beside it.
with movement as (
    select * from {{ ref('costed') }} where record_kind = 'movement' and event_type <> 'negative_true_up'
),

true_up as (
    select
        correction.* exclude (event_id, event_type, document_type, document_no, line_no, reason_code, party_code, original_event_id, warehouse_code),
        issue.event_id || ':true_up:' || correction.sequence_no as event_id,
        'negative_true_up' as event_type,
        issue.document_type, issue.document_no, issue.line_no, issue.reason_code, issue.party_code,
        issue.event_id as original_event_id,
        issue.warehouse_code
    from {{ ref('costed') }} as correction
    inner join {{ ref('costed') }} as issue on correction.source_sequence_no = issue.sequence_no and {{ is_row('issue') }}
    where correction.record_kind = 'movement' and correction.event_type = 'negative_true_up'
),

-- Goods that are not ours, or not valued: quantity alone, in no pool.
unvalued as (
    select
        event.* exclude (quantity, unit_cost, net_amount, tax_amount, tax_rate, period), {{ to_quantity_units('event.quantity') }} as quantity,
        0 as out_amount
    from {{ ref('business_event') }} as event
    inner join {{ ref('movement_type') }} as kind on event.event_type = kind.movement_type
    where event.is_stocked and event.item_code is not null and {{ is_unvalued('event.warehouse_code') }}
),

valued as (
    select * from movement
    union all by name
    select * from true_up
    union all by name
    select * from unvalued
),

recorded as (
    select
        valued.*,
        case
            when setting.cost_of_record = 'recomputed' or valued.pool_code is null or valued.quantity = 0 then {{ from_minor('valued.out_amount') }}
            -- The source corrects itself by documents of its own.
            when valued.event_type = 'negative_true_up' then 0
            else coalesce(
                cast(sign(valued.quantity) * abs(valued.reported_amount) as decimal(18, 2)),
                {{ extended(from_quantity_units('valued.quantity'), 'valued.reported_unit_cost') }},
                {{ from_minor('valued.out_amount') }}
            )
        end as record_amount
    from valued
    cross join {{ source('settings', 'books') }} as setting
)

select
    event_id,
    run.period,
    event_type,
    document_type,
    document_no,
    cast(line_no as integer) as line_no,
    document_date,
    effective_date,
    sequence_no,
    item_code,
    item_category,
    warehouse_code,
    pool_code,
    lot_no,
    production_order_no,
    party_code,
    reason_code,
    {{ from_quantity_units('quantity') }} as quantity,
    cast(record_amount as decimal(18, 2)) as amount,
    {{ from_minor('out_amount') }} as recomputed_amount,
    {{ from_minor('coalesce(expensed_amount, 0)') }} as expensed_amount,
    {{ unit_cost_of(to_minor('record_amount'), 'quantity') }} as unit_cost,
    {{ from_quantity_units('balance_quantity') }} as balance_quantity,
    {{ from_minor('balance_amount') }} as balance_amount,
    original_event_id,
    case
        when event_type = 'negative_true_up' then 'true_up'
        when event_type = 'invoice_price_difference' then 'late_price'
        when event_type = 'landed_cost' then 'landed_cost'
        when event_type = 'late_transfer' then case document_type when 'landed_cost' then 'landed_cost' else 'late_price' end
        when event_type <> 'opening' and document_date < run.period_start then 'backdated_change'
    end as cause_code,
    case method when 1 then 'moving_average' when 2 then 'fifo' when 3 then 'periodic_average' when 4 then 'standard' end as costing_method,
    case
        when event_type = 'negative_true_up' then 'true_up'
        else case op
            when 1 then 'given_amount' when 2 then 'issue' when 3 then 'original_cost' when 4 then 'original_cost' when 5 then 'current_cost'
            when 6 then 'late_cost' when 7 then 'new_standard' when 8 then 'inside_pool' when 9 then 'from_order'
        end
    end as cost_basis,
    reported_unit_cost,
    reported_amount
from recorded
cross join {{ source('settings', 'period') }} as run
