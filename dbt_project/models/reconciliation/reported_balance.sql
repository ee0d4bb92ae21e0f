-- One row per account of stock or cost of sales with what the inventory system itself reports as cost, on the measure of its tie:
-- its last stock balance of the period, and the cost it states for the goods of this period's sales. Null where it states a part only.
with held as (
    select item_code, warehouse_code, amount
    from {{ ref('stg_stock_balance') }}
    qualify balance_date = max(balance_date) over ()
),

moved as (
    select event_id, quantity, reported_unit_cost, reported_amount
    from {{ ref('stock_ledger') }}
    where event_type in ('customer_delivery', 'customer_return')
    union all
    select event_id, quantity, reported_unit_cost, reported_amount
    from {{ source('carried', 'stock_ledger') }}
    where event_id in (select settlement.delivery_event_id from {{ ref('sales_settlement') }} as settlement)
),

sold as (
    select item_category, warehouse_code, party_code, reason_code, event_id, -quantity as quantity
    from {{ ref('stock_ledger') }}
    cross join {{ source('settings', 'books') }} as setting
    where setting.cost_of_sales_on = 'delivery' and event_type in ('customer_delivery', 'customer_return')
    union all
    select item_category, null, null, reason_code, delivery_event_id, quantity
    from {{ ref('sales_settlement') }}
),

reported as (
    {{ register_row("'inventory'", 'stock_balance', 'held.amount', '0', {'item_category': 'item.category', 'warehouse_code': 'held.warehouse_code'}) }}
    from held
    left join {{ ref('stg_item') }} as item on held.item_code = item.item_code
    union all
    {{ register_row("'cost_of_sales'", 'sales', 'coalesce(' ~ share_of('-sign(moved.quantity) * abs(moved.reported_amount)', 'sold.quantity', '-moved.quantity') ~ ', ' ~ extended('sold.quantity', 'moved.reported_unit_cost') ~ ')', '0', {'item_category': 'sold.item_category', 'warehouse_code': 'sold.warehouse_code', 'party_code': 'sold.party_code', 'reason_code': 'sold.reason_code'}) }}
    from sold
    inner join moved on sold.event_id = moved.event_id
)

select
    choice.account_code,
    cast(case when count(*) = count(reported.opening_amount) then sum(reported.opening_amount) end as decimal(38, 2)) as reported_amount
from reported
{{ join_account('reported') }}
group by choice.account_code
