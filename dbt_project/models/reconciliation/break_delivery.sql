-- One row per differing sales invoice and differing delivery that it bills: the cost it releases is what the delivery put there.
with billed as (
    select distinct
        {{ document_key('bill.document_no') }} as document_no,
        {{ document_key('shipment.document_no') }} as delivery_no
    from {{ ref('sales_bill') }} as bill
    inner join {{ ref('shipment_balance') }} as shipment on bill.original_event_id = shipment.event_id
    semi join {{ ref('break_document') }} as found
        on found.document_type = 'sales_invoice' and {{ document_key('bill.document_no') }} = found.document_no
)

select
    billed.document_no,
    billed.delivery_no,
    sum(shipped.difference_amount) as difference_amount
from billed
inner join {{ ref('recon_group') }} as shipped on shipped.document_type = 'delivery' and billed.delivery_no = shipped.document_no
semi join {{ ref('account_choice') }} as choice on choice.account_role = 'goods_shipped' and shipped.account_code = choice.account_code
group by billed.document_no, billed.delivery_no
having sum(shipped.difference_amount) <> 0
