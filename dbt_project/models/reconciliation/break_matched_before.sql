-- One row per tie and document that only the ledger knows now and that an earlier period matched: is it posted again, or undone?
with matched as (
    select matched.period, matched.tie_code, matched.document_type, {{ document_key('matched.document_no') }} as document_no, sum(matched.actual_amount) as amount
    from {{ source('carried', 'reconciliation_match') }} as matched
    semi join {{ ref('break_document') }} as found
        on matched.document_type = found.document_type and {{ document_key('matched.document_no') }} = found.document_no
    group by all
)

select
    found.tie_code, found.document_type, found.document_no,
    bool_or(matched.amount = found.difference_amount) as is_repeated,
    bool_or(matched.amount = -found.difference_amount) as is_reversed
from {{ ref('break_group') }} as found
inner join matched
    on found.tie_code = matched.tie_code and found.document_type = matched.document_type and found.document_no = matched.document_no
where not found.has_expected and found.difference_amount <> 0
group by found.tie_code, found.document_type, found.document_no
