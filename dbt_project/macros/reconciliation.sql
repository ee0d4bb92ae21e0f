-- The identity of what is compared: a document (or voucher) and an account. Never an amount, period, symptom or cause.
{% macro group_id(document_type, document_no, account_code) -%}
    substr(md5({{ document_type }} || '|' || {{ document_key(document_no) }} || '|' || {{ account_code }}), 1, 16)
{%- endmacro %}

{% macro break_id(tie_code, document_type, document_no) -%}
    substr(md5({{ tie_code }} || '|' || {{ document_type }} || '|' || {{ document_no }}), 1, 16)
{%- endmacro %}

-- Document numbers as both sides can agree on them: upper case, half width, no leading zeros of bare numbers.
{% macro document_key(number) -%}
    coalesce(nullif(ltrim(upper({{ number }}), '0'), ''), upper({{ number }}))
{%- endmacro %}

-- Two amounts in digits: the same digits with two neighbours swapped, or shifted by a power of ten.
{% macro is_transposition(expected, actual) -%}
    (
        sign({{ expected }}) = sign({{ actual }})
        and (
            {{ actual }} in ({{ expected }} * 10, {{ expected }} * 100, {{ expected }} * 1000)
            or {{ expected }} in ({{ actual }} * 10, {{ actual }} * 100, {{ actual }} * 1000)
            or len(list_filter(
                range(1, len(cast(abs({{ expected }}) as varchar))),
                lambda place: substr(cast(abs({{ expected }}) as varchar), place, 1) <> substr(cast(abs({{ expected }}) as varchar), place + 1, 1)
                    and substr(cast(abs({{ expected }}) as varchar), 1, place - 1) || substr(cast(abs({{ expected }}) as varchar), place + 1, 1)
                    || substr(cast(abs({{ expected }}) as varchar), place, 1) || substr(cast(abs({{ expected }}) as varchar), place + 2)
                    = cast(abs({{ actual }}) as varchar)
            )) > 0
        )
    )
{%- endmacro %}

-- +1 or -1 for a balance given with its side; without a side the balance is signed already.
{% macro side_sign(side, normal_side) -%}
    case
        when {{ side }} is null or {{ side }} = 'debit' then 1
        when {{ side }} = 'credit' then -1
        when {{ normal_side }} = 'credit' then -1
        else 1
    end
{%- endmacro %}

-- The same amount for another customer or supplier, on an account kept by partner.
{% macro differs_in_party(group) -%}
    coalesce(
        {{ group }}.tie_code in ('payables', 'receivables') and {{ group }}.expected_party <> {{ group }}.actual_party
        and {{ group }}.expected_lines > 0 and {{ group }}.actual_lines > 0,
        false
    )
{%- endmacro %}

-- The quantity of a line, with the sign of its amount.
{% macro moved_quantity() -%}
    cast(sign(signed_amount) * abs(quantity) as decimal(38, 4))
{%- endmacro %}

-- The same amount for another quantity, on an account kept by quantity, all in this period.
{% macro differs_in_quantity(group) -%}
    coalesce(
        {{ group }}.tie_code = 'stock' and {{ group }}.expected_quantity <> {{ group }}.actual_quantity
        and {{ group }}.difference_amount = 0 and {{ group }}.expected_new = {{ group }}.actual_new,
        false
    )
{%- endmacro %}

-- Whether a voucher was typed in the general ledger and not sent there by another module.
{% macro is_ledger_itself(module) -%}
    coalesce(lower({{ module }}) in ('总账', '总帐', '总账系统', '总账管理', '账务处理', 'gl', 'general ledger', 'ledger'), true)
{%- endmacro %}

-- Keeps the lines of documents that differ; without a type, the line names its own.
{% macro among_differing(document_type=none, number='document_no') -%}
    semi join {{ ref('break_document') }} as found
        on found.document_type = {% if document_type %}'{{ document_type }}'{% else %}line.document_type{% endif %} and {{ document_key('line.' ~ number) }} = found.document_no
{%- endmacro %}
