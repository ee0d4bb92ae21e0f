-- One row per payment, receipt or application of one document to another.
with payment as (
    select
        'payment' as document_type, document_no, line_no, payment_type as event_type, document_date, posting_date, party_code, amount,
        cast(null as varchar) as original_event_id
    from {{ ref('stg_payment_line') }}
    where coalesce(status, 'approved') in ('approved', 'closed')
),

application as (
    select
        'application' as document_type, document_no, line_no, application_type as event_type, document_date, document_date as posting_date, party_code, amount,
        cast(null as varchar) as original_event_id
    from {{ ref('stg_application_line') }}
),

line as (
    select * from payment
    union all
    select * from application
)

select
    document_type || ':' || document_no || ':' || line_no as event_id,
    event_type,
    document_type,
    document_no,
    line_no,
    document_date,
    coalesce(posting_date, document_date) as effective_date,
    cast(null as timestamp) as entered_at,
    cast(null as varchar) as item_code,
    cast(null as varchar) as warehouse_code,
    cast(null as varchar) as counterpart_warehouse_code,
    party_code,
    cast(null as varchar) as reason_code,
    cast(null as varchar) as department_code,
    cast(null as varchar) as business_type,
    cast(null as decimal(18, 4)) as quantity,
    cast(null as decimal(28, 10)) as unit_cost,
    amount as net_amount,
    cast(null as decimal(18, 2)) as tax_amount,
    cast(null as decimal(18, 8)) as tax_rate,
    original_event_id,
    cast(null as decimal(28, 10)) as reported_unit_cost,
    cast(null as decimal(18, 2)) as reported_amount,
    cast(null as varchar) as unit,
    {{ original_columns() }}
from line
