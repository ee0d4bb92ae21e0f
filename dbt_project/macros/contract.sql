-- Staging's casts and reasons for rejection, derived from the one declaration of the contract (the raw sources).

-- The columns of a contract table as plain values: rendering asks for them several hundred times in a run.
{% macro contract_columns(table_name) %}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- set node = graph.sources['source.tieout.raw.' ~ table_name] -%}
        {%- for column in node.columns.values() -%}
            {%- set meta = (column.config or {}).get('meta') or column.meta or {} -%}
            {%- set canonical = {} -%}
            {%- for value in meta.get('accepted') or [] -%}{%- do canonical.update({value | lower: value}) -%}{%- endfor -%}
            {%- for text, value in (meta.get('synonyms') or {}).items() if (text | string | lower) not in canonical -%}
                {%- do canonical.update({text | string | lower: value}) -%}
            {%- endfor -%}
            {%- do found.append({
                'name': column.name, 'quoted': '"' ~ column.name ~ '"', 'data_type': column.data_type,
                'required': meta.get('required'), 'canonical': canonical
            }) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}

-- A column's text read, null for what cannot be read. Nothing is rounded here.
{% macro parsed_values(columns) %}
    {%- for column in columns %}
        {{ column.quoted }} :=
        {%- if column.canonical %}
        case lower(normalise_code({{ column.quoted }}))
            {%- for text, value in column.canonical.items() %}
            when '{{ text | replace("'", "''") }}' then '{{ value }}'
            {%- endfor %}
        end
        {%- elif column.data_type == 'code' %}
        normalise_code({{ column.quoted }})
        {%- elif column.data_type == 'date' %}
        parse_date({{ column.quoted }})
        {%- elif column.data_type == 'timestamp' %}
        parse_timestamp({{ column.quoted }})
        {%- elif column.data_type in ('quantity', 'unit_cost', 'amount', 'rate', 'integer') %}
        parse_decimal({{ column.quoted }})
        {%- elif column.data_type == 'boolean' %}
        parse_boolean({{ column.quoted }})
        {%- else %}
        nullif(trim({{ column.quoted }}), '')
        {%- endif %}{{ ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}

-- What was read as the column's type, null for what does not fit. A tax rate of 13 is 13 %.
{% macro typed_values(columns) %}
    {%- set types = {'quantity': 'decimal(18, 4)', 'unit_cost': 'decimal(28, 10)', 'amount': 'decimal(18, 2)', 'rate': 'decimal(18, 8)', 'integer': 'integer'} -%}
    {%- for column in columns %}
        {{ column.quoted }} :=
        {%- if column.name == 'tax_rate' %}
        try_cast(case when abs(parsed.tax_rate) > 1 then parsed.tax_rate * 0.01 else parsed.tax_rate end as decimal(18, 8))
        {%- elif column.data_type in types and not column.canonical %}
        try_cast(parsed.{{ column.quoted }} as {{ types[column.data_type] }})
        {%- else %}
        parsed.{{ column.quoted }}
        {%- endif %}{{ ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}

-- Why a delivered row cannot be used: a list of column, value and reason.
{% macro reject_reasons(table_name, columns) %}
    list_filter([
        {%- for column in columns if column.required or column.canonical or column.data_type not in ('text', 'code') %}
        struct_pack(column_name := '{{ column.name }}', delivered := raw_row.{{ column.quoted }}, reason_code := case
            when coalesce(trim(raw_row.{{ column.quoted }}), '') = '' then {{ "'required_value_missing'" if column.required else 'null' }}
            {%- if column.canonical %}
            when typed.{{ column.quoted }} is null then 'unknown_value'
            {%- elif column.data_type not in ('text', 'code') %}
            {%- if column.data_type == 'date' %}
            when typed.{{ column.quoted }} is null and {{ is_total('normalise_code(raw_row.' ~ column.quoted ~ ')') }} then 'total_row'
            {%- endif %}
            when typed.{{ column.quoted }} is null then 'unreadable_{{ column.data_type }}'
            {%- endif %}
            {%- if column.data_type == 'amount' %}
            when typed.{{ column.quoted }} <> parsed.{{ column.quoted }} then 'more_than_two_decimals'
            {%- endif %}
        end),
        {%- endfor %}
        {{ row_reasons(table_name, columns | map(attribute='name') | list) }}
    ], lambda entry: entry.reason_code is not null)
{% endmacro %}

-- Tables whose lines name an item and the unit of their quantity.
{% macro tables_with_units() %}
    {{ return(['goods_receipt_line', 'delivery_line', 'purchase_invoice_line', 'sales_invoice_line', 'stock_movement_line']) }}
{% endmacro %}

-- Where a table without document lines says that a row is a total, and where one without an amount has its price.
{% macro total_column(table_name) %}
    {{ return({'item': 'item_code', 'warehouse': 'warehouse_code', 'party': 'party_code', 'department': 'department_code',
        'account': 'account_code', 'item_cost': 'item_code', 'gl_balance': 'account_code', 'gl_entry_line': 'account_code', 'stock_balance': 'item_code'}.get(table_name)) }}
{% endmacro %}
{% macro price_column(table_name) %}
    {{ return({'goods_receipt_line': 'unit_price', 'delivery_line': 'unit_price', 'stock_movement_line': 'unit_cost'}.get(table_name)) }}
{% endmacro %}

-- A code that only says that a row is a total; comparing is cheaper than a pattern where every row is asked.
{% macro is_total(code) -%}
    {{ code }} in ('合计', '合 计', '小计', '小 计', '总计', '总 计', '本页合计', '本月合计', '本年累计', '累计', '合计:', '小计:', '总计:',
        'Total', 'total', 'TOTAL', 'Total:', 'total:', 'Subtotal', 'subtotal', 'Grand total', 'Grand Total')
{%- endmacro %}

-- Reasons that look at more than one column or at another table. A ledger line is never set aside for its item.
{% macro row_reasons(table_name, names) %}
    {%- if 'document_no' in names and 'line_no' in names %}
        struct_pack(column_name := 'document_no', delivered := raw_row.document_no, reason_code := case
            when regexp_matches(typed.document_no, '(?i)^(合\s*计|小\s*计|总\s*计|本页合计|total)') then 'total_row'
        end),
    {%- elif total_column(table_name) %}
        {%- set name = total_column(table_name) %}
        struct_pack(column_name := '{{ name }}', delivered := raw_row.{{ name }}, reason_code := case
            when {{ is_total('typed.' ~ name) }} then 'total_row'
        end),
    {%- endif %}
    {%- if 'item_code' in names and table_name not in ('item', 'gl_entry_line', 'gl_balance') %}
        struct_pack(column_name := 'item_code', delivered := raw_row.item_code, reason_code := case
            when typed.item_code is not null
                and typed.item_code not in (
                    select normalise_code(known.item_code) from {{ source('raw', 'item') }} as known where known.item_code is not null
                ) then 'unknown_item'
        end),
    {%- endif %}
    {%- if table_name in tables_with_units() %}
        struct_pack(column_name := 'unit', delivered := raw_row.unit, reason_code := case
            when typed.unit is not null
                and typed.item_code in (select kept.item_code from {{ ref('item_unit') }} as kept)
                and (typed.item_code, lower(typed.unit)) not in (select (kept.item_code, kept.unit) from {{ ref('item_unit') }} as kept)
                then 'unknown_unit'
        end),
    {%- endif %}
    {%- if price_column(table_name) %}
        {%- set name = price_column(table_name) %}
        struct_pack(column_name := '{{ name }}', delivered := raw_row.{{ name }}, reason_code := case
            when typed.amount is null and typed.{{ name }} < 0 then 'negative_price'
        end),
    {%- endif %}
    {%- if table_name == 'goods_receipt_line' %}
        struct_pack(column_name := 'amount', delivered := raw_row.amount, reason_code := case
            when typed.amount is null and typed.unit_price is null then 'no_amount'
        end),
    {%- endif %}
        struct_pack(column_name := cast(null as varchar), delivered := cast(null as varchar), reason_code := cast(null as varchar))
{% endmacro %}

-- The rows of one raw table (those that `where` keeps): as delivered, as typed, and the reasons for setting them aside.
{% macro judged_rows(table_name, where='') %}
    {%- set columns = contract_columns(table_name) -%}
    select raw_row, typed, {{ reject_reasons(table_name, columns) }} as reasons
    from (
        select raw_row, parsed, struct_pack({{ typed_values(columns) }}) as typed
        from (
            select delivered as raw_row, struct_pack({{ parsed_values(columns) }}) as parsed
            from {{ source('raw', table_name) }} as delivered
            {{ where }}
        )
    )
{%- endmacro %}

-- A staging model's whole body: good rows of one raw table, typed. Rows left out are in rejected_row.
{% macro stage(table_name) %}
{%- if table_name in tables_with_units() %}
-- depends_on: {{ ref('item_unit') }}
{%- endif %}
with judged as (
    {{ judged_rows(table_name) }}
)

select
    typed.*,
    raw_row._extract as source_extract,
    raw_row._file as source_file,
    raw_row._row as source_row,
    raw_row._row_id as source_row_id
from judged
where len(reasons) = 0
{% endmacro %}

-- The staging tables that left rows out; asked when staging is there, so that a clean delivery costs no second reading.
{% macro tables_with_rejects(table_names) %}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}
    {%- set counted = [] -%}
    {%- for name in table_names -%}
        {%- do counted.append("select '" ~ name ~ "' as table_name, (select count(*) from raw." ~ name ~ ") - (select count(*) from "
            ~ "staging.stg_" ~ name ~ ") as left_out") -%}
    {%- endfor -%}
    {{ return(run_query('select table_name from (' ~ counted | join(' union all ') ~ ') where left_out <> 0 order by table_name').columns[0].values()) }}
{% endmacro %}

-- The rows that a staging model left out, a row per reason; that a row is a total says all there is to say.
{% macro rejects(table_name) %}
    select
        '{{ table_name }}' as table_name,
        raw_row._extract as extract,
        raw_row._file as file,
        raw_row._row as row_no,
        {% if table_name in ('item', 'item_cost', 'warehouse', 'party', 'department', 'account', 'unit_conversion', 'stock_balance', 'gl_entry_line', 'gl_balance') %}null{% else %}typed.document_no{% endif %} as document_no,
        unnest(
            case when len(list_filter(reasons, lambda entry: entry.reason_code = 'total_row')) > 0
                then list_filter(reasons, lambda entry: entry.reason_code = 'total_row')
                else reasons
            end,
            recursive := true
        )
    from (
        {{ judged_rows(table_name, 'where not exists (select 1 from staging.stg_' ~ table_name ~ ' as kept where kept.source_row_id = delivered._row_id)') }}
    )
{%- endmacro %}
