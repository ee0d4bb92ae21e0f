-- One row per break with its cause: an ordered decision list over evidence; nothing that fits is unknown.
select
    *,
    case
        when is_unmapped then 'unmapped_account'
        when symptom_code in ('summary_vs_detail', 'prior_period_changed') then 'unknown'
        when symptom_code = 'opening' then 'opening_migration'
        when symptom_code = 'missing_in_subledger' and voucher_kind = 'revaluation' and document_type = 'voucher' then 'fx_revaluation'
        when symptom_code = 'missing_in_subledger' and voucher_kind = 'adjustment' then 'audit_adjustment'
        when symptom_code = 'missing_in_subledger' and voucher_kind = 'closing_transfer' then 'closing_transfer'
        when symptom_code = 'status' and idle_reason = 'rejected' then 'rejected_input'
        when symptom_code = 'status' and idle_reason = 'unapproved' then 'unapproved_document'
        when symptom_code = 'status' and idle_reason = 'void' then 'deleted_document'
        when symptom_code = 'status' then 'voucher_not_posted'
        when symptom_code = 'missing_in_ledger' and is_backdated then 'backdated_change'
        when symptom_code = 'period' and is_backdated then 'backdated_change'
        when symptom_code = 'period' then 'wrong_period'
        when symptom_code = 'missing_in_ledger' and is_estimate_only then 'estimate_missing'
        when symptom_code = 'missing_in_ledger' and is_reversal_only then 'estimate_not_reversed'
        when symptom_code = 'duplicate' and tie_code = 'estimated_receipts' and actual_amount > expected_amount then 'estimate_reversed_twice'
        when symptom_code = 'duplicate' then 'duplicate_posting'
        when symptom_code = 'account' then 'wrong_account'
        when symptom_code = 'dimension' then 'wrong_party'
        when symptom_code = 'rounding' then 'rounding_point'
        when symptom_code in ('transposition', 'sign') then 'data_entry_error'
        when symptom_code = 'amount' and tie_code in ('input_vat', 'output_vat') then 'tax_difference'
        when symptom_code in ('missing_in_ledger', 'partial') and document_type = 'count' then 'count_not_vouchered'
        when symptom_code in ('missing_in_ledger', 'partial') and document_type = 'transfer' then 'transfer_one_sided'
        when symptom_code in ('missing_in_ledger', 'partial') then 'document_not_vouchered'
        when symptom_code = 'missing_in_subledger' and document_type = 'voucher' and source_module is not null then 'other_module'
        when symptom_code = 'missing_in_subledger' and document_type = 'voucher' then 'manual_entry'
        else 'unknown'
    end as cause_code
from {{ ref('break_symptom') }}
