-- The one shape of an amount that is put up for posting; a producer names what it knows, the rest is null.
{% macro amount_shape() %}
    {{ return([
        ('event_id', 'varchar'), ('event_type', 'varchar'), ('amount_basis', 'varchar'),
        ('document_type', 'varchar'), ('document_no', 'varchar'), ('line_no', 'integer'), ('posting_date', 'date'),
        ('item_code', 'varchar'), ('item_category', 'varchar'), ('warehouse_code', 'varchar'), ('counterpart_warehouse_code', 'varchar'),
        ('counterpart_item_category', 'varchar'),
        ('party_code', 'varchar'), ('reason_code', 'varchar'), ('department_code', 'varchar'), ('business_type', 'varchar'),
        ('tax_rate', 'decimal(18, 8)'), ('quantity', 'decimal(18, 4)'), ('amount', 'decimal(18, 2)'),
        ('currency', 'varchar'), ('original_amount', 'decimal(18, 2)')
    ]) }}
{% endmacro %}

{% macro amount_row(known) %}
    {%- for name, type in amount_shape() %}
    cast({{ known.get(name, 'null') }} as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}

-- How specific a row of conditions is: the number of its columns that are not empty.
{% macro specificity(columns, relation) %}
    {%- for column in columns -%}
        case when {{ relation }}.{{ column }} is null then 0 else 1 end{{ ' + ' if not loop.last }}
    {%- endfor -%}
{% endmacro %}

-- Empty means any.
{% macro meets(columns, rule, fact) %}
    {%- for column in columns %}
    and ({{ rule }}.{{ column }} is null or {{ rule }}.{{ column }} = {{ fact }}.{{ column }})
    {%- endfor %}
{% endmacro %}

{% macro rule_conditions() %}
    {{ return(['item_category', 'warehouse_code', 'reason_code', 'business_type', 'costing_method', 'party_code']) }}
{% endmacro %}

{% macro account_conditions() %}
    {{ return(['item_category', 'warehouse_code', 'party_code', 'reason_code', 'tax_rate']) }}
{% endmacro %}

-- The account of each row that has a role and all of account_conditions, as `choice`.
{% macro join_account(rows) -%}
    inner join {{ ref('account_choice') }} as choice
        on {{ rows }}.account_role = choice.account_role
        {%- for column in account_conditions() %}
        and {{ rows }}.{{ column }} is not distinct from choice.{{ column }}
        {%- endfor %}
{%- endmacro %}

-- Facts in the order of account_conditions, for registers.
{% macro register_row(role, register, opening, movement, known) -%}
    select
        {{ role }} as account_role, '{{ register }}' as source_register,
        {%- for column in account_conditions() %}
        cast({{ known.get(column, 'null') }} as {{ 'decimal(18, 8)' if column == 'tax_rate' else 'varchar' }}) as {{ column }},
        {%- endfor %}
        cast({{ opening }} as decimal(18, 2)) as opening_amount, cast({{ movement }} as decimal(18, 2)) as movement_amount
{%- endmacro %}
