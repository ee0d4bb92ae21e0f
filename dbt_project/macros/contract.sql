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
                'required': meta.get('required'), 'canonical': canonical, 'is_closed': meta.get('accepted')
            }) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}

{% macro whens(canonical) -%}
    {%- for text, value in canonical.items() %}
            when '{{ text | replace("'", "''") }}' then '{{ value }}'
    {%- endfor %}
{%- endmacro %}

-- Each column's text read, as <column>__read, null for what cannot be read. Nothing is rounded here. Synonyms without a list of
-- accepted values translate the words they name; any other text is a value of its own.
{% macro read_columns(columns) %}
    {%- for column in columns %}
        {%- if column.canonical %}
        case {{ column.quoted }}
            {{- whens(column.canonical) }}
            else list_transform([lower(normalise_code({{ column.quoted }}))], lambda word: case word {{- whens(column.canonical) }} {%- if not column.is_closed %} else normalise_code({{ column.quoted }}){% endif %} end)[1]
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
        {%- endif %} as {{ column.name }}__read{{ ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}

-- What was read as the column's type, as <column>__typed, null for what does not fit. A tax rate of 13 is 13 %.
{% macro typed_columns(columns) %}
    {%- set types = {'quantity': 'decimal(18, 4)', 'unit_cost': 'decimal(28, 10)', 'amount': 'decimal(18, 2)', 'rate': 'decimal(18, 8)', 'integer': 'integer'} -%}
    {%- for column in columns %}
        {%- if column.name == 'tax_rate' %}
        try_cast(case when abs(tax_rate__read) > 1 then tax_rate__read * 0.01 else tax_rate__read end as decimal(18, 8))
        {%- elif column.data_type in types and not column.canonical %}
        try_cast({{ column.name }}__read as {{ types[column.data_type] }})
        {%- else %}
        {{ column.name }}__read
        {%- endif %} as {{ column.name }}__typed{{ ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}

-- Why a delivered row cannot be used: column and SQL of the reason, null when there is none. Most values are there and were read, so that
-- is asked first.
{% macro reasons_of(table_name, columns) %}
    {%- set found = [] -%}
    {%- for column in columns if column.required or column.is_closed or column.data_type not in ('text', 'code') -%}
        {%- set typed = column.name ~ '__typed' -%}
        {%- set reason %}case
            when {{ typed }} {{ '= ' ~ column.name ~ '__read' if column.data_type == 'amount' else 'is not null' }} then null
            when coalesce(trim({{ column.quoted }}), '') = '' then {{ "'required_value_missing'" if column.required else 'null' }}
            {%- if column.is_closed %}
            when {{ typed }} is null then 'unknown_value'
            {%- elif column.data_type not in ('text', 'code') %}
            {%- if column.data_type == 'date' %}
            when {{ typed }} is null and is_total(normalise_code({{ column.quoted }})) then 'total_row'
            {%- endif %}
            when {{ typed }} is null then 'unreadable_{{ column.data_type }}'
            {%- endif %}
            {%- if column.data_type == 'amount' %}
            when {{ typed }} <> {{ column.name }}__read then 'more_than_two_decimals'
            {%- endif %}
        end{% endset -%}
        {%- do found.append((column.name, reason)) -%}
    {%- endfor -%}
    {{ return(found + row_reasons(table_name, columns | map(attribute='name') | list)) }}
{% endmacro %}

-- Tables whose lines name an item and the unit of their quantity.
{% macro tables_with_units() %}
    {{ return(['goods_receipt_line', 'delivery_line', 'purchase_invoice_line', 'sales_invoice_line', 'stock_movement_line']) }}
{% endmacro %}

-- Tables whose lines are in the currency that they name, at the rate that they name.
{% macro tables_in_currency() %}
    {{ return(['goods_receipt_line', 'delivery_line', 'purchase_invoice_line', 'sales_invoice_line']) }}
{% endmacro %}

-- Where a table without document lines says that a row is a total, as the contract declares it.
{% macro total_column(table_name) %}
    {{ return((graph.sources['source.tieout.raw.' ~ table_name].config.meta or {}).get('total_column') if execute) }}
{% endmacro %}

-- Where a line without an amount has its price.
{% macro price_column(table_name) %}
    {{ return({'goods_receipt_line': 'unit_price', 'delivery_line': 'unit_price', 'stock_movement_line': 'unit_cost'}.get(table_name)) }}
{% endmacro %}

-- Reasons that look at more than one column or at another table. A ledger line is never set aside for its item.
{% macro row_reasons(table_name, names) %}
    {%- set found = [] -%}
    {%- set total = total_column(table_name) -%}
    {%- set price = price_column(table_name) -%}
    {%- if 'document_no' in names and 'line_no' in names -%}
        {%- set reason %}case
            when is_total_number(document_no__typed) then 'total_row'
        end{% endset -%}
        {%- do found.append(('document_no', reason)) -%}
    {%- elif total -%}
        {%- do found.append((total, 'case when is_total(' ~ total ~ "__typed) then 'total_row' end")) -%}
    {%- endif -%}
    {%- if 'item_code' in names and table_name not in ('item', 'gl_entry_line', 'gl_balance') -%}
        {%- set reason %}case
            when item_code__typed is not null
                and item_code__typed not in (
                    select normalise_code(known.item_code) from {{ source('raw', 'item') }} as known where known.item_code is not null
                ) then 'unknown_item'
        end{% endset -%}
        {%- do found.append(('item_code', reason)) -%}
    {%- endif -%}
    {%- if table_name in tables_with_units() -%}
        {%- set reason %}case
            when unit__typed is not null
                and item_code__typed in (select kept.item_code from {{ ref('item_unit') }} as kept)
                and (item_code__typed, lower(unit__typed)) not in (select (kept.item_code, kept.unit) from {{ ref('item_unit') }} as kept)
                then 'unknown_unit'
        end{% endset -%}
        {%- do found.append(('unit', reason)) -%}
    {%- endif -%}
    {%- if table_name in tables_in_currency() -%}
        {%- set reason %}case
            when coalesce(exchange_rate__typed, 0) <= 0 and {{ is_foreign('currency__typed') }} then 'no_exchange_rate'
        end{% endset -%}
        {%- do found.append(('exchange_rate', reason)) -%}
    {%- endif -%}
    {%- if price -%}
        {%- do found.append((price, 'case when amount__typed is null and ' ~ price ~ "__typed < 0 then 'negative_price' end")) -%}
    {%- endif -%}
    {%- if table_name == 'goods_receipt_line' -%}
        {%- do found.append(('amount', "case when amount__typed is null and unit_price__typed is null then 'no_amount' end")) -%}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}

-- The rows of one raw table (those that `where` keeps): each column as delivered, as read and as typed.
{% macro typed_rows(table_name, where='') %}
    {%- set columns = contract_columns(table_name) -%}
    select *, {{ typed_columns(columns) }}
    from (
        select delivered.*, {{ read_columns(columns) }}
        from {{ source('raw', table_name) }} as delivered
        {{ where }}
    )
{%- endmacro %}

-- A staging model's whole body: good rows of one raw table, typed. Rows left out are in rejected_row.
{% macro stage(table_name) %}
{%- set columns = contract_columns(table_name) -%}
{%- if table_name in tables_with_units() %}
-- depends_on: {{ ref('item_unit') }}
{%- endif %}
with delivered as (
    {{ typed_rows(table_name) }}
)

select
    {%- for column in columns %}
    {{ column.name }}__typed as {{ column.quoted }},
    {%- endfor %}
    _extract as source_extract,
    _file as source_file,
    _row as source_row,
    _row_id as source_row_id
from delivered
where coalesce(
    {%- for _, reason in reasons_of(table_name, columns) %}
    {{ reason }}{{ ',' if not loop.last }}
    {%- endfor %}
) is null
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
    {%- set columns = contract_columns(table_name) %}
    select
        '{{ table_name }}' as table_name,
        _extract as extract,
        _file as file,
        _row as row_no,
        {{ 'document_no__typed' if 'document_no' in columns | map(attribute='name') else 'null' }} as document_no,
        unnest(
            case when len(list_filter(reasons, lambda entry: entry.reason_code = 'total_row')) > 0
                then list_filter(reasons, lambda entry: entry.reason_code = 'total_row')
                else reasons
            end,
            recursive := true
        )
    from (
        select *, list_filter([
            {%- for name, reason in reasons_of(table_name, columns) %}
            struct_pack(column_name := '{{ name }}', delivered := "{{ name }}", reason_code := {{ reason }}){{ ',' if not loop.last }}
            {%- endfor %}
        ], lambda entry: entry.reason_code is not null) as reasons
        from (
            {{ typed_rows(table_name, 'where not exists (select 1 from staging.stg_' ~ table_name ~ ' as kept where kept.source_row_id = delivered._row_id)') }}
        )
    )
{%- endmacro %}
