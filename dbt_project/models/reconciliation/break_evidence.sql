-- One row per break: the facts that decide its symptom and cause.
with earlier as (
    select tie_code, document_type, {{ document_key('document_no') }} as document_no,
        any_value(symptom_code) as symptom_code, any_value(cause_code) as cause_code, bool_or(is_witnessed) as is_witnessed
    from {{ source('carried', 'open_group') }}
    group by all
),

billed_ahead as (
    select distinct {{ document_key('bill.document_no') }} as document_no
    from {{ ref('sales_bill') }} as bill
    where bill.event_id in (select ahead.event_id from {{ source('carried', 'open_bill') }} as ahead)
        or bill.original_event_id not in (select shipment.event_id from {{ ref('shipment_balance') }} as shipment)
),

followed as (
    select document_no, sum(difference_amount) as difference_amount
    from {{ ref('break_delivery') }}
    group by document_no
),

-- Another figure of the inventory side agrees with the ledger: the document is wrong.
witnessed as (
    select found.tie_code, found.document_type, found.document_no
    from {{ ref('break_group') }} as found
    inner join {{ ref('break_witness') }} as witness
        on found.tie_code = witness.tie_code and found.document_type = witness.document_type and found.document_no = witness.document_no
    where found.expected_amount <> 0 and found.actual_amount = sign(found.expected_amount) * abs(witness.amount)
    group by all
),

-- Documents of the month after that the extract holds already: their vouchers are ahead of them.
ahead as (
    select distinct found.document_type, found.document_no
    from {{ ref('break_group') }} as found
    inner join {{ source('landing', 'next_document') }} as later
        on found.document_type = later.document_type and found.document_no = {{ document_key('later.document_no') }}
        and abs(found.actual_amount) in (abs(later.amount), abs(later.gross_amount))
    where not found.has_expected
),

-- Sales that the ledger has: their cost belongs to the same period.
sold as (
    select distinct document_type, document_no
    from {{ ref('recon_group') }}
    where tie_code = 'revenue' and actual_lines > 0 and actual_new <> 0
)

select
    found.*,
    -- Where one account differs, or what clears itself inside the tie, the account is compared instead of the tie.
    case when by_account then found.an_expected_amount else found.expected_amount end as compared_expected,
    case when by_account then found.an_actual_amount else found.actual_amount end as compared_actual,
    document.voucher_no, document.source_module, document.voucher_kind, document.is_system_generated, document.is_backdated, document.idle_reason,
    counterpart.kind as counterpart_kind,
    counterpart.other_account_code,
    coalesce(ledger.equal_vouchers, 0) as equal_vouchers,
    coalesce(ledger.idle_vouchers, 0) as idle_vouchers,
    coalesce(ledger.live_vouchers, 0) as live_vouchers,
    coalesce(ledger.idle_amount, 0) as idle_amount,
    coalesce(piece.posted_lines, 0) > 0 and piece.missing_amount = -found.difference_amount as is_partly_posted,
    coalesce(piece.lacks_estimate, false) as lacks_estimate,
    coalesce(piece.lacks_reversal, false) as lacks_reversal,
    coalesce(piece.lacks_price_difference, false) as lacks_price_difference,
    coalesce(piece.lacks_cost_difference, false) as lacks_cost_difference,
    coalesce(piece.reversal_amount, 0) as reversal_amount,
    coalesce(before.is_repeated, false) as is_repeated_later,
    coalesce(before.is_reversed, false) as is_reversed_later,
    sold.document_no is not null as is_sold,
    twin.twin_no,
    gap.document_no is not null as is_gap_in_series,
    coalesce(
        witnessed.document_no is not null or unit.is_typed_wrong or list_contains(paper.facts, 'no_value') or earlier.is_witnessed, false
    ) as is_witnessed,
    unit.document_no is not null as is_in_other_unit,
    rate.document_no is not null as is_at_other_rate,
    ahead.document_no is not null as is_ahead,
    coalesce(paper.facts, []) as facts,
    recost.basis as recost_basis,
    coalesce(ledger.is_valueless, false) as is_valueless,
    found.document_type = 'ledger_balance' and found.an_account_code not in (select line.account_code from {{ ref('ledger_line') }} as line) as is_without_entries,
    lone.document_no is not null as is_alone,
    coalesce(lone.has_agreeing, false) as is_lone,
    earlier.cause_code as carried_cause_code,
    rounding.is_reproduced as is_rounding_reproduced,
    case when found.is_untouched then earlier.symptom_code end as earlier_symptom_code,
    case when found.is_untouched then earlier.cause_code end as earlier_cause_code,
    found.document_type = 'sales_invoice' and billed_ahead.document_no is not null as is_billed_ahead,
    found.document_type = 'sales_invoice' and abs(followed.difference_amount) = abs(found.difference_amount) as follows_its_deliveries,
    report.reported_amount = abs(found.actual_amount) as is_as_reported,
    abs(report.reported_amount - abs(found.expected_amount)) <= report.reported_lines * 0.01 as is_report_confirmed,
    cost.cost_verdict
