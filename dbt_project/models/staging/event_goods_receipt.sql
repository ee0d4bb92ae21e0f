-- One row per receipt or supplier return line, signed, net of tax; with it where input tax is not deducted.
with line as (
    select
        *,
        coalesce(is_return, false) or quantity < 0 or coalesce(amount, 0) < 0 as is_red,
        coalesce(amount, {{ extended('quantity', 'unit_price') }}) as stated_amount
    from {{ ref('stg_goods_receipt_line') }}
    where coalesce(status, 'approved') in ('approved', 'closed')
),

valued as (
    select
        *,
        case
            when not {{ deducts_input_tax() }}
                then abs(stated_amount) + case when coalesce(price_includes_tax, false) then 0 else {{ tax_of('abs(stated_amount)', 'coalesce(tax_rate, 0)') }} end
            when coalesce(price_includes_tax, false) then {{ net_of_gross('abs(stated_amount)', 'coalesce(tax_rate, 0)') }}
            else abs(stated_amount)
        end * case when is_red then -1 else 1 end as net_amount
    from line
)

select
    'goods_receipt:' || document_no || ':' || line_no as event_id,
    case when is_red then 'supplier_return' else 'supplier_receipt' end as event_type,
    'goods_receipt' as document_type,
    document_no,
    line_no,
    document_date,
    coalesce(posting_date, document_date) as effective_date,
    entered_at,
    item_code,
    warehouse_code,
    cast(null as varchar) as counterpart_warehouse_code,
    party_code,
    reason_code,
    department_code,
    business_type,
    case when is_red then -abs(quantity) else abs(quantity) end as quantity,
    cast(null as decimal(28, 10)) as unit_cost,
    {{ in_books('net_amount') }} as net_amount,
    cast(null as decimal(18, 2)) as tax_amount,
    tax_rate,
    case when original_document_no is not null and original_line_no is not null
        then 'goods_receipt:' || original_document_no || ':' || original_line_no
    end as original_event_id,
    reported_unit_cost,
    reported_amount,
    unit,
    lot_no,
    coalesce(approved_at, entered_at) as posted_at,
    {{ original_columns('net_amount', 'null', 'currency') }}
from valued
