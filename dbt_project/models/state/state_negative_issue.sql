-- One row per issue into negative stock that still waits for its true-up.
select
    pool.item_code,
    pool.pool_code,
    cast(row_number() over (partition by open_issue.component_key, open_issue.pool_key order by open_issue.source_sequence_no) as integer) as issue_no,
    issue.event_id, issue.event_type, issue.document_type, issue.document_no, cast(issue.line_no as integer) as line_no,
    issue.warehouse_code, issue.reason_code, issue.production_order_no, issue.party_code, issue.department_code, issue.business_type,
    open_issue.layer_quantity as quantity,
    open_issue.layer_amount as amount
from {{ ref('costed') }} as open_issue
inner join {{ ref('costing_pool') }} as pool on open_issue.component_key = pool.component_key and open_issue.pool_key = pool.pool_key
inner join {{ ref('costed') }} as issue on open_issue.source_sequence_no = issue.sequence_no and {{ is_row('issue') }}
where open_issue.record_kind = 'negative'
