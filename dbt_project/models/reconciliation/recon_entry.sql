-- One row per contribution of either side to a group (document and account): this period's, carried, and balances without lines.
-- None where the books have one side only: what the other one lacks is not missing.
with expected as (
    select
        document_type, {{ document_key('document_no') }} as document_no, account_code,
        sum(signed_amount) as expected_new, 0 as actual_new, 0 as expected_carried, 0 as actual_carried,
        count(*) as expected_lines, 0 as actual_lines, min(voucher_date) as first_date,
        min(party_code) as expected_party, null as actual_party, null as first_period, any_value(document_no) as shown_no,
        sum({{ moved_quantity() }}) filter (where account_role = 'inventory') as expected_quantity, null as actual_quantity
    from {{ ref('voucher_line') }}
    group by all
),

actual as (
    select
        line.document_type, {{ document_key('line.document_no') }} as document_no, line.account_code,
        0, sum(line.signed_amount), 0, 0,
        0, count(*), min(line.voucher_date),
        null, min(line.party_code), null, any_value(line.document_no),
        null, sum({{ moved_quantity() }})
    from {{ ref('ledger_line') }} as line
    left join {{ ref('control_account') }} as control on line.account_code = control.account_code
    where line.is_live
        and line.voucher_kind <> 'opening'
        and not (line.voucher_kind = 'closing_transfer' and coalesce(control.measure, 'movement') = 'movement')
    group by all
),

carried as (
    select
        document_type, {{ document_key('document_no') }}, account_code, 0, 0, expected_amount, actual_amount, 0, 0, first_date, null, null, first_period, document_no,
        null, null
    from {{ source('carried', 'open_group') }}
),

opening as (
    select
        'opening' as document_type, account_code as document_no, account_code,
        sub_amount, ledger_amount, 0, 0, 1, 1, run.period_start, null, null, null, account_code, null, null
    from (
        select account_code, sum(sub_amount) as sub_amount, sum(ledger_amount) as ledger_amount
        from (
            select account_code, opening_amount as sub_amount, 0 as ledger_amount from {{ ref('subledger_balance') }}
            union all
            select account_code, 0, opening_amount + opening_voucher_amount from {{ ref('ledger_balance') }}
        )
        group by account_code
    )
    cross join {{ source('settings', 'period') }} as run
    where run.is_first_period and (sub_amount <> 0 or ledger_amount <> 0)
),

balance_only as (
    select
        unnest(['ledger_opening', 'ledger_balance']) as document_type,
        account_code || '@' || run.period as document_no, account_code, 0,
        unnest([
            case when run.is_first_period then 0 else opening_amount - carried_amount end,
            closing_amount - opening_amount - line_debit_amount + line_credit_amount
        ]) as actual_new,
        0, 0, 0, 1, run.period_start, null, null, null, account_code, null, null
    from {{ ref('ledger_balance') }}
    cross join {{ source('settings', 'period') }} as run
    where is_stated
),

contribution as (
    select * from expected
    union all
    select * from actual
    union all
    select * from carried
    union all
    select * from opening
    union all
    select * from balance_only where actual_new <> 0
)

select contribution.*
from contribution
semi join {{ source('settings', 'books') }} as books on books.sides = 'both'
