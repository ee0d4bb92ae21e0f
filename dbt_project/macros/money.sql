-- The one place that multiplies, divides and rounds money. Rounding is half away from zero.

-- round_half_up(amount * numerator / denominator) in cents, exact: 128-bit integers, no division of decimals.
-- Operands: an amount with 2 decimals, numerator and denominator with 4. Null when the denominator is 0.
{% macro share_of(amount, numerator, denominator) -%}
    {%- set a = "cast(cast(abs(" ~ amount ~ ") as decimal(30, 2)) * 100 as hugeint)" -%}
    {%- set n = "cast(cast(abs(" ~ numerator ~ ") as decimal(30, 4)) * 10000 as hugeint)" -%}
    {%- set d = "cast(cast(abs(" ~ denominator ~ ") as decimal(30, 4)) * 10000 as hugeint)" -%}
    cast(
        sign({{ amount }}) * sign({{ numerator }}) * sign({{ denominator }})
        * cast((2 * {{ a }} * {{ n }} + {{ d }}) // nullif(2 * {{ d }}, 0) as decimal(20, 0)) * 0.01::decimal(3, 2)
        as decimal(18, 2)
    )
{%- endmacro %}

{% macro tax_of(net_amount, rate) -%}
    cast(round(cast({{ net_amount }} as decimal(28, 2)) * cast({{ rate }} as decimal(10, 4)), 2) as decimal(18, 2))
{%- endmacro %}

{% macro net_of_gross(gross_amount, rate) -%}
    {{ share_of(gross_amount, '1', '(1 + ' ~ rate ~ ')') }}
{%- endmacro %}

{% macro extended(quantity, unit_price) -%}
    cast(round(cast({{ quantity }} as decimal(18, 4)) * cast({{ unit_price }} as decimal(20, 8)), 2) as decimal(18, 2))
{%- endmacro %}

-- Whether input tax is deducted: to a small-scale taxpayer the tax of a purchase is part of its cost.
{% macro deducts_input_tax() -%}
    ((select any_value(setting.taxpayer) from {{ source('settings', 'books') }} as setting) <> 'small_scale')
{%- endmacro %}

-- Cents of an exact amount, a tie going to the even cent.
{% macro half_even(amount) -%}
    cast(round({{ amount }}, 2) - case
        when abs({{ amount }}) - cast(trunc(abs({{ amount }}) * 100) as decimal(30, 0)) * 0.01 = 0.005
            and cast(round(abs({{ amount }}), 2) * 100 as hugeint) % 2 = 1 then sign({{ amount }}) * 0.01 else 0
    end as decimal(18, 2))
{%- endmacro %}

-- Scaled integers and back, in 64 bits where the value allows it: in 128 bits they cost fifty times as much.
{% macro to_scaled(value, digits) -%}
    {%- set scale, most = 10 ** digits, 10 ** (18 - 2 * digits) - 1 -%}
    case
        when {{ value }} between -{{ most }} and {{ most }} then cast(cast({{ value }} as decimal(18, {{ digits }})) * {{ scale }}::decimal({{ digits + 1 }}, 0) as bigint)
        else cast(cast({{ value }} as decimal(30, {{ digits }})) * {{ scale }} as bigint)
    end
{%- endmacro %}
{% macro to_minor(amount) -%}{{ to_scaled(amount, 2) }}{%- endmacro %}
{% macro to_quantity_units(quantity) -%}{{ to_scaled(quantity, 4) }}{%- endmacro %}
{% macro from_minor(minor) -%}cast(cast({{ minor }} as decimal(18, 0)) * 0.01::decimal(3, 2) as decimal(18, 2)){%- endmacro %}
{% macro from_quantity_units(units) -%}cast(cast({{ units }} as decimal(18, 0)) * 0.0001::decimal(5, 4) as decimal(18, 4)){%- endmacro %}

-- Cost of one stock unit, 6 decimals, half away from zero: minor units over 10^-4 units, in 128-bit integers; null for quantity 0.
{% macro unit_cost_of(minor, units) -%}
    cast(
        sign({{ minor }}) * sign({{ units }})
        * cast((2 * cast(abs({{ minor }}) as hugeint) * 100000000 + abs({{ units }})) // nullif(2 * cast(abs({{ units }}) as hugeint), 0) as decimal(24, 0))
        * 0.000001::decimal(7, 6)
        as decimal(28, 10)
    )
{%- endmacro %}

-- The cost of one stock unit from that of a unit that holds `factor` of them: 10 decimals, half away from zero, in 128-bit integers.
{% macro per_stock_unit(unit_cost, factor) -%}
    case when {{ factor }} = 1 then {{ unit_cost }} else cast(
        sign({{ unit_cost }}) * cast(
            (2 * cast(cast(abs({{ unit_cost }}) as decimal(28, 10)) * 10000000000 as hugeint) * 100000000 + cast({{ factor }} * 100000000 as hugeint))
            // (2 * cast({{ factor }} * 100000000 as hugeint)) as decimal(28, 0)
        ) * 0.0000000001::decimal(11, 10) as decimal(28, 10)
    ) end
{%- endmacro %}

-- One unit of the last of so many decimals, 0 to 10.
{% macro unit_of_decimal(places) -%}
    ([
        {%- for n in range(11) %}{{ '1' if n == 0 else '0.' ~ '0' * (n - 1) ~ '1' }}::decimal(11, 10){{ ', ' if not loop.last }}{% endfor -%}
    ])[{{ places }} + 1]
{%- endmacro %}
