-- One row per inventory document that was delivered and does not count: not approved, void, or set aside by staging.
{% set kinds = [
    ('goods_receipt', 'goods_receipt_line'), ('delivery', 'delivery_line'), ('purchase_invoice', 'purchase_invoice_line'),
    ('sales_invoice', 'sales_invoice_line'), ('payment', 'payment_line')
] %}

{%- for document_type, table_name in kinds %}
select
    '{{ document_type }}' as document_type,
    document_no,
    case status when 'void' then 'void' else 'unapproved' end as reason
from {{ ref('stg_' ~ table_name) }}
where status in ('draft', 'void')
union
{%- endfor %}
select
    kind.document_type,
    line.document_no,
    case line.status when 'void' then 'void' else 'unapproved' end
from {{ ref('stg_stock_movement_line') }} as line
inner join {{ ref('movement_type') }} as kind
    on {{ effect_of('line.movement_type') }} = kind.movement_type
where line.status in ('draft', 'void')
union
select
    replace(table_name, '_line', ''),
    document_no,
    'rejected'
from {{ ref('rejected_row') }}
where document_no is not null
