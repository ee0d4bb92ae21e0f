-- One row per account role and facts: what the registers (stock ledger, open items, invoices) say it opened with and moved by.
-- The left side of the bridge. Never reads voucher lines; what no register carries (other roles) follows its posting.
{% set stock = {'item_category': 'item_category', 'warehouse_code': 'warehouse_code'} %}
{% set facts = 'item_category, warehouse_code, party_code, reason_code, tax_rate' %}

with setting as (
    select * from {{ source('settings', 'books') }}
),

registered as (
    {{ register_row(stock_role('warehouse_code'), 'stock', "case when event_type = 'opening' then amount else 0 end", "case when event_type = 'opening' then 0 else amount end", stock) }}
    from {{ ref('stock_ledger') }}
    union all
    {{ register_row(stock_role('warehouse_code'), 'stock', 'amount', '0', stock) }}
    from {{ source('carried', 'stock_balance') }}
    union all
    {{ register_row(stock_role('warehouse_code'), 'stock', '0', 'amount', stock) }}
    from {{ ref('transit_movement') }}
    union all
    {{ register_row(stock_role('warehouse_code'), 'stock', 'amount', '0', stock) }}
    from {{ source('carried', 'transit') }}
    union all
    -- What the source reports is compared on the same accounts: its facts get one, even where no register has them.
    {{ register_row(stock_role('balance.warehouse_code'), 'reported', '0', '0', {'item_category': 'item.category', 'warehouse_code': 'balance.warehouse_code'}) }}
    from {{ ref('stg_stock_balance') }} as balance left join {{ ref('stg_item') }} as item on balance.item_code = item.item_code
    union all
    {{ register_row("'ap_estimated'", 'estimates', 'case when is_new then 0 else -open_amount end', 'case when is_new then 0 else open_amount end - closing_amount', {'party_code': 'party_code', 'reason_code': 'reason_code'}) }}
    from {{ ref('receipt_balance') }}
    union all
    {{ register_row('kind.account_role', 'open_items', 'item.amount', '0', {'party_code': 'item.party_code'}) }}
    from {{ ref('open_item_opening') }} as item inner join {{ ref('open_item_kind') }} as kind on item.kind = kind.kind
    union all
    {{ register_row('kind.account_role', 'open_items', '0', 'item.amount', {'party_code': 'item.party_code'}) }}
    from {{ ref('open_item_movement') }} as item inner join {{ ref('open_item_kind') }} as kind on item.kind = kind.kind
    union all
    {{ register_row("'production_cost'", 'work_in_process', 'amount', '0', {}) }}
    from {{ ref('stg_opening_item_line') }} cross join {{ source('settings', 'period') }} as run
    where kind = 'wip' and run.is_first_period
    union all
    {{ register_row("'material_variance'", 'variance', 'given.amount', '0', {'item_category': 'item.category'}) }}
    from {{ ref('stg_opening_item_line') }} as given cross join {{ source('settings', 'period') }} as run
    left join {{ ref('stg_item') }} as item on given.item_code = item.item_code
    where given.kind = 'variance' and run.is_first_period
    union all
    {{ register_row("'input_vat'", 'purchase_invoices', '0', 'tax_amount', {'item_category': 'item_category', 'tax_rate': 'tax_rate', 'party_code': 'party_code'}) }}
    from {{ ref('business_event') }} where event_type = 'purchase_invoice'
    union all
    {{ register_row("unnest(['revenue', 'output_vat'])", 'sales', '0', 'unnest([-line.net_amount, -line.tax_amount])', {'item_category': 'line.item_category', 'tax_rate': 'line.tax_rate', 'party_code': 'line.party_code', 'warehouse_code': 'line.warehouse_code', 'reason_code': 'line.reason_code'}) }}
    from {{ ref('business_event') }} as line cross join setting
    where (setting.revenue_on = 'delivery' and line.event_type in ('customer_delivery', 'customer_return'))
        or (setting.revenue_on = 'invoice' and line.event_type = 'sales_invoice')
    union all
    {{ register_row("'cost_of_sales'", 'issues', '0', '-movement.amount', {'item_category': 'movement.item_category', 'warehouse_code': 'movement.warehouse_code', 'party_code': 'movement.party_code', 'reason_code': 'movement.reason_code'}) }}
    from {{ ref('stock_ledger') }} as movement cross join setting
    where setting.cost_of_sales_on = 'delivery' and movement.event_type in ('customer_delivery', 'customer_return')
    union all
    {{ register_row("unnest(['cost_of_sales', 'goods_shipped'])", 'issues', '0', 'unnest([cost_amount, -cost_amount])', {'item_category': 'item_category', 'reason_code': 'reason_code'}) }}
    from {{ ref('sales_settlement') }}
    union all
    {{ register_row("'goods_shipped'", 'issues', 'case when is_new then 0 else open_amount end', 'case when is_new then delivery_amount else 0 end', {'item_category': 'item_category', 'reason_code': 'reason_code'}) }}
    from {{ ref('shipment_balance') }}
    union all
    {{ register_row('side.account_role', 'postings', '0', 'side.signed_amount', {'item_category': 'side.item_category', 'warehouse_code': 'side.warehouse_code', 'party_code': 'side.party_code', 'reason_code': 'side.reason_code', 'tax_rate': 'side.tax_rate'}) }}
    from {{ ref('posting_side') }} as side
    where not side.is_stock and side.account_role not in ('ap_estimated', 'ap', 'prepayment', 'ar', 'advance', 'input_vat', 'revenue', 'output_vat')
        and not (side.account_role = 'goods_shipped' and side.amount_basis = 'shipped_variance')
        and not (side.account_role in ('cost_of_sales', 'goods_shipped') and side.amount_basis in ('cost', 'shipped_cost')
            and side.event_type in ('customer_delivery', 'customer_return', 'sales_invoice')
            and not regexp_matches(side.event_id, ':(true_up|late)(:|$)'))
)

select
    account_role, {{ facts }}, source_register,
    cast(sum(opening_amount) as decimal(38, 2)) as opening_amount,
    cast(sum(greatest(movement_amount, 0)) as decimal(38, 2)) as debit_amount,
    cast(-sum(least(movement_amount, 0)) as decimal(38, 2)) as credit_amount
from registered
group by account_role, {{ facts }}, source_register
