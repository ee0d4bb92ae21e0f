-- One row per landed cost and receipt line that it belongs to: its share by amount, quantity or weight, to the cent.
-- What names no receipt stays whole, with the item it names. Cents left over go to the largest remainders.
with charge as (
    select
        event_id, document_no, line_no, document_date, effective_date, posted_at, entered_at, party_code, reason_code, department_code,
        item_code, warehouse_code, lot_no, original_event_id, coalesce(allocation_key, 'amount') as allocation_key, net_amount
    from {{ ref('business_event') }}
    where event_type = 'landed_cost'
),

receipt as (
    select event_id, document_no, item_code, warehouse_code, lot_no, quantity, net_amount as amount
    from {{ ref('business_event') }}
    where event_type = 'supplier_receipt'
    union all
    select event_id, document_no, item_code, warehouse_code, lot_no, quantity, amount
    from {{ source('carried', 'stock_ledger') }}
    where document_type = 'goods_receipt' and quantity > 0
        and document_no in (select split_part(charge.original_event_id, ':', 2) from charge)
),

weighed as (
    select
        charge.*, receipt.event_id as receipt_event_id,
        coalesce(receipt.item_code, charge.item_code) as to_item_code,
        case when receipt.event_id is null then charge.warehouse_code else receipt.warehouse_code end as to_warehouse_code,
        case when receipt.event_id is null then charge.lot_no else receipt.lot_no end as to_lot_no,
        cast(abs(charge.net_amount) * 100 as hugeint) as cents,
        cast(case
            when receipt.event_id is null then 1
            when charge.allocation_key = 'quantity' then receipt.quantity
            when charge.allocation_key = 'weight' then round(receipt.quantity * item.unit_weight, 4)
            else receipt.amount
        end * 10000 as hugeint) as share
    from charge
    left join receipt
        on split_part(charge.original_event_id, ':', 2) = receipt.document_no
        and (charge.original_event_id = receipt.event_id or starts_with(receipt.event_id, charge.original_event_id || ':'))
    left join {{ ref('stg_item') }} as item on receipt.item_code = item.item_code
),

divided as (
    select
        *,
        count(*) over charge_rows > count(share) over charge_rows or sum(share) over charge_rows = 0 as has_no_key,
        cents * share // nullif(cast(sum(share) over charge_rows as hugeint), 0) as whole_cents,
        cents * share % nullif(cast(sum(share) over charge_rows as hugeint), 0) as remainder
    from weighed
    window charge_rows as (partition by event_id)
)

select
    event_id || coalesce('/' || receipt_event_id, '') as event_id,
    document_no, line_no, document_date, effective_date, posted_at, entered_at, party_code, reason_code, department_code,
    to_item_code as item_code, to_warehouse_code as warehouse_code, to_lot_no as lot_no, receipt_event_id,
    case when not has_no_key then cast(sign(net_amount) * cast(
        whole_cents + case
            when row_number() over (partition by event_id order by remainder desc, receipt_event_id asc) <= cents - sum(whole_cents) over (partition by event_id)
                then 1
            else 0
        end as decimal(18, 0)
    ) * 0.01::decimal(3, 2) as decimal(18, 2)) end as amount
from divided
