-- Staging's casts and reasons for rejection, derived from the one declaration of the contract (the raw sources).

{% macro contract_columns(table_name) %}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.sources.values() if node.source_name == 'raw' and node.name == table_name -%}
            {%- for column in node.columns.values() -%}{%- do found.append(column) -%}{%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}

{% macro column_meta(column) %}
    {{ return((column.config or {}).get('meta') or column.meta or {}) }}
{% endmacro %}

{% macro sql_text(value) %}{{ return("'" ~ (value | string | replace("'", "''")) ~ "'") }}{% endmacro %}

-- The listed set behind a column: delivered text and synonyms become the canonical value.
{% macro canonical_value(column) %}
    {%- set meta = column_meta(column) -%}
    case lower(normalise_code({{ adapter.quote(column.name) }}))
        {%- for value in meta.accepted %}
        when {{ sql_text(value | lower) }} then {{ sql_text(value) }}
        {%- endfor %}
        {%- for text, value in (meta.synonyms or {}).items() if (text | string | lower) not in meta.accepted %}
        when {{ sql_text(text | string | lower) }} then {{ sql_text(value) }}
        {%- endfor %}
    end
{% endmacro %}

-- A column's text as its type, null for what cannot be read. Amounts keep the decimals they came with: staging rounds nothing.
{% macro parsed_value(column) %}
    {%- set name = adapter.quote(column.name) -%}
    {%- set kind = column.data_type -%}
    {%- if column_meta(column).accepted -%}{{ canonical_value(column) }}
    {%- elif kind == 'code' -%}normalise_code({{ name }})
    {%- elif kind == 'date' -%}parse_date({{ name }})
    {%- elif kind == 'timestamp' -%}parse_timestamp({{ name }})
    {%- elif kind in ('quantity', 'unit_cost', 'amount', 'rate', 'integer') -%}parse_decimal({{ name }})
    {%- elif kind == 'boolean' -%}parse_boolean({{ name }})
    {%- else -%}nullif(trim({{ name }}), '')
    {%- endif -%}
{% endmacro %}

{% macro typed_value(column) %}
    {%- set name = 'parsed.' ~ adapter.quote(column.name) -%}
    {%- set kind = column.data_type -%}
    {%- if column_meta(column).accepted -%}{{ name }}
    {%- elif kind == 'quantity' -%}try_cast({{ name }} as decimal(18, 4))
    {%- elif kind == 'unit_cost' -%}try_cast({{ name }} as decimal(28, 10))
    {%- elif kind == 'amount' -%}try_cast({{ name }} as decimal(18, 2))
    {%- elif kind == 'rate' -%}try_cast(case when abs({{ name }}) > 1 and {{ (column.name == 'tax_rate') | string | lower }} then {{ name }} * 0.01 else {{ name }} end as decimal(18, 8))
    {%- elif kind == 'integer' -%}try_cast({{ name }} as integer)
    {%- else -%}{{ name }}
    {%- endif -%}
{% endmacro %}

-- The reason why one column's delivered text cannot be used, or null.
{% macro reject_reason(column) %}
    {%- set meta = column_meta(column) -%}
    {%- set delivered = 'raw_row.' ~ adapter.quote(column.name) -%}
    {%- set parsed = 'parsed.' ~ adapter.quote(column.name) -%}
    case
        {%- if meta.required %}
        when coalesce(trim({{ delivered }}), '') = '' then 'required_value_missing'
        {%- endif %}
        when coalesce(trim({{ delivered }}), '') = '' then null
        {%- if meta.accepted %}
        when {{ parsed }} is null then 'unknown_value'
        {%- elif column.data_type not in ('text', 'code') %}
        when {{ parsed }} is null then 'unreadable_{{ column.data_type }}'
        {%- endif %}
        {%- if column.data_type == 'amount' %}
        when {{ parsed }} <> round({{ parsed }}, 2) then 'more_than_two_decimals'
        {%- endif %}
    end
{% endmacro %}

