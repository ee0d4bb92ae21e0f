-- One row per difference and period; a break that cleared in this period is listed once more, at 0.
with caused as (
    select
        found.*,
        cause.rule_id,
        cause.disposition,
        cause.confidence,
        cause.sentence_zh,
        cause.sentence_en
    from {{ ref('break_cause_choice') }} as found
    inner join {{ ref('break_cause') }} as cause
        on found.cause_code = cause.cause_code and coalesce(cause.symptom_code, found.symptom_code) = found.symptom_code
        and coalesce(cause.is_witnessed, found.is_witnessed) = found.is_witnessed
    qualify row_number() over (
        partition by found.tie_code, found.document_type, found.document_no
        order by cause.symptom_code nulls last, cause.is_witnessed nulls last
    ) = 1
),

told as (
    select
        caused.*,
        run.period,
        run.period_end,
        coalesce(caused.carried_since, run.period) as first_period,
        '（' || caused.shown_no || coalesce('，凭证 ' || caused.voucher_no, '') || '：应为 ' || caused.expected_amount
        || '，总账 ' || caused.actual_amount || '，差异 ' || caused.difference_amount || '）' as figures_zh,
        ' (' || caused.shown_no || coalesce(', voucher ' || caused.voucher_no, '') || ': expected ' || caused.expected_amount
        || ', ledger ' || caused.actual_amount || ', difference ' || caused.difference_amount || ')' as figures_en
    from caused
    cross join {{ source('settings', 'period') }} as run
),

cleared as (
    select
        {{ break_id('carried.tie_code', 'carried.document_type', document_key('carried.document_no')) }} as break_id,
        carried.tie_code, carried.document_type, carried.document_no,
        any_value(carried.symptom_code) as symptom_code, any_value(carried.cause_code) as cause_code,
        min(carried.first_period) as first_period, min(carried.first_date) as first_date
    from {{ source('carried', 'open_group') }} as carried
    inner join {{ ref('control_account') }} as control on carried.account_code = control.account_code and control.measure = 'closing'
    anti join {{ ref('break_group') }} as found
        on carried.tie_code = found.tie_code
        and carried.document_type = found.document_type
        and {{ document_key('carried.document_no') }} = found.document_no
    group by all
)

select
    period,
    {{ break_id('tie_code', 'document_type', 'document_no') }} as break_id,
    tie_code,
    symptom_code,
    cause_code,
    disposition,
    also_codes,
    document_type,
    shown_no as document_no,
    cast(null as integer) as line_no,
    voucher_no,
    cast(null as varchar) as item_code,
    coalesce(expected_party, actual_party) as party_code,
    cast(expected_amount as decimal(18, 2)) as expected_amount,
    cast(actual_amount as decimal(18, 2)) as actual_amount,
    cast(difference_amount as decimal(18, 2)) as difference_amount,
    cast(case
        when symptom_code = 'account' and difference_amount = 0 then {{ share_of('cast(gross_amount as decimal(18, 2))', '1', '2') }}
        when symptom_code = 'account' then abs(difference_amount)
        when symptom_code = 'dimension' then abs(actual_amount)
        else 0
    end as decimal(18, 2)) as misposted_amount,
    first_period,
    cast(date_diff('day', first_date, period_end) as integer) as age_days,
    case when first_period = period then 'new' else 'open' end as status,
    cast(confidence as decimal(5, 4)) as confidence,
    rule_id as cause_rule_id,
    sentence_zh || figures_zh as explanation_zh,
    sentence_en || figures_en as explanation_en
from told
union all
select
    run.period, cleared.break_id, cleared.tie_code, cleared.symptom_code, cleared.cause_code, 'timing', null, cleared.document_type, cleared.document_no,
    null, null, null, null, 0, 0, 0, 0, cleared.first_period, cast(date_diff('day', cleared.first_date, run.period_end) as integer),
    'cleared', cast(1 as decimal(5, 4)), null, '本期已消除', 'Cleared in this period'
from cleared
cross join {{ source('settings', 'period') }} as run
