-- One row per break with its symptom: the first predicate that holds, in the stated order. A break that neither side
-- touched since the last close keeps the symptom it had.
select
    *,
    case
        when earlier_symptom_code is not null then earlier_symptom_code
        when is_without_entries then 'no_detail'
        when document_type = 'ledger_balance' then 'summary_vs_detail'
        when document_type = 'ledger_opening' then 'prior_period_changed'
        when document_type = 'opening' and coalesce(is_rounding_reproduced, false) then 'rounding'
        when document_type = 'opening' then 'opening'
        when idle_vouchers > 0 and (not has_actual or (idle_amount <> 0 and idle_amount = -difference_amount)) then 'status'
        when idle_reason is not null and (not has_expected or idle_reason = 'rejected') then 'status'
        when has_expected and expected_amount <> 0 and actual_amount = 0 and actual_new = 0 and live_vouchers > 1 then 'status'
        when is_reversed_later then 'status'
        when equal_vouchers > 1 or is_repeated_later then 'duplicate'
        when measure = 'movement' and difference_amount <> 0 and earlier_difference_amount = -difference_amount then 'period'
        when is_ahead and not has_expected then 'period'
        when difference_amount = 0 and gross_amount > 0 and gross_amount <= expected_lines * 0.01 then 'rounding'
        when gross_amount <> 0 and difference_amount = 0 and has_expected and has_actual and (has_unexpected or expected_amount <> 0) then 'account'
        when counterpart_kind = 'account' then 'account'
        when gross_amount = 0 and differs_in_party then 'dimension'
        when gross_amount = 0 then 'quantity_or_value_only'
        when has_expected and has_actual and is_at_other_rate then 'currency'
        when has_expected and has_actual and is_partly_posted then 'partial'
        when has_expected and expected_amount <> 0 and is_valueless then 'quantity_or_value_only'
        when has_expected and has_actual and compared_expected <> 0 and coalesce(is_rounding_reproduced, false) then 'rounding'
        when has_expected and has_actual and compared_expected = -compared_actual then 'sign'
        when has_expected and has_actual and {{ is_transposition('compared_expected', 'compared_actual') }} then 'transposition'
        when has_expected and has_actual then 'amount'
        when has_expected then 'missing_in_ledger'
        when list_contains(facts, 'no_value') then 'quantity_or_value_only'
        else 'missing_in_subledger'
    end as symptom_code
from {{ ref('break_evidence') }}
