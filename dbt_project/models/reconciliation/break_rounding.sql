-- One row per break of cents, with whether the ledger's figure is reproduced at another rounding point:
-- tax on the document's total, quantity times a unit cost of 2 to 6 decimals, or the cost that the source reports; an account's
-- opening stock line by line or in one sum, half up or half even.
with cent as (
    select *
    from {{ ref('break_group') }}
    where difference_amount <> 0
        and abs(difference_amount) <= case when document_type = 'opening' then 1.00 else least(greatest(expected_lines, 1) * 0.01, 1.00) end
),

taxed as (
    select line.document_type, {{ document_key('line.document_no') }} as document_no, line.event_type,
        sum(line.net_amount) as net_amount, {{ tax_of('sum(line.net_amount)', 'max(line.tax_rate)') }} as amount
    from {{ ref('business_event') }} as line
    semi join cent on line.document_type = cent.document_type and {{ document_key('line.document_no') }} = cent.document_no
    group by all
),

recosted as (
    {%- for places in [2, 3, 4, 5, 6] %}
    select
        line.document_type, {{ document_key('line.document_no') }} as document_no, {{ places }} as places,
        sum(cast(round(abs(line.quantity) * cast(round(line.unit_cost, {{ places }}) as decimal(18, 6)), 2) as decimal(18, 2))) as amount
    from {{ ref('stock_ledger') }} as line
    semi join cent on line.document_type = cent.document_type and {{ document_key('line.document_no') }} = cent.document_no
    group by all
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

opened_stock as (
    select
        'inventory' as account_role, item_category, warehouse_code, null as party_code, null as reason_code, null as tax_rate,
        quantity, unit_cost
    from {{ ref('business_event') }}
    where event_type = 'opening'
),

opening as (
    select choice.account_code, opened_stock.quantity, opened_stock.unit_cost
    from opened_stock
    {{ join_account('opened_stock') }}
    semi join cent on cent.document_type = 'opening' and choice.account_code = cent.document_no
),

opened as (
    {%- for places in [2, 3, 4, 5, 6] %}
    select account_code, {{ places }} as places, cast(quantity * round(unit_cost, {{ places }}) as decimal(38, 10)) as amount
    from opening
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

reopened as (
    select account_code, unnest([
            cast(sum(round(amount, 2)) as decimal(18, 2)), cast(sum({{ half_even('amount') }}) as decimal(18, 2)), cast(round(sum(amount), 2) as decimal(18, 2))
        ]) as amount
    from opened
    group by account_code, places
),

candidate as (
    select 'opening' as document_type, account_code as document_no, abs(amount) as amount from reopened
    union all
    select document_type, document_no, abs(amount) from taxed
    union all
    select document_type, document_no, abs(net_amount + amount) from taxed
    union all
    select document_type, document_no, abs(amount) from recosted
    union all
    select document_type, document_no, reported_amount from {{ ref('break_report') }}
)

select
    cent.tie_code, cent.document_type, cent.document_no,
    bool_or(candidate.amount = abs(cent.actual_amount)) as is_reproduced
from cent
inner join candidate on cent.document_type = candidate.document_type and cent.document_no = candidate.document_no
group by all