{% macro reject_reasons(table_name) %}
    list_filter([
        {%- for column in contract_columns(table_name)
            if column.data_type not in ('text', 'code') or column_meta(column).required or column_meta(column).accepted %}
        struct_pack(
            column_name := '{{ column.name }}', delivered := raw_row.{{ adapter.quote(column.name) }},
            reason_code := {{ reject_reason(column) }}
        ),
        {%- endfor %}
        {{ row_reasons(table_name) }}
    ], lambda entry: entry.reason_code is not null)
{% endmacro %}

-- Reasons that look at more than one column or at another table.
{% macro row_reasons(table_name) %}
    {%- set names = contract_columns(table_name) | map(attribute='name') | list -%}
    {%- if 'document_no' in names and 'line_no' in names %}
        struct_pack(
            column_name := 'document_no', delivered := raw_row.document_no,
            reason_code := case when regexp_matches(parsed.document_no, '^(合\s*计|小\s*计|总\s*计|本页合计|total)') then 'total_row' end
        ),
    {%- endif %}
    {%- if 'item_code' in names and table_name != 'item' %}
        struct_pack(
            column_name := 'item_code', delivered := raw_row.item_code,
            reason_code := case
                when parsed.item_code is not null
                    and parsed.item_code not in (select normalise_code(known.item_code) from {{ source('raw', 'item') }} as known where known.item_code is not null)
                    then 'unknown_item'
            end
        ),
    {%- endif %}
    {%- if table_name == 'goods_receipt_line' %}
        struct_pack(
            column_name := 'amount', delivered := raw_row.amount,
            reason_code := case when parsed.amount is null and parsed.unit_price is null then 'no_amount' end
        ),
    {%- endif %}
    struct_pack(column_name := cast(null as varchar), delivered := cast(null as varchar), reason_code := cast(null as varchar))
{% endmacro %}

-- A staging model's whole body: good rows of one raw table, typed. Rows left out are in rejected_row.
{% macro stage(table_name) %}
with parsed as (
    select
        {%- for column in contract_columns(table_name) %}
        {{ parsed_value(column) }} as {{ adapter.quote(column.name) }},
        {%- endfor %}
        _row_id
    from {{ source('raw', table_name) }}
),

judged as (
    select
        {%- for column in contract_columns(table_name) %}
        {{ typed_value(column) }} as {{ adapter.quote(column.name) }},
        {%- endfor %}
        raw_row._extract as source_extract,
        raw_row._file as source_file,
        raw_row._row as source_row,
        raw_row._row_id as source_row_id,
        len({{ reject_reasons(table_name) }}) as reason_count
    from {{ source('raw', table_name) }} as raw_row
    inner join parsed on raw_row._row_id = parsed._row_id
)

select * exclude (reason_count)
from judged
where reason_count = 0
{% endmacro %}

-- The rows of one raw table that its staging model left out, a row per reason.
{% macro rejects(table_name) %}
select
    '{{ table_name }}' as table_name,
    raw_row._extract as extract,
    raw_row._file as file,
    raw_row._row as row_no,
    {% if 'document_no' in (contract_columns(table_name) | map(attribute='name') | list) %}normalise_code(raw_row.document_no){% else %}null{% endif %} as document_no,
    unnest({{ reject_reasons(table_name) }}, recursive := true)
from (
    select *
    from {{ source('raw', table_name) }} as candidate
    where not exists (
        select 1 from {{ ref('stg_' ~ table_name) }} as kept where kept.source_row_id = candidate._row_id
    )
) as raw_row
inner join (
    select
        {%- for column in contract_columns(table_name) %}
        {{ parsed_value(column) }} as {{ adapter.quote(column.name) }},
        {%- endfor %}
        _row_id
    from {{ source('raw', table_name) }}
) as parsed on raw_row._row_id = parsed._row_id
{% endmacro %}
