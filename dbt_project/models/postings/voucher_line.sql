-- One row per line of a voucher that a business document should have caused. Signed amounts are debit positive;
-- a red entry is negative on its own side.
with accounted as (
    select
        side.*,
        choice.account_code,
        case amount_basis when 'estimate' then 'estimate' when 'estimate_reversal' then 'reversal' else 'document' end as voucher_part
    from {{ ref('posting_side') }} as side
    {{ join_account('side') }}
),

-- An amount that leaves and reaches the same account moves nothing.
moving as (
    select *
    from accounted
    qualify count(distinct account_code) over (partition by event_id, event_type, amount_basis) > 1
),

numbered as (
    select
        *,
        run.period || ':' || document_type || ':' || document_no || ':' || voucher_part as voucher_id
    from moving
    cross join {{ source('settings', 'period') }} as run
)

select
    numbered.voucher_id,
    cast(row_number() over (
        partition by numbered.voucher_id
        order by numbered.line_no, numbered.event_id, numbered.event_type, numbered.amount_basis, -numbered.side
    ) as integer) as line_no,
    numbered.period,
    numbered.posting_date as voucher_date,
    numbered.summary_zh || ' ' || numbered.document_no as summary_zh,
    numbered.summary_en || ' ' || numbered.document_no as summary_en,
    numbered.account_role,
    numbered.account_code,
    account.name as account_name,
    cast(case when numbered.side = 1 then numbered.signed_amount else 0 end as decimal(18, 2)) as debit_amount,
    cast(case when numbered.side = -1 then -numbered.signed_amount else 0 end as decimal(18, 2)) as credit_amount,
    cast(numbered.signed_amount as decimal(18, 2)) as signed_amount,
    numbered.quantity,
    numbered.currency,
    cast(numbered.side * numbered.original_amount as decimal(18, 2)) as original_amount,
    numbered.rule_id,
    cast(numbered.rule_version as integer) as rule_version,
    numbered.event_id,
    numbered.event_type,
    numbered.amount_basis,
    numbered.document_type,
    numbered.document_no,
    numbered.line_no as document_line_no,
    numbered.item_code,
    numbered.party_code,
    numbered.department_code,
    {{ group_id('numbered.document_type', 'numbered.document_no', 'numbered.account_code') }} as match_id
from numbered
left join {{ ref('stg_account') }} as account on numbered.account_code = account.account_code
