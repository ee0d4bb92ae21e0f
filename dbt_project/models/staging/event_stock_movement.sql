-- One row per effect of any other stock document: a one-row transfer has two, out of one warehouse and into the other.
with line as (
    select *
    from {{ ref('stg_stock_movement_line') }}
    where coalesce(status, 'approved') in ('approved', 'closed')
),

-- What is lent or consigned is moved to a place of its own: the warehouse that the document names, else the one all such goods share.
moved as (
    select
        *,
        movement_type like '%_back' as comes_back,
        coalesce(counterpart_warehouse_code, case when movement_type like 'loan%' then '*loan' when movement_type like 'consign%' then '*consigned_out' end) as away
    from line
    where movement_type in ('transfer', 'loan_out', 'loan_back', 'consignment_out', 'consignment_back')
),

effect as (
    select
        *, movement_type as event_type, cast(null as varchar) as own_document_type, '' as side,
        warehouse_code as at_warehouse, counterpart_warehouse_code as other_warehouse
    from line
    where movement_type not in ('transfer', 'loan_out', 'loan_back', 'consignment_out', 'consignment_back', 'conversion', 'repack')
    union all
    select
        * exclude (comes_back, away), 'transfer_out', movement_type, ':out',
        case when comes_back then away else warehouse_code end, case when comes_back then warehouse_code else away end
    from moved
    union all
    select
        * exclude (comes_back, away), 'transfer_in', movement_type, ':in',
        case when comes_back then warehouse_code else away end, case when comes_back then away else warehouse_code end
    from moved
    union all
    select
        * replace (abs(quantity) as quantity, abs(amount) as amount),
        movement_type || case when quantity < 0 then '_out' else '_in' end, null, '', warehouse_code, cast(null as varchar)
    from line
    where movement_type in ('conversion', 'repack')
),

typed as (
    select
        effect.*,
        coalesce(effect.own_document_type, kind.document_type) as document_type,
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
