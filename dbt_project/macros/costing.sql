-- Goods of ours that lie with somebody else or are on the way (ownership of the warehouse): they keep the cost they left with,
-- in a pool of their own. A place that no warehouse stands for begins with *: *loan and *consigned_out.
{% macro is_apart(warehouse_code) -%}
    coalesce(starts_with({{ warehouse_code }}, '*') or {{ warehouse_code }} in (
        select place.warehouse_code from {{ ref('stg_warehouse') }} as place where place.ownership in ('consigned_out', 'transit', 'subcontract', 'loan')
    ), false)
{%- endmacro %}

-- Goods that are not ours, or not valued: they have a quantity and nothing else.
{% macro is_unvalued(warehouse_code) -%}
    coalesce({{ warehouse_code }} in (
        select place.warehouse_code from {{ ref('stg_warehouse') }} as place where place.ownership in ('consigned_in', 'vmi') or not place.is_valued
    ), false)
{%- endmacro %}

-- The account role that carries stock in a warehouse. Loans and transit stay in inventory; the account map may tell them apart.
{% macro stock_role(warehouse_code) -%}
    case
        when {{ warehouse_code }} = '*consigned_out' then 'goods_shipped'
        when {{ warehouse_code }} in (select place.warehouse_code from {{ ref('stg_warehouse') }} as place where place.ownership = 'consigned_out') then 'goods_shipped'
        when {{ warehouse_code }} in (select place.warehouse_code from {{ ref('stg_warehouse') }} as place where place.ownership = 'subcontract') then 'subcontract_material'
        else 'inventory'
    end
{%- endmacro %}

-- Where cost is averaged: the company or a warehouse, with the lot where lots are kept apart or identified one by one.
{% macro pool_code_of(event, method, pool) -%}
    case when {{ pool }} = 'company' and not {{ is_apart(event ~ '.warehouse_code') }} then '*' else {{ event }}.warehouse_code end
    || case when {{ pool }} = 'warehouse_lot' or {{ method }} = 'specific' then coalesce('/' || {{ event }}.lot_no, '') else '' end
{%- endmacro %}

-- The order that a production or subcontract movement belongs to; a receipt without one is costed by product, and materials
-- issued without one stand together.
{% macro order_key_of(event_type, production_order_no, item_code) -%}
    coalesce('order:' || {{ production_order_no }}, case {{ event_type }} when 'production_receipt' then 'product:' || {{ item_code }} when 'production_issue' then 'order:' when 'production_return' then 'order:' end)
{%- endmacro %}

{% macro order_events() -%}
    ('production_issue', 'production_return', 'production_receipt', 'subcontract_issue', 'subcontract_return', 'subcontract_receipt')
{%- endmacro %}

-- Goods that leave for good, and those that come back from where they went.
{% macro issue_events() -%}
    ('customer_delivery', 'customer_return', 'other_out', 'count_loss', 'scrap', 'production_issue', 'production_return', 'subcontract_issue', 'subcontract_return')
{%- endmacro %}

-- The kind of movement that says what a line's document is: a transfer, a conversion and a repack have two.
{% macro effect_of(movement_type) -%}
    {{ movement_type }} || case when {{ movement_type }} in ('transfer', 'conversion', 'repack') then '_out' else '' end
{%- endmacro %}

-- Rows of `costed` that went into the kernel, by their sequence_no: a true-up has that of its refill and is none.
{% macro is_row(costed) -%}
    ({{ costed }}.record_kind in ('movement', 'carried') and {{ costed }}.event_type is distinct from 'negative_true_up')
{%- endmacro %}
