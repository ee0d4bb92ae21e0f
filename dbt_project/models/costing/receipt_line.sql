-- One row per receipt line that an invoice of this period can settle: received now, or still unsettled at the last close.
with received as (
    select
        event_id, document_no, line_no, effective_date as receipt_date, party_code, item_code, warehouse_code, lot_no, reason_code,
        quantity as receipt_quantity, net_amount as receipt_amount, quantity as open_quantity, net_amount as open_amount,
        period as first_period, true as is_new
    from {{ ref('business_event') }}
    where event_type in ('supplier_receipt', 'supplier_return') and not {{ is_unvalued('warehouse_code') }}
),

unsettled as (
    select
        event_id, document_no, line_no, receipt_date, party_code, item_code, warehouse_code, lot_no, reason_code,
        receipt_quantity, receipt_amount, open_quantity, open_amount, first_period, false as is_new
    from {{ source('carried', 'open_estimate') }}
),

given as (
    select
        'goods_receipt:' || document_no || ':' || coalesce(line_no, 1) as event_id, document_no, coalesce(line_no, 1) as line_no,
        document_date as receipt_date, party_code, item_code, warehouse_code, cast(null as varchar) as lot_no, cast(null as varchar) as reason_code,
        quantity as receipt_quantity, amount as receipt_amount, quantity as open_quantity, amount as open_amount,
        run.period as first_period, false as is_new
    from {{ ref('stg_opening_item_line') }}
    cross join {{ source('settings', 'period') }} as run
    where kind = 'estimate' and run.is_first_period
)

select * from received
union all
select * from unsettled
union all
select * from given
