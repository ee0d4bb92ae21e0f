-- One row: the verdict on the period and the sentence that tells it.
with total as (
    select
        sum(difference_amount) as difference_amount,
        sum(timing_amount) as timing_amount,
        sum(correct_ledger_amount) as correct_ledger_amount,
        sum(correct_subledger_amount) as correct_subledger_amount,
        sum(accepted_amount) as accepted_amount,
        sum(unidentified_amount) as unidentified_amount,
        sum(gross_open_amount) as gross_open_amount,
        sum(posting_leg_amount) filter (where tie_code = 'stock') as posting_leg_amount,
        sum(costing_leg_amount) filter (where tie_code = 'stock') as costing_leg_amount
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
),

-- The sentence speaks of unsigned sums: a missing voucher differs on both of its sides and would net to nothing.
unsigned as (
    select
        coalesce(sum(abs(line.difference_amount)), 0) as difference_amount,
        {%- for part in ['timing', 'correct_ledger', 'correct_subledger', 'accepted', 'unidentified'] %}
        coalesce(sum(abs(line.difference_amount)) filter (where found.disposition = '{{ part }}'), 0) as {{ part }}_amount{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('break_line') }} as line
    inner join {{ ref('reconciliation_break') }} as found on line.break_id = found.break_id
),

judged as (
    select
        above.accounts = 0 and counted.misposted_count = 0 as is_ready,
        case books.sides when 'inventory' then '总账' when 'ledger' then '进销存' end as absent_zh,
        case books.sides when 'inventory' then 'ledger' when 'ledger' then 'inventory' end as absent_en
    from above
    cross join counted
    cross join {{ source('settings', 'books') }} as books
)

select
    run.period,
    case when judged.absent_en is not null then 'not_compared' when judged.is_ready then 'ready' else 'to_correct' end as verdict,
    {%- for part in ['difference', 'timing', 'correct_ledger', 'correct_subledger', 'accepted', 'unidentified', 'gross_open'] %}
    cast(total.{{ part }}_amount as decimal(38, 2)) as {{ part }}_amount,
    {%- endfor %}
    cast(total.posting_leg_amount as decimal(38, 2)) as posting_leg_amount,
    cast(total.costing_leg_amount as decimal(38, 2)) as costing_leg_amount,
    cast(counted.break_count as integer) as break_count,
    coalesce(run.period || '：没有' || judged.absent_zh || '一方的数据，未作比对；本方的检查见数据质量，补交后才有结论', run.period || '：' || counted.break_count || ' 项差异，绝对额 ' || unsigned.difference_amount || '：时间性 ' || unsigned.timing_amount
    || '，应改总账 ' || unsigned.correct_ledger_amount || '，应改业务 ' || unsigned.correct_subledger_amount
    || '，已接受 ' || unsigned.accepted_amount || '，待查 ' || unsigned.unidentified_amount
    || case when total.posting_leg_amount <> 0 or total.costing_leg_amount <> 0
        then '；存货：总账比业务系统自报多 ' || total.posting_leg_amount || '，自报比重算多 ' || total.costing_leg_amount else '' end
    || '：' || case when judged.is_ready then '可以结账' else '不可结账' end) as sentence_zh,
    coalesce(run.period || ': no ' || judged.absent_en || ' side was delivered, so nothing is compared; see the data quality of this side, and deliver '
    || 'the other for a verdict', run.period || ': ' || counted.break_count || ' breaks, unsigned ' || unsigned.difference_amount || ': timing ' || unsigned.timing_amount
    || ', correct ledger ' || unsigned.correct_ledger_amount || ', correct sub-ledger ' || unsigned.correct_subledger_amount
    || ', accepted ' || unsigned.accepted_amount || ', unidentified ' || unsigned.unidentified_amount
    || case when total.posting_leg_amount <> 0 or total.costing_leg_amount <> 0
        then '; stock: ledger less reported ' || total.posting_leg_amount || ', reported less recomputed ' || total.costing_leg_amount else '' end
    || ': ' || case when judged.is_ready then 'ready to close' else 'not ready to close' end) as sentence_en
from total
cross join judged
cross join counted
cross join unsigned
cross join {{ source('settings', 'period') }} as run
