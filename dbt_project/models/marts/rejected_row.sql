-- One row per reason why a delivered row was set aside. Judged again here, on the few rows that staging left out.
{% set tables = [
    'item',
    'warehouse',
    'party',
    'department',
    'account',
    'unit_conversion',
    'opening_item_line',
    'purchase_order_line',
    'sales_order_line',
    'goods_receipt_line',
    'delivery_line',
    'purchase_invoice_line',
    'sales_invoice_line',
    'stock_movement_line',
    'stock_count_line',
    'stock_balance',
    'payment_line',
    'application_line',
    'gl_entry_line',
    'gl_balance',
] %}

with rejected as (
    {% for table_name in tables %}
    {{ rejects(table_name) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    run.period,
    rejected.table_name,
    rejected.extract,
    rejected.file,
    rejected.row_no,
    rejected.document_no,
    rejected.column_name,
    rejected.delivered as value,
    rejected.reason_code,
    reason.reason_zh,
    reason.reason_en
from rejected
cross join {{ source('settings', 'period') }} as run
left join {{ ref('reject_reason') }} as reason on rejected.reason_code = reason.reason_code
