-- One row per sales invoice that the ledger took in this period whose every line of cost of sales is a cost that the source had for its
-- goods: what the delivery was posted at, what it reports for it now, or the item's cost when the invoice was posted or since the delivery.
with posted as (
    select
        {{ document_key('line.document_no') }} as document_no, line.line_no, line.voucher_no, abs(line.signed_amount) as amount,
        coalesce(line.entered_at, line.voucher_date) as posted_at
    from {{ ref('ledger_line') }} as line
    inner join {{ ref('control_account') }} as control on line.account_code = control.account_code and control.tie_code = 'cost_of_sales'
    where line.document_type = 'sales_invoice' and line.is_live
),

delivered as (
    select document_no, abs(sum(actual_amount)) as amount
    from {{ ref('recon_group') }}
    where tie_code = 'stock' and document_type = 'delivery'
    group by document_no
    having sum(actual_amount) <> 0
),

taken as (
    select document_no, any_value(posted_at) as posted_at
    from {{ ref('posted_movement') }}
    where document_type = 'delivery'
    group by document_no
),

-- Read by key from what was published, so that a run never reads its whole history.
past as (
    select event_id, reported_unit_cost
    from {{ source('carried', 'stock_ledger') }}
    where event_id in (select bill.original_event_id from {{ ref('sales_bill') }} as bill)
        and item_code in (select cost.item_code from {{ ref('stg_item_cost') }} as cost)
),

billed as (
    select
        {{ document_key('bill.document_no') }} as document_no, bill.event_id, bill.item_code, abs(bill.quantity) as quantity,
        any_value(posted.posted_at) as posted_at,
        any_value(coalesce(taken.posted_at, shipment.delivery_date)) as delivered_at,
        any_value(abs({{ share_of('coalesce(delivered.amount, shipment.delivery_amount)', 'bill.quantity', 'shipment.delivery_quantity') }})) as posted_cost,
        any_value(abs(bill.quantity) * coalesce(moved.reported_unit_cost, past.reported_unit_cost)) as reported_cost
    from {{ ref('sales_bill') }} as bill
    semi join {{ ref('stg_item_cost') }} as known on bill.item_code = known.item_code
    inner join posted on {{ document_key('bill.document_no') }} = posted.document_no
    left join {{ ref('shipment_balance') }} as shipment on bill.original_event_id = shipment.event_id
    left join delivered on {{ document_key('shipment.document_no') }} = delivered.document_no
    left join taken on {{ document_key('shipment.document_no') }} = taken.document_no
    left join {{ ref('stock_ledger') }} as moved on bill.original_event_id = moved.event_id
    left join past on bill.original_event_id = past.event_id
    group by all
),

-- Goods that were not delivered when they were billed have no cost but the item's.
costed as (
    select
        billed.* exclude (posted_cost, reported_cost),
        coalesce(billed.delivered_at <= billed.posted_at, false) as is_delivered,
        billed.quantity * cost.unit_cost as in_force_cost,
        case when billed.delivered_at <= billed.posted_at then billed.posted_cost else billed.quantity * cost.unit_cost end as posted_cost,
        case when billed.delivered_at <= billed.posted_at then billed.reported_cost else billed.quantity * cost.unit_cost end as reported_cost
    from billed
    asof inner join {{ ref('stg_item_cost') }} as cost on billed.item_code = cost.item_code and billed.posted_at >= cost.valid_from
),

-- One line of the ledger is a line of the invoice, or what it bills of several deliveries of one item.
unit_billed as (
    select document_no, is_delivered, posted_cost, reported_cost, in_force_cost from costed
    union all
    select document_no, bool_and(is_delivered), sum(posted_cost), sum(reported_cost), sum(in_force_cost)
    from costed
    group by document_no, item_code
    having count(*) > 1
),

candidate as (
    select document_no, case when is_delivered then 1 else 2 end as rule_no, posted_cost as amount from unit_billed
    union all
    select document_no, case when is_delivered then 3 else 2 end, unnest([reported_cost, in_force_cost]) from unit_billed
    union all
    select costed.document_no, 3, costed.quantity * cost.unit_cost
    from costed
    inner join {{ ref('stg_item_cost') }} as cost
        on costed.item_code = cost.item_code and cost.valid_from between costed.delivered_at and costed.posted_at
),

found as (
    select posted.document_no, posted.voucher_no, posted.line_no, min(candidate.rule_no) as rule_no
    from posted
    left join candidate on posted.document_no = candidate.document_no and abs(posted.amount - candidate.amount) <= 0.005
    group by posted.document_no, posted.voucher_no, posted.line_no
)

select document_no, ['as_posted', 'ahead', 'as_recomputed'][max(rule_no)] as cost_rule
from found
group by document_no
having count(*) = count(rule_no)
