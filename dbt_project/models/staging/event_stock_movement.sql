-- One row per effect of any other stock document: a one-row transfer has two, out of one warehouse and into the other.
with line as (
    select *
    from {{ ref('stg_stock_movement_line') }}
    where coalesce(status, 'approved') in ('approved', 'closed')
),

effect as (
    select *, movement_type as event_type, '' as side, warehouse_code as at_warehouse, counterpart_warehouse_code as other_warehouse
    from line
    where movement_type not in ('transfer', 'conversion', 'repack')
    union all
    select *, 'transfer_out', ':out', warehouse_code, counterpart_warehouse_code
    from line
    where movement_type = 'transfer'
    union all
    select *, 'transfer_in', ':in', counterpart_warehouse_code, warehouse_code
    from line
    where movement_type = 'transfer'
    union all
    select
        * replace (abs(quantity) as quantity, abs(amount) as amount),
        movement_type || case when quantity < 0 then '_out' else '_in' end, '', warehouse_code, cast(null as varchar)
    from line
    where movement_type in ('conversion', 'repack')
),

typed as (
    select
        effect.*,
        kind.document_type,
        kind.direction,
        coalesce(effect.amount, {{ extended('abs(effect.quantity)', 'effect.unit_cost') }}) as stated_amount
    from effect
    inner join {{ ref('movement_type') }} as kind on effect.event_type = kind.movement_type
)

select
    document_type || ':' || document_no || ':' || line_no || side as event_id,
    event_type,
    document_type,
    document_no,
    line_no,
    document_date,
    coalesce(posting_date, document_date) as effective_date,
    entered_at,
    item_code,
    at_warehouse as warehouse_code,
    other_warehouse as counterpart_warehouse_code,
    party_code,
    reason_code,
    department_code,
    business_type,
    direction * quantity as quantity,
    unit_cost,
    case when direction = 0 then stated_amount else direction * stated_amount end as net_amount,
    cast(null as decimal(18, 2)) as tax_amount,
    cast(null as decimal(18, 8)) as tax_rate,
    case
        when event_type = 'transfer_in' and side = ':in' then document_type || ':' || document_no || ':' || line_no || ':out'
        when event_type = 'transfer_in' then document_type || ':' || coalesce(original_document_no, document_no) || ':' || coalesce(original_line_no, line_no)
        when event_type = 'landed_cost' then 'goods_receipt:' || original_document_no || coalesce(':' || original_line_no, '')
        when original_document_no is not null and original_line_no is not null
            then document_type || ':' || original_document_no || ':' || original_line_no
    end as original_event_id,
    reported_unit_cost,
    reported_amount,
    unit,
    lot_no,
    production_order_no,
    allocation_key,
    coalesce(approved_at, entered_at) as posted_at,
    {{ original_columns() }}
from typed
