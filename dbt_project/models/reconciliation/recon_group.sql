-- One row per document and account that either side knows, with both sides' amounts on the measure of the account's tie.
with grouped as (
    select
        document_type,
        document_no,
        account_code,
        any_value(shown_no) as shown_no,
        sum(expected_new) as expected_new,
        sum(actual_new) as actual_new,
        sum(expected_carried) as expected_carried,
        sum(actual_carried) as actual_carried,
        sum(expected_lines) as expected_lines,
        sum(actual_lines) as actual_lines,
        min(first_date) as first_date,
        min(expected_party) as expected_party,
        min(actual_party) as actual_party,
        min(first_period) as carried_since
    from {{ ref('recon_entry') }}
    group by document_type, document_no, account_code
)

select
    grouped.*,
    control.tie_code,
    control.measure,
    cast(expected_new + case when control.measure = 'closing' then expected_carried else 0 end as decimal(38, 2)) as expected_amount,
    cast(actual_new + case when control.measure = 'closing' then actual_carried else 0 end as decimal(38, 2)) as actual_amount,
    cast(
        actual_new - expected_new + case when control.measure = 'closing' then actual_carried - expected_carried else 0 end
        as decimal(38, 2)
    ) as difference_amount
from grouped
left join {{ ref('control_account') }} as control on grouped.account_code = control.account_code
where coalesce(control.measure, '') <> 'movement' or grouped.document_type not in ('opening', 'ledger_opening')
