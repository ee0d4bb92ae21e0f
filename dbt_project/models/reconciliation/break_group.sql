-- One row per tie and document on which the two sides differ, or name different partners or quantities.
with grouped as (
    select
        tie_code,
        document_type,
        document_no,
        any_value(measure) as measure,
        any_value(shown_no) as shown_no,
        sum(expected_amount) as expected_amount,
        sum(actual_amount) as actual_amount,
        sum(difference_amount) as difference_amount,
        sum(abs(difference_amount)) as gross_amount,
        sum(expected_lines) as expected_lines,
        sum(actual_lines) as actual_lines,
        sum(expected_new) as expected_new,
        sum(actual_new) as actual_new,
        bool_or(expected_lines > 0 or (measure = 'closing' and expected_carried <> 0)) as has_expected,
        bool_or(actual_lines > 0 or (measure = 'closing' and actual_carried <> 0)) as has_actual,
        sum(case when measure = 'movement' then actual_carried - expected_carried else 0 end) as earlier_difference_amount,
        sum(abs(expected_carried) + abs(actual_carried)) <> 0 and sum(expected_lines + actual_lines) = 0 as is_untouched,
        bool_or(account_code like '?%') as is_unmapped,
        count(*) filter (where difference_amount <> 0) as differing_accounts,
        max(account_code) filter (where difference_amount <> 0) as an_account_code,
        bool_or(difference_amount <> 0 and expected_lines = 0 and actual_lines > 0) as has_unexpected,
        max_by(expected_amount, account_code) filter (where difference_amount <> 0) as an_expected_amount,
        max_by(actual_amount, account_code) filter (where difference_amount <> 0) as an_actual_amount,
        bool_or({{ differs_in_party('recon') }}) as differs_in_party,
        bool_or({{ differs_in_quantity('recon') }}) as differs_in_quantity,
        any_value(expected_party) as expected_party,
        any_value(actual_party) as actual_party,
        min(first_date) as first_date,
        min(carried_since) as carried_since
    from {{ ref('recon_group') }} as recon
    where tie_code is not null
    group by tie_code, document_type, document_no
)

select *, differing_accounts = 1 or (expected_amount = 0 and actual_amount = 0) as by_account
from grouped
where gross_amount <> 0 or differs_in_party or differs_in_quantity
