-- One row per late cost and issue that it follows: the part that found no stock, to the cent over what consumed the receipt.
-- FIFO: the issues of its layer. Averages: the pool's issues after it, by quantity less what came back; a periodic average:
-- all of the receipt's period and of later ones before this. Cents left over go to the largest remainders. Where nothing tells
-- where the goods went it is cost of sales. A transfer's share is a late cost of the pool that it reached, and goes on from there.
-- Standard cost and the policy `expense` follow nothing.
{% set known = 'period, event_id, event_type, sequence_no, item_code, pool_code, production_order_no, party_code, reason_code, quantity, original_event_id' %}

with passed as (
    select late.late_event_id, ledger.*
    from {{ ref('late_transfer') }} as late
    inner join {{ ref('stock_ledger') }} as ledger on late.event_id = ledger.event_id
),

late as (
    select late.* exclude (expensed_amount), cast(late.expensed_amount - coalesce(passed.amount, 0) as decimal(18, 2)) as expensed_amount, item.method
    from {{ ref('stock_ledger') }} as late
    left join (select late_event_id, sum(recomputed_amount + expensed_amount) as amount from passed group by late_event_id) as passed
        on late.event_id = passed.late_event_id
    inner join {{ ref('costing_item') }} as item on late.item_code = item.item_code
    cross join {{ source('settings', 'books') }} as setting
    where late.cause_code in ('late_price', 'landed_cost') and late.expensed_amount <> coalesce(passed.amount, 0)
        and item.method <> 'standard' and setting.late_cost <> 'expense'
),

moved as (
    select {{ known }} from {{ ref('stock_ledger') }}
    where item_code in (select item_code from late)
    union all
    select {{ known }} from {{ source('carried', 'stock_ledger') }}
    where item_code in (select item_code from late)
),

consumed as (
    select late.event_id as late_event_id, issue.event_id, taken.quantity
    from late
    inner join (
        select layer_kind, issue_event_id, source_event_id, quantity from {{ ref('cost_layer') }}
        union all
        select layer_kind, issue_event_id, source_event_id, quantity from {{ source('carried', 'cost_layer') }}
    ) as taken on late.original_event_id = taken.source_event_id and taken.layer_kind = 'consumed'
    inner join moved as issue on taken.issue_event_id = issue.event_id and (issue.period, issue.sequence_no) < (late.period, late.sequence_no)
    where late.method = 'fifo'
    union all
    select late.event_id, issue.event_id, -issue.quantity - coalesce(returned.quantity, 0)
    from late
    left join moved as receipt on late.original_event_id = receipt.event_id
    inner join moved as issue
        on late.item_code = issue.item_code and late.pool_code = issue.pool_code
        and case late.method
            when 'periodic_average' then issue.period >= coalesce(receipt.period, '')
                and (late.period > issue.period or late.period = receipt.period)
            else (issue.period, issue.sequence_no) > (coalesce(receipt.period, ''), coalesce(receipt.sequence_no, 0))
                and (issue.period, issue.sequence_no) < (late.period, late.sequence_no)
        end
    left join (select original_event_id, sum(quantity) as quantity from moved where quantity > 0 group by all) as returned
        on issue.event_id = returned.original_event_id
    where late.method <> 'fifo' and issue.quantity < 0
),

weighed as (
    select
        late.* exclude (event_type, production_order_no, party_code, reason_code, quantity, original_event_id),
        issue.event_id as issue_event_id, issue.event_type, issue.production_order_no, issue.party_code, issue.reason_code, issue.quantity,
        cast(abs(late.expensed_amount) * 100 as hugeint) as cents,
        cast(coalesce(issue.quantity, 1) * 10000 as hugeint) as share
    from late
    left join (
        select consumed.late_event_id, consumed.quantity, moved.* exclude (quantity)
        from consumed
        inner join moved on consumed.event_id = moved.event_id
        inner join {{ ref('movement_type') }} as kind on moved.event_type = kind.movement_type
        where consumed.quantity > 0 and kind.order_class = 4 and moved.event_type <> 'supplier_return'
    ) as issue on late.event_id = issue.late_event_id
),

divided as (
    select
        *,
        cents * share // sum(share) over late_rows as whole_cents,
        cents * share % sum(share) over late_rows as remainder
    from weighed
    window late_rows as (partition by event_id)
)

select
    event_id || ':late' || coalesce(':' || issue_event_id, '') as event_id,
    period,
    event_id as late_event_id,
    cause_code,
    issue_event_id as original_event_id,
    coalesce(event_type, 'customer_delivery') as event_type,
    document_type,
    document_no,
    line_no,
    effective_date,
    item_code,
    item_category,
    warehouse_code,
    production_order_no,
    party_code,
    reason_code,
    cast(quantity as decimal(18, 4)) as quantity,
    cast(sign(expensed_amount) * cast(
        whole_cents + case
            when row_number() over (partition by event_id order by remainder desc, issue_event_id asc) <= cents - sum(whole_cents) over (partition by event_id)
                then 1
            else 0
        end as decimal(18, 0)
    ) * 0.01::decimal(3, 2) as decimal(18, 2)) as amount
from divided
union all
select
    late_event_id || ':late:' || original_event_id, period, late_event_id, cause_code, original_event_id, 'transfer_in', document_type, document_no, line_no,
    effective_date, item_code, item_category, warehouse_code, production_order_no, party_code, reason_code, null,
    cast(recomputed_amount + expensed_amount as decimal(18, 2))
from passed
where recomputed_amount + expensed_amount <> 0
