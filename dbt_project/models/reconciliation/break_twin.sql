-- One row per document without a voucher that another document, posted and right, equals in partner, day and every figure.
with unposted as (
    select document_type, document_no
    from {{ ref('break_document') }}
    where voucher_no is null
),

line as (
    select
        line.document_type, {{ document_key('line.document_no') }} as document_no, line.party_code, line.effective_date,
        (line.event_type, line.item_code, line.warehouse_code, line.quantity, line.net_amount, line.tax_amount, line.original_event_id) as figures
    from {{ ref('business_event') }} as line
    where (line.document_type, line.party_code, line.effective_date) in (
        select (event.document_type, event.party_code, event.effective_date)
        from {{ ref('business_event') }} as event
        semi join unposted on event.document_type = unposted.document_type and {{ document_key('event.document_no') }} = unposted.document_no
    )
),

document as (
    select document_type, document_no, party_code, effective_date, list(figures order by figures) as figures
    from line
    group by document_type, document_no, party_code, effective_date
)

select one.document_type, one.document_no, min(twin.document_no) as twin_no
from document as one
semi join unposted on one.document_type = unposted.document_type and one.document_no = unposted.document_no
inner join document as twin
    on one.document_type = twin.document_type and one.document_no <> twin.document_no
    and one.party_code = twin.party_code and one.effective_date = twin.effective_date and one.figures = twin.figures
anti join {{ ref('break_document') }} as differing on twin.document_type = differing.document_type and twin.document_no = differing.document_no
group by one.document_type, one.document_no
