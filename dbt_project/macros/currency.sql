-- Documents in another currency than the books': what they say, and what that is in the books at the document's own rate.

-- Whether a currency is another than that of the books; empty means the books' own.
{% macro is_foreign(currency) -%}
    coalesce(upper({{ currency }}) <> (select any_value(setting.currency) from {{ source('settings', 'books') }} as setting), false)
{%- endmacro %}

-- An amount of a document in books currency, half up to the cent: each amount of a line is converted on its own.
{% macro in_books(amount) -%}
    case
        when {{ is_foreign('currency') }}
            then cast(round(cast({{ amount }} as decimal(18, 2)) * cast(exchange_rate as decimal(18, 8)), 2) as decimal(18, 2))
        else {{ amount }}
    end
{%- endmacro %}

-- What an event keeps of its document's own currency; all null where that is the books'.
{% macro original_columns(net_amount='null', tax_amount='null', currency='null') -%}
    {%- set foreign = is_foreign(currency) if currency != 'null' else 'false' -%}
    cast(case when {{ foreign }} then {{ currency }} end as varchar) as currency,
    cast(case when {{ foreign }} then {{ net_amount }} end as decimal(18, 2)) as original_net_amount,
    cast(case when {{ foreign }} then {{ tax_amount }} end as decimal(18, 2)) as original_tax_amount
{%- endmacro %}
