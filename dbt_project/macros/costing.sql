-- Where cost is averaged: the company or a warehouse, with the lot where lots are kept apart or identified one by one.
{% macro pool_code_of(event, method, pool) -%}
    case when {{ pool }} = 'company' then '*' else {{ event }}.warehouse_code end
    || case when {{ pool }} = 'warehouse_lot' or {{ method }} = 'specific' then coalesce('/' || {{ event }}.lot_no, '') else '' end
{%- endmacro %}

-- The order that a production or subcontract movement belongs to; a receipt without one is costed by product.
{% macro order_key_of(event_type, production_order_no, item_code) -%}
    coalesce('order:' || {{ production_order_no }}, case when {{ event_type }} = 'production_receipt' then 'product:' || {{ item_code }} end)
{%- endmacro %}

{% macro order_events() -%}
    ('production_issue', 'production_return', 'production_receipt', 'subcontract_issue', 'subcontract_receipt')
{%- endmacro %}

-- The kind of movement that says what a line's document is: a transfer, a conversion and a repack have two.
{% macro effect_of(movement_type) -%}
    {{ movement_type }} || case when {{ movement_type }} in ('transfer', 'conversion', 'repack') then '_out' else '' end
{%- endmacro %}

-- Rows of `costed` that went into the kernel, by their sequence_no: a true-up has that of its refill and is none.
{% macro is_row(costed) -%}
    ({{ costed }}.record_kind in ('movement', 'carried') and {{ costed }}.event_type is distinct from 'negative_true_up')
{%- endmacro %}
