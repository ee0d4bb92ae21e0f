-- One row per stock movement that the ledger took in this period, of an item whose unit costs the source reports: its goods, and when.
-- It counts when the ledger took it: dated in an earlier period, its goods are read by key from what was published.
with stock_voucher as (
    select
        line.document_type,
        {{ document_key('line.document_no') }} as document_no,
        min(coalesce(line.entered_at, line.voucher_date)) as posted_at,
        min(lpad(line.voucher_no, 20, '0')) as posted_no
    from {{ ref('ledger_line') }} as line
    inner join {{ ref('control_account') }} as control on line.account_code = control.account_code and control.tie_code = 'stock'
    where line.is_live and exists (select 1 from {{ ref('stg_item_cost') }})
    group by line.document_type, {{ document_key('line.document_no') }}
    having sum(line.signed_amount) <> 0
),

-- A receipt that its bill brings into stock has no voucher of its own.
by_bill as (
    select settlement.receipt_event_id as event_id, min(voucher.posted_at) as posted_at, min(voucher.posted_no) as posted_no
    from {{ ref('purchase_settlement') }} as settlement
    inner join stock_voucher as voucher
        on voucher.document_type = 'purchase_invoice' and {{ document_key('settlement.document_no') }} = voucher.document_no
    group by settlement.receipt_event_id
),

-- Documents of earlier periods that the ledger has not taken yet.
awaited as (
    select document_type, {{ document_key('document_no') }} as document_no
    from {{ source('carried', 'open_group') }}
    where tie_code = 'stock'
    group by all
    having sum(actual_amount) = 0
),

moved as (
    select event_id, event_type, document_type, document_no, effective_date, item_code, quantity, unit_cost, reported_unit_cost
    from {{ ref('stock_ledger') }}
    union all
    select event_id, event_type, document_type, document_no, effective_date, item_code, quantity, unit_cost, reported_unit_cost
    from {{ source('carried', 'stock_ledger') }}
    where (document_type, {{ document_key('document_no') }}) in (select (awaited.document_type, awaited.document_no) from awaited)
),

-- What a document itself says a unit is worth: exact, where the amount has only cents.
stated as (
    select
        'goods_receipt:' || line.document_no || ':' || line.line_no as event_id,
        {{ per_stock_unit('line.unit_price', 'coalesce(unit.factor, 1)') }} as unit_cost
    from {{ ref('stg_goods_receipt_line') }} as line
    left join {{ ref('item_unit') }} as unit on line.item_code = unit.item_code and lower(line.unit) = unit.unit
    where not coalesce(line.price_includes_tax, false)
    union all
    select event_id, unit_cost
    from {{ ref('business_event') }}
    where event_type = 'opening'
),

movement as (
    select
        moved.*,
        coalesce(voucher.posted_at, by_bill.posted_at) as posted_at,
        coalesce(voucher.posted_no, by_bill.posted_no) as posted_no
    from moved
    left join stock_voucher as voucher
        on moved.document_type = voucher.document_type and {{ document_key('moved.document_no') }} = voucher.document_no
    left join by_bill on moved.event_id = by_bill.event_id
    where moved.quantity <> 0 and (voucher.document_no is not null or by_bill.event_id is not null)
    union all
    -- The ledger took it into an earlier period, and later than the period's last day.
    select event_id, event_type, document_type, document_no, effective_date, item_code, quantity, unit_cost, reported_unit_cost, posted_at, posted_no
    from {{ source('carried', 'posted_layer') }}
    where is_pending
)

select
    movement.event_id,
    movement.event_type,
    movement.document_type,
    {{ document_key('movement.document_no') }} as document_no,
    movement.item_code,
    item.method = 'fifo' as is_layered,
    movement.document_type = 'goods_receipt' and item.method <> 'standard' as has_own_price,
    movement.effective_date,
    -- Of one day, what suppliers bring comes before what customers and counts bring back.
    kind.order_class + case when movement.event_type = 'supplier_receipt' then 0 else 1 end as order_class,
    movement.posted_at,
    movement.posted_no,
    movement.quantity,
    coalesce(stated.unit_cost, movement.unit_cost) as unit_cost,
    movement.reported_unit_cost
from movement
inner join {{ ref('movement_type') }} as kind
    on movement.event_type = kind.movement_type and kind.direction <> 0 and kind.document_type <> 'transfer'
inner join {{ ref('costing_item') }} as item on movement.item_code = item.item_code
semi join {{ ref('stg_item_cost') }} as cost on movement.item_code = cost.item_code
left join stated on movement.event_id = stated.event_id
