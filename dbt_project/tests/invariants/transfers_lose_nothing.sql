{{ config(meta={'label_zh': '调拨：转出成本等于转入成本', 'label_en': 'the cost that leaves in a transfer is the cost that arrives'}) }}
select document_type, document_no, line_no, sum(amount) as amount_difference
from {{ ref('stock_ledger') }}
where event_type in ('transfer_in', 'transfer_out') and (event_id like '%:in' or event_id like '%:out')
group by document_type, document_no, line_no
having sum(amount) <> 0 or sum(recomputed_amount) <> 0
