-- One row per stock movement, costed; a correction of an issue into negative stock is a row of its own.
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

valued as (
    select * from movement
    union all by name
    select * from true_up
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
    {{ from_minor('out_amount') }} as amount,
    {{ from_minor('coalesce(expensed_amount, 0)') }} as expensed_amount,
    {{ unit_cost_of('out_amount', 'quantity') }} as unit_cost,
    {{ from_quantity_units('balance_quantity') }} as balance_quantity,
    {{ from_minor('balance_amount') }} as balance_amount,
    original_event_id,
    case event_type when 'negative_true_up' then 'true_up' when 'invoice_price_difference' then 'late_price' when 'landed_cost' then 'landed_cost' end as cause_code,
    reported_unit_cost,
    reported_amount
from valued
cross join {{ source('settings', 'period') }} as run
