-- One row per reason why a delivered row was set aside. Judged again here, on the few rows that staging left out.
{% set tables = [
    'item',
    'item_cost',
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
    'production_cost_line',
    'stock_count_line',
    'stock_balance',
    'payment_line',
    'application_line',
    'gl_entry_line',
    'gl_balance',
] %}
-- depends_on: {{ ref('stg_item') }}
-- depends_on: {{ ref('stg_item_cost') }}
-- depends_on: {{ ref('item_unit') }}
-- depends_on: {{ ref('stg_warehouse') }}
-- depends_on: {{ ref('stg_party') }}
-- depends_on: {{ ref('stg_department') }}
-- depends_on: {{ ref('stg_account') }}
-- depends_on: {{ ref('stg_unit_conversion') }}
-- depends_on: {{ ref('stg_opening_item_line') }}
-- depends_on: {{ ref('stg_purchase_order_line') }}
-- depends_on: {{ ref('stg_sales_order_line') }}
-- depends_on: {{ ref('stg_goods_receipt_line') }}
-- depends_on: {{ ref('stg_delivery_line') }}
-- depends_on: {{ ref('stg_purchase_invoice_line') }}
-- depends_on: {{ ref('stg_sales_invoice_line') }}
-- depends_on: {{ ref('stg_stock_movement_line') }}
-- depends_on: {{ ref('stg_production_cost_line') }}
-- depends_on: {{ ref('stg_stock_count_line') }}
-- depends_on: {{ ref('stg_stock_balance') }}
-- depends_on: {{ ref('stg_payment_line') }}
-- depends_on: {{ ref('stg_application_line') }}
-- depends_on: {{ ref('stg_gl_entry_line') }}
-- depends_on: {{ ref('stg_gl_balance') }}

with rejected as (
    {%- for table_name in tables_with_rejects(tables) %}
    {{ rejects(table_name) }}
    union all
    {%- endfor %}
    select
        '' as table_name, '' as extract, '' as file, cast(0 as bigint) as row_no, '' as document_no, '' as column_name, '' as delivered,
        '' as reason_code
    where false
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
