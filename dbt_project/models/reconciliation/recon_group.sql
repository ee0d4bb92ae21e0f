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
        min(first_period) as carried_since,
        sum(expected_quantity) as expected_quantity,
        sum(actual_quantity) as actual_quantity
    from {{ ref('recon_entry') }}
    group by document_type, document_no, account_code
),

-- An account is kept by quantity, in stock units, when more of its documents agree in quantity than not.
counted as (
    select account_code
    from grouped
    group by account_code
    having count(*) filter (where expected_quantity = actual_quantity) > count(*) filter (where expected_quantity <> actual_quantity)
)

select
    grouped.* exclude (expected_quantity, actual_quantity),
    control.tie_code,
    control.measure,
    cast(expected_new + case when control.measure = 'closing' then expected_carried else 0 end as decimal(38, 2)) as expected_amount,
    cast(actual_new + case when control.measure = 'closing' then actual_carried else 0 end as decimal(38, 2)) as actual_amount,
    cast(
        actual_new - expected_new + case when control.measure = 'closing' then actual_carried - expected_carried else 0 end
        as decimal(38, 2)
    ) as difference_amount,
    case when counted.account_code is not null then grouped.expected_quantity end as expected_quantity,
    case when counted.account_code is not null then grouped.actual_quantity end as actual_quantity
from grouped
left join {{ ref('control_account') }} as control on grouped.account_code = control.account_code
left join counted on grouped.account_code = counted.account_code
where coalesce(control.measure, '') <> 'movement' or grouped.document_type not in ('opening', 'ledger_opening')
