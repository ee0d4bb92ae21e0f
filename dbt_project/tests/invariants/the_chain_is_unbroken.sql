{{ config(meta={'label_zh': '本期期初等于上期期末', 'label_en': 'the opening is the last closing, and rolls to the closing'}) }}
-- The ledger's own openings may differ: that is a break (prior_period_changed), not a failure.
select level, code, side, opening_amount, movement_amount, closing_amount, previous_closing_amount
from {{ ref('roll_forward') }}
where side = 'subledger' and not is_chained
