-- One row per differing document whose cost the source states itself: what it reports, unsigned, on how many lines.
-- A document that came before keeps what was reported for it then.
with reported as (
    select
        line.document_type,
        {{ document_key('line.document_no') }} as document_no,
        abs(sum(coalesce(sign(line.quantity) * abs(line.reported_amount), {{ extended('line.quantity', 'line.reported_unit_cost') }}))) as reported_amount,
        count(*) as reported_lines
    from {{ ref('stock_ledger') }} as line
    where line.event_type <> 'negative_true_up' and line.quantity <> 0
    group by all
    having count(*) = count(coalesce(line.reported_amount, line.reported_unit_cost))
),

earlier as (
    select document_type, {{ document_key('document_no') }} as document_no, max(reported_amount) as reported_amount, max(reported_lines) as reported_lines
    from {{ source('carried', 'open_group') }}
    where reported_lines is not null
    group by all
)

select
    found.document_type,
    found.document_no,
    cast(coalesce(reported.reported_amount, earlier.reported_amount) as decimal(18, 2)) as reported_amount,
    cast(coalesce(reported.reported_lines, earlier.reported_lines) as integer) as reported_lines
from {{ ref('break_document') }} as found
left join reported on found.document_type = reported.document_type and found.document_no = reported.document_no
left join earlier on found.document_type = earlier.document_type and found.document_no = earlier.document_no
where coalesce(reported.reported_lines, earlier.reported_lines) is not null
