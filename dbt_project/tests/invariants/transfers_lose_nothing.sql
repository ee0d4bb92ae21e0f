{{ config(meta={'label_zh': '调拨：转出成本等于转入成本', 'label_en': 'the cost that leaves in a transfer is the cost that arrives'}) }}
-- What a pool at standard cost does not take of what arrives is its variance: a standard need not multiply to whole cents.
select
    document_type, document_no, line_no,
    sum(amount + case setting.cost_of_record when 'recomputed' then expensed_amount else 0 end) as amount_difference,
    sum(recomputed_amount + expensed_amount) as recomputed_difference
from {{ ref('stock_ledger') }}
cross join {{ source('settings', 'books') }} as setting
where event_type in ('transfer_in', 'transfer_out') and (event_id like '%:in' or event_id like '%:out')
group by document_type, document_no, line_no
having amount_difference <> 0 or recomputed_difference <> 0