from {{ ref('break_group') }} as found
left join {{ ref('break_document') }} as document on found.document_type = document.document_type and found.document_no = document.document_no
left join {{ ref('break_counterpart') }} as counterpart
    on found.tie_code = counterpart.tie_code and found.document_type = counterpart.document_type and found.document_no = counterpart.document_no and found.difference_amount = counterpart.difference_amount
left join {{ ref('break_ledger') }} as ledger on found.tie_code = ledger.tie_code and found.document_type = ledger.document_type and found.document_no = ledger.document_no
left join {{ ref('break_piece') }} as piece on found.tie_code = piece.tie_code and found.document_type = piece.document_type and found.document_no = piece.document_no
left join {{ ref('break_matched_before') }} as before
    on found.tie_code = before.tie_code and found.document_type = before.document_type and found.document_no = before.document_no
left join {{ ref('break_twin') }} as twin on found.document_type = twin.document_type and found.document_no = twin.document_no
left join {{ ref('break_gap') }} as gap on found.document_type = gap.document_type and found.document_no = gap.document_no
left join {{ ref('break_lone') }} as lone on found.document_type = lone.document_type and found.document_no = lone.document_no
left join sold on found.document_type = sold.document_type and found.document_no = sold.document_no
left join {{ ref('break_rounding') }} as rounding
    on found.tie_code = rounding.tie_code and found.document_type = rounding.document_type and found.document_no = rounding.document_no
left join earlier on found.tie_code = earlier.tie_code and found.document_type = earlier.document_type and found.document_no = earlier.document_no
left join witnessed on found.tie_code = witnessed.tie_code and found.document_type = witnessed.document_type and found.document_no = witnessed.document_no
left join {{ ref('break_unit') }} as unit on found.tie_code = unit.tie_code and found.document_type = unit.document_type and found.document_no = unit.document_no
left join {{ ref('break_currency') }} as rate on found.tie_code = rate.tie_code and found.document_type = rate.document_type and found.document_no = rate.document_no
left join {{ ref('break_recost') }} as recost on found.tie_code = recost.tie_code and found.document_type = recost.document_type and found.document_no = recost.document_no
left join {{ ref('break_paper') }} as paper on found.document_type = paper.document_type and found.document_no = paper.document_no
left join ahead on found.document_type = ahead.document_type and found.document_no = ahead.document_no
left join billed_ahead on found.document_no = billed_ahead.document_no
left join followed on found.document_no = followed.document_no
left join {{ ref('break_report') }} as report on found.document_type = report.document_type and found.document_no = report.document_no
left join {{ ref('break_cost') }} as cost
    on found.tie_code = cost.tie_code and found.document_type = cost.document_type and found.document_no = cost.document_no
