-- One row per item: the variance of its planned prices on the account before anything is allocated (opening + incoming), and the
-- goods at planned cost that share it: what it opened with and everything that came, less what left otherwise than by an issue.
-- Receipts that are still estimated at the period's end (open_…) stand in both and are left out of the rate. Only what the posting
-- rules put on the variance account comes in; an item has a scope where they allocate.
with planned_item as (
    select
        item.item_code, item.method,
        case when setting.variance_scope = 'item' then item.item_code else coalesce(item.item_category, '') end as scope_code
    from {{ ref('costing_item') }} as item
    cross join {{ source('settings', 'books') }} as setting
    where item.method = 'standard'
),

movement as (
    select
        ledger.item_code, ledger.event_type, ledger.amount,
        case
            when ledger.event_type not in (select rule.event_type from {{ ref('posting_rule') }} as rule where 'material_variance' in (rule.debit_role, rule.credit_role)) then 0
            when ledger.event_type in ('supplier_receipt', 'supplier_return', 'invoice_price_difference') then given.given_amount - ledger.amount
            when ledger.event_type in ('production_receipt', 'subcontract_receipt', 'conversion_in', 'repack_in', 'landed_cost') then ledger.expensed_amount
            when ledger.event_type = 'transfer_in' and setting.cost_of_record = 'recomputed' then ledger.expensed_amount
            when ledger.event_type = 'revaluation' then -ledger.amount
            else 0
        end as variance_amount
    from {{ ref('stock_ledger') }} as ledger
    cross join {{ source('settings', 'books') }} as setting
    semi join planned_item on ledger.item_code = planned_item.item_code
    left join {{ ref('stock_event') }} as given on ledger.event_id = given.event_id
),

estimated as (
    select
        receipt.item_code, receipt.closing_amount,
        {{ extended('receipt.closing_quantity', 'cast(state.unit_cost as decimal(20, 0)) * 0.000001::decimal(7, 6)') }} as planned_amount
    from {{ ref('receipt_balance') }} as receipt
    inner join planned_item on receipt.item_code = planned_item.item_code
    cross join {{ source('settings', 'books') }} as setting
    inner join {{ ref('state_cost_state') }} as state
        on receipt.item_code = state.item_code and state.pool_code = {{ pool_code_of('receipt', 'planned_item.method', 'setting.pool') }}
    where receipt.closing_quantity <> 0 and not {{ is_unvalued('receipt.warehouse_code') }}
),

part as (
    select item_code, amount as opening, 0 as incoming, 0 as planned, 0 as open_variance, 0 as open_planned from {{ source('carried', 'variance') }}
    union all
    select coalesce(given.item_code, ''), given.amount, 0, 0, 0, 0
    from {{ ref('stg_opening_item_line') }} as given
    cross join {{ source('settings', 'period') }} as run
    where given.kind = 'variance' and run.is_first_period
    union all
    select item_code, 0, 0, amount, 0, 0 from {{ source('carried', 'stock_balance') }}
    union all
    select item_code, 0, 0, amount, 0, 0 from {{ source('carried', 'transit') }}
    union all
    select item_code, 0, variance_amount, case when event_type in {{ issue_events() }} or event_type in ('transfer_out', 'transfer_in') then 0 else amount end, 0, 0
    from movement
    union all
    select item_code, 0, 0, 0, closing_amount - planned_amount, planned_amount from estimated
)

select
    part.item_code,
    case when exists (select 1 from {{ ref('posting_rule') }} as rule where rule.event_type = 'issue' and rule.amount_basis = 'variance') then any_value(planned_item.scope_code) end as scope_code,
    cast(sum(part.opening) as decimal(18, 2)) as opening_amount,
    cast(sum(part.incoming) as decimal(18, 2)) as incoming_amount,
    cast(sum(part.planned) as decimal(18, 2)) as planned_amount,
    cast(sum(part.open_variance) as decimal(18, 2)) as open_variance_amount,
    cast(sum(part.open_planned) as decimal(18, 2)) as open_planned_amount
from part
left join planned_item on part.item_code = planned_item.item_code
where planned_item.item_code is not null or part.opening <> 0
group by part.item_code
