-- One row per change of an open item, debit positive: invoices and sales, payments, and what was applied to what.
with setting as (
    select * from {{ source('settings', 'books') }}
),

billed as (
    select
        case when line.event_type = 'purchase_invoice' then 'ap' else 'ar' end as kind,
        line.party_code, line.document_type, line.document_no, line.document_date,
        (line.net_amount + line.tax_amount) * case when line.event_type = 'purchase_invoice' then -1 else 1 end as amount
    from {{ ref('business_event') }} as line
    cross join setting
    where line.event_type = 'purchase_invoice'
        or (setting.revenue_on = 'delivery' and line.event_type in ('customer_delivery', 'customer_return'))
        or (setting.revenue_on = 'invoice' and line.event_type = 'sales_invoice')
),

paid as (
    select
        case event_type when 'supplier_payment' then 'ap' when 'prepayment' then 'prepayment' when 'customer_receipt' then 'ar' else 'advance' end as kind,
        party_code, document_type, document_no, document_date,
        net_amount * case when event_type in ('supplier_payment', 'prepayment') then 1 else -1 end as amount
    from {{ ref('business_event') }}
    where document_type = 'payment'
),

applied as (
    select
        split_part(application_type, '_to_', 1) as from_kind,
        split_part(application_type, '_to_', 2) as to_kind,
        *
    from {{ ref('stg_application_line') }}
),

moved as (
    select
        case from_kind when 'payment' then 'ap' when 'receipt' then 'ar' else from_kind end as kind,
        party_code, case when from_kind = 'ap' then 'purchase_invoice' else 'payment' end as document_type, from_document_no as document_no, document_date,
        amount * case when from_kind in ('payment', 'prepayment') then -1 else 1 end as amount
    from applied
    union all
    select
        to_kind, party_code, coalesce(to_document_type, case to_kind when 'ap' then 'purchase_invoice' else 'delivery' end), to_document_no, document_date,
        amount * case when to_kind = 'ap' then 1 else -1 end
    from applied
)

select kind, party_code, document_type, document_no, document_date, cast(amount as decimal(18, 2)) as amount from billed
union all
select kind, party_code, document_type, document_no, document_date, cast(amount as decimal(18, 2)) from paid
union all
select kind, party_code, document_type, document_no, document_date, cast(amount as decimal(18, 2)) from moved
