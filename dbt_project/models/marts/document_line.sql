-- One row per document line that was used as delivered: the extract, file and row it came from.
{% set kinds = [
    ('goods_receipt', 'goods_receipt_line', 'document_date'), ('delivery', 'delivery_line', 'document_date'),
    ('purchase_invoice', 'purchase_invoice_line', 'invoice_date'), ('sales_invoice', 'sales_invoice_line', 'invoice_date'),
    ('payment', 'payment_line', 'document_date'), ('application', 'application_line', 'document_date')
] %}

with line as (
    {%- for document_type, table_name, dated in kinds %}
    select
        '{{ table_name }}' as table_name, '{{ document_type }}' as document_type, document_no, line_no, {{ dated }} as document_date,
        status, source_extract, source_file, source_row, source_row_id
    from {{ ref('stg_' ~ table_name) }}
    union all
    {%- endfor %}
    select
        'stock_movement_line', kind.document_type, moved.document_no, moved.line_no, moved.document_date,
        moved.status, moved.source_extract, moved.source_file, moved.source_row, moved.source_row_id
    from {{ ref('stg_stock_movement_line') }} as moved
    inner join {{ ref('movement_type') }} as kind
        on {{ effect_of('moved.movement_type') }} = kind.movement_type
    union all
    select
        'production_cost_line', 'production_cost', coalesce(production_order_no, item_code, period), null, null,
        null, source_extract, source_file, source_row, source_row_id
    from {{ ref('stg_production_cost_line') }}
    union all
    select
        'opening_item_line',
        coalesce(document_type, case kind
            when 'ap' then 'purchase_invoice' when 'ar' then 'delivery' when 'estimate' then 'goods_receipt' when 'goods_shipped' then 'delivery'
            else 'payment'
        end),
        document_no, line_no, document_date, null, source_extract, source_file, source_row, source_row_id
    from {{ ref('stg_opening_item_line') }}
    where (select first.is_first_period from {{ source('settings', 'period') }} as first)
)

select run.period, line.*
from line
cross join {{ source('settings', 'period') }} as run
