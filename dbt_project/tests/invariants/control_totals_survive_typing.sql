{{ config(meta={'label_zh': '控制总数：文本合计等于类型化后的合计加退回行', 'label_en': 'control totals: the text adds up to the typed rows and those set aside'}) }}
{%- set tables = ['goods_receipt_line', 'delivery_line', 'purchase_invoice_line', 'sales_invoice_line', 'stock_movement_line', 'payment_line', 'gl_entry_line', 'gl_balance'] %}
-- depends_on: {{ ref('rejected_row') }}
-- Totals were taken from the text when it was landed, by other code. A table with rejected rows is compared by rows left.
with typed as (
    {%- for name in tables %}
    select '{{ name }}' as table_name, unnest(totals, recursive := true)
    from (
        select list_value(
            {%- for column in contract_columns(name) if column.data_type in ('amount', 'quantity') %}
            struct_pack(column_name := '{{ column.name }}', total := cast(coalesce(sum({{ adapter.quote(column.name) }}), 0) as decimal(38, 4))),
            {%- endfor %}
            struct_pack(column_name := '', total := cast(0 as decimal(38, 4)))
        ) as totals
        from {{ ref('stg_' ~ name) }}
    )
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select typed.table_name, typed.column_name, typed.total as typed_total, delivered.total as text_total
from typed
inner join {{ source('landing', 'control_total') }} as delivered
    on typed.table_name = delivered.table_name and typed.column_name = delivered.column_name
where abs(coalesce(delivered.total, 0) - typed.total) > 0.0001 * greatest(delivered.row_count, 1)
    and typed.table_name not in (select rejected.table_name from {{ ref('rejected_row') }} as rejected)
