-- One row per invoice line, purchase and sales; credit notes are negative. Where input tax is not deducted, a purchase has none. original_event_id is the stock line it bills.
{% set sides = [('purchase_invoice', 'goods_receipt'), ('sales_invoice', 'delivery')] %}

with line as (
    {%- for document_type, stock_type in sides %}
    select
        '{{ document_type }}' as document_type,
        document_no,
        line_no,
        invoice_date,
        coalesce(posting_date, invoice_date) as effective_date,
        item_code,
        party_code,
        department_code,
        quantity,
        unit,
        coalesce(net_amount, gross_amount - tax_amount, {{ net_of_gross('gross_amount', 'coalesce(tax_rate, 0)') }}) as net_amount,
        tax_amount,
        gross_amount,
        tax_rate,
        currency,
        exchange_rate,
        '{{ stock_type }}:' || stock_document_no || ':' || stock_line_no as original_event_id
    from {{ ref('stg_' ~ document_type ~ '_line') }}
    where coalesce(status, 'approved') in ('approved', 'closed')
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

taxed as (
    select * replace (coalesce(tax_amount, gross_amount - net_amount, {{ tax_of('net_amount', 'coalesce(tax_rate, 0)') }}) as tax_amount)
    from line
),

booked as (
    select * replace (
        case when bears_tax then net_amount + tax_amount else net_amount end as net_amount,
        case when bears_tax then 0 else tax_amount end as tax_amount
    )
    from (select *, document_type = 'purchase_invoice' and not {{ deducts_input_tax() }} as bears_tax from taxed) as invoice
)

select
    document_type || ':' || document_no || ':' || line_no as event_id,
    document_type as event_type,
    document_type,
    document_no,
    line_no,
    invoice_date as document_date,
    effective_date,
    cast(null as timestamp) as entered_at,
    item_code,
    cast(null as varchar) as warehouse_code,
    cast(null as varchar) as counterpart_warehouse_code,
    party_code,
    cast(null as varchar) as reason_code,
    department_code,
    cast(null as varchar) as business_type,
    quantity,
    cast(null as decimal(28, 10)) as unit_cost,
    {{ in_books('net_amount') }} as net_amount,
    {{ in_books('tax_amount') }} as tax_amount,
    tax_rate,
    original_event_id,
    cast(null as decimal(28, 10)) as reported_unit_cost,
    cast(null as decimal(18, 2)) as reported_amount,
    unit,
    {{ original_columns('net_amount', 'tax_amount', 'currency') }}
from booked
