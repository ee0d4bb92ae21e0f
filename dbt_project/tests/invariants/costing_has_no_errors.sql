{{ config(meta={'label_zh': '计价无错误', 'label_en': 'costing has no errors'}) }}
-- What the kernel could not value: no cost known, negative stock refused, standard cost missing, a number too large.
select error_code, document_type, document_no, line_no, item_code, warehouse_code
from {{ ref('costed') }}
where record_kind = 'error'
