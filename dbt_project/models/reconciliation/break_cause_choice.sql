-- One row per break with its cause: an ordered decision list over evidence; nothing that fits is unknown.
-- A break that neither side touched since the last close keeps its cause, unless it was to clear by itself and did not.
with lasting as (
    select cause_code as kept_cause_code, case when count(*) = count(symptom_code) then list(symptom_code) end as of_symptom_codes
    from {{ ref('break_cause') }}
    where disposition <> 'timing'
    group by cause_code
),

judged as (
    select
        found.*,
        case
            when kept_cause_code is not null then kept_cause_code
            when is_unmapped or (symptom_code = 'account' and other_account_code like '?%') then 'unmapped_account'
            when symptom_code in ('summary_vs_detail', 'no_detail') then 'unknown'
            when symptom_code = 'prior_period_changed' then 'backdated_change'
            when symptom_code = 'opening' then 'opening_migration'
            when symptom_code = 'missing_in_subledger' and voucher_kind = 'revaluation' and document_type = 'voucher' then 'fx_revaluation'
            when symptom_code = 'missing_in_subledger' and voucher_kind = 'revaluation' and document_type = 'revaluation'
                then case when cost_verdict = 'not_reproduced' then 'unknown' else 'cost_recalculated' end
            when symptom_code = 'missing_in_subledger' and voucher_kind = 'adjustment' then 'audit_adjustment'
            when symptom_code = 'missing_in_subledger' and voucher_kind = 'closing_transfer' then 'closing_transfer'
            when symptom_code = 'status' and idle_reason = 'rejected' then 'rejected_input'
            when symptom_code = 'status' and idle_reason = 'unapproved' then 'unapproved_document'
            when symptom_code = 'status' and idle_reason = 'void' then 'deleted_document'
            when symptom_code = 'status' and idle_vouchers = 0 then 'document_not_vouchered'
            when symptom_code = 'status' then 'voucher_not_posted'
            when symptom_code = 'missing_in_ledger' and is_backdated then 'backdated_change'
            when symptom_code = 'period' and (is_backdated or carried_cause_code = 'backdated_change') then 'backdated_change'
            when symptom_code = 'account' and tie_code = 'input_vat' and list_contains(facts, 'not_certified') then 'tax_not_certified'
            when symptom_code = 'period' and carried_cause_code = 'tax_not_certified' then 'tax_not_certified'
            when symptom_code = 'period' then 'wrong_period'
            when symptom_code = 'missing_in_subledger' and is_billed_ahead then 'invoiced_not_delivered'
            when symptom_code = 'missing_in_ledger' and is_billed_ahead and sign(earlier_difference_amount) = -sign(difference_amount)
                then 'invoiced_not_delivered'
            when symptom_code in ('missing_in_ledger', 'partial') and lacks_estimate then 'estimate_missing'
            when symptom_code in ('missing_in_ledger', 'partial') and lacks_reversal then 'estimate_not_reversed'
            when symptom_code in ('missing_in_ledger', 'partial') and lacks_price_difference then 'invoice_price_difference'
            when symptom_code = 'quantity_or_value_only' and gross_amount = 0 then case when is_in_other_unit then 'unit_conversion' else 'data_entry_error' end
            when symptom_code = 'quantity_or_value_only' and list_contains(facts, 'no_value') and list_contains(facts, 'from_production')
                then 'production_cost_not_allocated'
            when symptom_code = 'quantity_or_value_only' and tie_code in ('stock', 'cost_of_sales', 'goods_shipped') then 'zero_cost'
            when symptom_code = 'missing_in_ledger' and tie_code in ('stock', 'cost_of_sales', 'goods_shipped') and list_contains(facts, 'not_costed') then 'not_costed'
            when symptom_code = 'missing_in_ledger' and tie_code in ('stock', 'cost_of_sales', 'goods_shipped') and is_sold then 'revenue_without_cost'
            when symptom_code = 'missing_in_subledger' and is_gap_in_series and is_system_generated then 'deleted_document'
            when symptom_code in ('amount', 'transposition') and is_in_other_unit then 'unit_conversion'
            when symptom_code = 'amount' and cost_verdict = 'rounded' then 'rounding_point'
            when symptom_code = 'amount' and cost_verdict = 'price' then 'invoice_price_difference'
            when symptom_code in ('amount', 'partial') and cost_verdict = 'recalculated' then 'cost_recalculated'
            when symptom_code in ('amount', 'partial') and cost_verdict = 'ahead' then 'invoiced_not_delivered'
            when symptom_code in ('amount', 'partial') and cost_verdict = 'policy' then 'policy_difference'
            when symptom_code = 'amount' and cost_verdict is null and not is_as_reported and is_report_confirmed and recost_basis = 'earlier' then 'cost_recalculated'
            when symptom_code = 'amount' and cost_verdict is null and is_as_reported and recost_basis in ('last_receipt', 'month') then 'policy_difference'
            when symptom_code = 'duplicate' and reversal_amount <> 0 and reversal_amount = difference_amount then 'estimate_reversed_twice'
            when symptom_code = 'duplicate' then 'duplicate_posting'
            when (symptom_code = 'account' or (symptom_code = 'amount' and tie_code in ('stock', 'cost_of_sales'))) and list_contains(facts, 'other_item') then 'wrong_item'
            when symptom_code = 'account' and list_contains(facts, 'other_category') then 'item_account_changed'
            when symptom_code = 'account' and list_contains(facts, 'transit_invoice') then 'invoiced_not_received'
            when symptom_code = 'account' and tie_code = 'stock' and has_unexpected and list_contains(facts, 'service_invoice') then 'charge_not_allocated'
            when symptom_code = 'account' and difference_amount = 0 and list_contains(facts, 'group_member') and list_contains(facts, 'partner_account') then 'intercompany'
            when symptom_code = 'account' then 'wrong_account'
            when symptom_code = 'dimension' and list_contains(facts, 'group_member') then 'intercompany'
            when symptom_code = 'dimension' then 'wrong_party'
            when symptom_code = 'currency' then 'rate_difference'
            when symptom_code = 'rounding' then 'rounding_point'
            when symptom_code in ('transposition', 'sign') then 'data_entry_error'
            when counterpart_kind = 'gross' and symptom_code in ('amount', 'missing_in_ledger') then 'gross_for_net'
            when symptom_code = 'amount' and is_witnessed then 'data_entry_error'
            when counterpart_kind = 'tax' and symptom_code = 'amount' then 'tax_difference'
            when counterpart_kind = 'entry' and symptom_code = 'amount' then 'data_entry_error'
            when symptom_code = 'amount' and lacks_estimate then 'data_entry_error'
            when symptom_code = 'amount' and tie_code in ('input_vat', 'output_vat') then 'tax_difference'
            when symptom_code = 'amount' and tie_code in ('payables', 'receivables', 'revenue') then 'data_entry_error'
            when symptom_code = 'amount' and not is_as_reported and is_report_confirmed and is_alone then 'data_entry_error'
            when symptom_code = 'amount' and not is_as_reported and is_report_confirmed then 'cost_recalculated'
            when symptom_code = 'amount' and is_lone and is_as_reported is null then 'data_entry_error'
            when symptom_code = 'missing_in_ledger' and twin_no is not null then 'duplicate_import'
            when symptom_code in ('missing_in_ledger', 'partial') and document_type = 'count' then 'count_not_vouchered'
            when symptom_code in ('missing_in_ledger', 'partial') and document_type = 'transfer' then 'transfer_one_sided'
            when symptom_code = 'partial' and lacks_cost_difference then 'unknown'
            when symptom_code in ('missing_in_ledger', 'partial') then 'document_not_vouchered'
            when symptom_code = 'missing_in_subledger' and list_contains(facts, 'transfer') then 'transfer_one_sided'
            when symptom_code = 'missing_in_subledger' and document_type = 'voucher' and not {{ is_ledger_itself('source_module') }} then 'other_module'
            when symptom_code = 'missing_in_subledger' and document_type = 'voucher' then 'manual_entry'
            else 'unknown'
        end as own_cause_code
    from {{ ref('break_symptom') }} as found
    left join lasting on found.earlier_cause_code = lasting.kept_cause_code and coalesce(list_contains(lasting.of_symptom_codes, symptom_code), true)
),

