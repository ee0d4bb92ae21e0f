-- One row per item, warehouse and period (收发存汇总表): opening, in, out, closing in quantity and value.
with part as (
    select
        item_code, item_category, warehouse_code,
        quantity as opening_quantity, amount as opening_amount, 0 as in_quantity, 0 as in_amount, 0 as out_quantity, 0 as out_amount,
        recomputed_amount
    from {{ source('carried', 'stock_balance') }}
    union all
    select
        item_code, item_category, warehouse_code,
        case when event_type = 'opening' then quantity else 0 end,
        case when event_type = 'opening' then amount else 0 end,
        case when event_type <> 'opening' and direction > 0 then quantity else 0 end,
        case when event_type <> 'opening' and direction > 0 then amount else 0 end,
        case when event_type <> 'opening' and direction < 0 then -quantity else 0 end,
        case when event_type <> 'opening' and direction < 0 then -amount else 0 end,
        recomputed_amount
    from (
        select *, case when quantity < 0 or (quantity = 0 and amount < 0) then -1 else 1 end as direction
        from {{ ref('stock_ledger') }}
    )
),

summed as (
    select
        item_code, max(item_category) as item_category, warehouse_code,
        sum(opening_quantity) as opening_quantity, sum(opening_amount) as opening_amount,
        sum(in_quantity) as in_quantity, sum(in_amount) as in_amount,
        sum(out_quantity) as out_quantity, sum(out_amount) as out_amount, sum(recomputed_amount) as recomputed_amount
    from part
    group by item_code, warehouse_code
),

reported as (
    select item_code, warehouse_code, sum(quantity) as quantity, sum(amount) as amount
    from {{ ref('stg_stock_balance') }}
    group by item_code, warehouse_code
)

select
    run.period,
    summed.item_code,
    item.name as item_name,
    summed.item_category,
    summed.warehouse_code,
    {%- for part in ['opening', 'in', 'out'] %}
    cast({{ part }}_quantity as decimal(18, 4)) as {{ part }}_quantity,
    cast({{ part }}_amount as decimal(38, 2)) as {{ part }}_amount,
    {%- endfor %}
    cast(opening_quantity + in_quantity - out_quantity as decimal(18, 4)) as closing_quantity,
    cast(opening_amount + in_amount - out_amount as decimal(38, 2)) as closing_amount,
    cast(recomputed_amount as decimal(38, 2)) as recomputed_closing_amount,
    cast(reported.quantity as decimal(18, 4)) as reported_closing_quantity,
    cast(reported.amount as decimal(38, 2)) as reported_closing_amount
from summed
cross join {{ source('settings', 'period') }} as run
left join {{ ref('stg_item') }} as item on summed.item_code = item.item_code
left join reported on summed.item_code = reported.item_code and summed.warehouse_code = reported.warehouse_code
