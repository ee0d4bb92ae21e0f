-- One row: the verdict on the period and the sentence that tells it.
with total as (
    select
        sum(difference_amount) as difference_amount,
        sum(timing_amount) as timing_amount,
        sum(correct_ledger_amount) as correct_ledger_amount,
        sum(correct_subledger_amount) as correct_subledger_amount,
        sum(accepted_amount) as accepted_amount,
        sum(unidentified_amount) as unidentified_amount,
        sum(gross_open_amount) as gross_open_amount
    from {{ ref('tie_out') }}
),

-- What blocks the close counts gross and against materiality, account by account.
above as (
    select count(*) as accounts
    from {{ ref('tie_out') }} as tie
    left join {{ source('settings', 'materiality') }} as own on tie.account_code = own.account_code
    left join {{ source('settings', 'materiality') }} as everywhere on everywhere.account_code is null
    where tie.gross_open_amount > greatest(
        coalesce(own.floor_amount, everywhere.floor_amount, 0),
        round(abs(tie.subledger_amount) * coalesce(own.rate, everywhere.rate, 0), 2)
    )
),

counted as (
    select
        count(*) filter (where status <> 'cleared') as break_count,
        count(*) filter (where disposition = 'correct_ledger' and status <> 'cleared' and difference_amount = 0) as misposted_count
    from {{ ref('reconciliation_break') }}
)

select
    run.period,
    case when above.accounts = 0 and counted.misposted_count = 0 then 'ready' else 'to_correct' end as verdict,
    {%- for part in ['difference', 'timing', 'correct_ledger', 'correct_subledger', 'accepted', 'unidentified', 'gross_open'] %}
    cast(total.{{ part }}_amount as decimal(38, 2)) as {{ part }}_amount,
    {%- endfor %}
    cast(counted.break_count as integer) as break_count,
    run.period || '：' || counted.break_count || ' 项差异，净额 ' || total.difference_amount || '；时间性 ' || total.timing_amount
    || '，应改总账 ' || total.correct_ledger_amount || '，应改业务 ' || total.correct_subledger_amount || '，已接受 ' || total.accepted_amount
    || '，待查 ' || total.unidentified_amount || '：' || case when above.accounts = 0 and counted.misposted_count = 0 then '可以结账' else '不可结账' end as sentence_zh,
    run.period || ': ' || counted.break_count || ' breaks, net ' || total.difference_amount || '; timing ' || total.timing_amount
    || ', correct ledger ' || total.correct_ledger_amount || ', correct sub-ledger ' || total.correct_subledger_amount || ', accepted ' || total.accepted_amount
    || ', unidentified ' || total.unidentified_amount || ': '
    || case when above.accounts = 0 and counted.misposted_count = 0 then 'ready to close' else 'not ready to close' end as sentence_en
from total
cross join above
cross join counted
cross join {{ source('settings', 'period') }} as run
