-- One row per tie and differing document whose posted cost the source's own unit costs were asked for, with what they say of it:
-- `policy` reproduced, and the source still reports it; `recalculated` reproduced, and the source has changed it since; `follows` the
-- cost at which its deliveries were posted; `price` our own layers with the price differences of bills, which the books expense; `ahead` the
-- item's cost, billed before the delivery; `rounded` our own figure within the source's decimals; `not_reproduced`.
with valued as (
    select
        found.tie_code, found.document_type, found.document_no,
        case
            when abs(abs(found.actual_new) - abs(cost.amount)) > cost.tolerance then 'not_reproduced'
            when cost.cost_rule = 'revaluation' then 'recalculated'
            when abs(found.difference_amount) <= cost.tolerance and found.expected_lines > 0 then 'rounded'
            when found.document_type = 'goods_receipt' then 'policy'
            when books.late_cost = 'expense' and abs(cost.amount - cost.unbilled_amount) > cost.tolerance
                and abs(abs(found.expected_new) - abs(cost.unbilled_amount)) <= cost.tolerance then 'price'
            when abs(abs(found.actual_new) - abs(cost.reported_amount)) > cost.lines * 0.005 then 'recalculated'
            else 'policy'
        end as cost_verdict
    from {{ ref('break_group') }} as found
    inner join {{ ref('posted_cost') }} as cost on found.document_type = cost.document_type and found.document_no = cost.document_no
    cross join {{ source('settings', 'books') }} as books
    where found.actual_lines > 0
),

undelivered as (
    select distinct {{ document_key('bill.document_no') }} as document_no
    from {{ ref('sales_bill') }} as bill
    where bill.original_event_id not in (select shipment.event_id from {{ ref('shipment_balance') }} as shipment)
),

sold as (
    select
        found.tie_code, found.document_type, found.document_no,
        case sale.cost_rule when 'as_posted' then 'follows' when 'as_recomputed' then 'recalculated' else sale.cost_rule end as cost_verdict
    from {{ ref('break_group') }} as found
    inner join {{ ref('posted_sale') }} as sale on found.document_type = 'sales_invoice' and found.document_no = sale.document_no
),

-- What an earlier period's posting showed holds until the ledger moves the document again.
earlier as (
    select carried.tie_code, carried.document_type, found.document_no, any_value(carried.cost_verdict) as cost_verdict
    from {{ source('carried', 'open_group') }} as carried
    inner join {{ ref('break_group') }} as found
        on carried.tie_code = found.tie_code and carried.document_type = found.document_type
        and {{ document_key('carried.document_no') }} = found.document_no
    where carried.cost_verdict is not null and found.actual_lines = 0
    group by all
),

asked as (
    select * from valued
    union all
    select * from sold
    union all
    select * from earlier
)

-- Once everything is delivered, what was billed ahead differs for good: by the cost that the source took then.
select
    asked.* exclude (cost_verdict),
    case when asked.cost_verdict = 'ahead' and undelivered.document_no is null then 'policy' else asked.cost_verdict end as cost_verdict
from asked
left join undelivered on asked.document_no = undelivered.document_no
