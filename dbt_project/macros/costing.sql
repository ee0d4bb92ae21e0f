-- Where cost is averaged: the company or a warehouse, with the lot where lots are kept apart or identified one by one.
{% macro pool_code_of(event, method, pool) -%}
    case when {{ pool }} = 'company' then '*' else {{ event }}.warehouse_code end
    || case when {{ pool }} = 'warehouse_lot' or {{ method }} = 'specific' then coalesce('/' || {{ event }}.lot_no, '') else '' end
{%- endmacro %}
