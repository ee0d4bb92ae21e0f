-- One row per tie and differing document of which the inventory side states the amount twice: what the other figure makes it.
-- A payment says what it settles, an invoice its total beside net and tax, a delivery or receipt its price beside the amount.
{% set counted = "coalesce(line.status, 'approved') in ('approved', 'closed')" %}
{% set invoices = [('purchase_invoice', 'payables', 'input_vat', 'stock'), ('sales_invoice', 'receivables', 'output_vat', 'revenue')] %}


with settled as (
    select {{ document_key('line.from_document_no') }} as document_no, line.application_type, sum(line.amount) as amount
    from {{ ref('stg_application_line') }} as line
    {{ among_differing('payment', 'from_document_no') }}
    group by all
),

{%- for document_type, partner, tax, net in invoices %}
{{ document_type }} as (
    select {{ document_key('line.document_no') }} as document_no,
        sum({{ in_books('line.gross_amount') }}) as gross_amount, sum({{ in_books('line.net_amount') }}) as net_amount,
        sum({{ in_books('line.tax_amount') }}) as tax_amount
    from {{ ref('stg_' ~ document_type ~ '_line') }} as line
    {{ among_differing(document_type) }}
    where {{ counted }}
    group by all
    having count(*) = count(line.gross_amount) and count(*) = count(line.net_amount) and count(*) = count(line.tax_amount)
),
{% endfor %}
delivered as (
    select {{ document_key('line.document_no') }} as document_no,
        sum({{ in_books(extended('line.quantity', 'line.unit_price')) }}) as net_amount,
        sum({{ in_books(tax_of(extended('line.quantity', 'line.unit_price'), 'coalesce(line.tax_rate, 0)')) }}) as tax_amount
    from {{ ref('stg_delivery_line') }} as line
    {{ among_differing('delivery') }}
    where {{ counted }} and not coalesce(line.price_includes_tax, false)
    group by all
    having count(*) = count(line.unit_price)
),

received as (
    select {{ document_key('line.document_no') }} as document_no,
        sum({{ in_books(extended('line.quantity', 'line.unit_price')) }}) as net_amount
    from {{ ref('stg_goods_receipt_line') }} as line
    {{ among_differing('goods_receipt') }}
    where {{ counted }} and not coalesce(line.price_includes_tax, false)
    group by all
    having count(*) = count(line.unit_price)
)

select
    case when application_type like '%_to_ap' then 'payables' else 'receivables' end as tie_code,
    'payment' as document_type, document_no, amount
from settled
{%- for document_type, partner, tax, net in invoices %}
union all
select unnest(['{{ partner }}', '{{ tax }}', '{{ net }}']), '{{ document_type }}', document_no,
    unnest([gross_amount, gross_amount - net_amount, gross_amount - tax_amount])
from {{ document_type }}
{%- endfor %}
union all
select unnest(['revenue', 'output_vat', 'receivables']), 'delivery', document_no, unnest([net_amount, tax_amount, net_amount + tax_amount])
from delivered
union all
select unnest(['stock', 'estimated_receipts']), 'goods_receipt', document_no, net_amount
from received
