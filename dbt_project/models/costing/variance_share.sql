-- One row per issue at planned cost that takes its share of the variance: cumulative, in the order of costing, each the difference
-- of two rounded amounts, so that the sum is exact. Returns of customers and from orders are issues below zero.
with scope as (
    select
        scope_code,
        sum(opening_amount + incoming_amount - open_variance_amount) as variance_amount,
        sum(planned_amount - open_planned_amount) as planned_amount
    from {{ ref('variance_balance') }}
    group by scope_code
    having sum(planned_amount - open_planned_amount) > 0
),

issue as (
    select
        ledger.* exclude (amount), -ledger.amount as issued_amount,
        scope.scope_code, scope.variance_amount, scope.planned_amount,
        sum(-ledger.amount) over (partition by scope.scope_code order by ledger.sequence_no rows between unbounded preceding and current row) as issued_to_date
    from {{ ref('stock_ledger') }} as ledger
    inner join {{ ref('variance_balance') }} as balance on ledger.item_code = balance.item_code
    inner join scope on balance.scope_code = scope.scope_code
    where ledger.event_type in {{ issue_events() }} and ledger.amount <> 0
),

shared as (
    select
        *,
        cast({{ share_of('variance_amount', 'issued_to_date', 'planned_amount') }}
            - {{ share_of('variance_amount', '(issued_to_date - issued_amount)', 'planned_amount') }} as decimal(18, 2)) as amount
    from issue
)

select
    event_id || ':variance' as event_id,
    period,
    scope_code,
    event_id as original_event_id,
    event_type,
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
    cast(variance_amount as decimal(18, 2)) as scope_variance_amount,
    cast(planned_amount as decimal(18, 2)) as scope_planned_amount,
    cast(issued_amount as decimal(18, 2)) as issued_amount,
    amount
from shared
where amount <> 0
