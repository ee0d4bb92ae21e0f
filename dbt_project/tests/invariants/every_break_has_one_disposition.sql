{{ config(meta={'label_zh': '每项差异有且仅有一个处置', 'label_en': 'the dispositions of the breaks are the whole of the difference'}) }}
select account_code, difference_amount
from {{ ref('tie_out') }}
where difference_amount
    <> timing_amount + correct_ledger_amount + correct_subledger_amount + accepted_amount + unidentified_amount