-- An invoice that releases exactly what its deliveries put there differs for their reason: the largest one's, if all are known.
handed_on as (
    select
        billed.document_no,
        case when bool_and(delivery.own_cause_code <> 'unknown')
            then first(delivery.own_cause_code order by abs(billed.difference_amount) desc, delivery.own_cause_code)
        else 'unknown' end as cause_code
    from {{ ref('break_delivery') }} as billed
    inner join judged as delivery on delivery.document_type = 'delivery' and billed.delivery_no = delivery.document_no
    group by billed.document_no
)

select
    judged.*,
    case
        when judged.own_cause_code = 'unknown' and judged.earlier_cause_code is null and judged.follows_its_deliveries
            then coalesce(handed_on.cause_code, 'unknown')
        when judged.own_cause_code = 'unknown' and judged.symptom_code = 'amount' and judged.cost_verdict = 'follows' then 'policy_difference'
        else judged.own_cause_code
    end as cause_code,
    case
        when judged.own_cause_code <> 'unknown' or judged.symptom_code <> 'amount' then null
        when judged.is_billed_ahead then 'invoiced_not_delivered'
        when judged.is_as_reported then 'policy_difference'
        when not judged.is_as_reported then 'cost_recalculated'
    end as also_codes
from judged
left join handed_on on judged.document_type = 'sales_invoice' and judged.document_no = handed_on.document_no
