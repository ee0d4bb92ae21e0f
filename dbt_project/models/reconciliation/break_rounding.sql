-- One row per break of cents, with whether the ledger's figure is reproduced at another rounding point:
-- tax on the document's total, quantity times a unit cost of 2 to 6 decimals, or the cost that the source reports.
with cent as (
    select *
    from {{ ref('break_group') }}
    where difference_amount <> 0 and abs(difference_amount) <= least(greatest(expected_lines, 1) * 0.01, 1.00)
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

candidate as (
    select document_type, document_no, abs(amount) as amount from taxed
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
