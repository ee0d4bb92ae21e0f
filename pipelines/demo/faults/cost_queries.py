"""Other unit costs that a delivery could have been valued at, found in the extracts as delivered.

Each query gives number, line, item, quantity and cost of lines of deliveries, and the amount and quantity
whose quotient is the other unit cost; what is made of them is in `costs`.
"""

from __future__ import annotations

_SALE = """
    sale as (
        select 单据编号 as no, 行号 as line, 存货编码 as item, 仓库编码 as place,
            cast(单据日期 as date) as day,
            date_trunc('month', cast(单据日期 as date)) as month, 数量 as quantity, 系统成本金额 as cost
        from flow
        where 单据类型 = '销售出库' and (存货编码 like '02-%' or 存货编码 like '03-%')
    ),
    received as (
        select 单据编号 as no, 行号 as line, 存货编码 as item, 仓库编码 as place,
            cast(单据日期 as date) as day, 数量 as quantity,
            cast(round(单价 * 汇率, 4) as decimal(18, 4)) as price,
            cast(round(金额 * 汇率, 2) as decimal(18, 2)) as amount
        from receipt where 是否退货 = '否'
    )
"""
_SOLD = "sale.no, sale.line, sale.item, sale.quantity, sale.cost"
AT_AN_EARLIER_COST = f"""
    with {_SALE}
    select {_SOLD}, arg_max(earlier.cost, earlier.quantity), max(earlier.quantity)
    from sale
    inner join sale as earlier
        on sale.item = earlier.item and sale.place = earlier.place and sale.month = earlier.month
        and earlier.day < sale.day and earlier.quantity * 2 >= sale.quantity
        and abs(earlier.cost * sale.quantity - sale.cost * earlier.quantity) * 500
            > sale.cost * earlier.quantity
    group by {_SOLD} order by md5(concat('{{salt}}', sale.no)), 1, 2
"""
"""At the cost of an earlier delivery of the month, before something else changed it by at least 2 ‰."""

AT_THE_LAST_PRICE = f"""
    with {_SALE}
    select {_SOLD}, arg_max(received.price, (received.day, received.no, received.line)), 1
    from sale
    inner join received
        on sale.item = received.item and sale.place = received.place
        and received.day between sale.month and sale.day
    group by {_SOLD} order by md5(concat('{{salt}}', sale.no)), 1, 2
"""
"""At the price of the last receipt before it in the month."""

AT_THE_MONTHS_AVERAGE = f"""
    with {_SALE},
    first_month as (select min(month) as month from sale),
    billed as (
        select 入库单号 as no, 入库单行号 as line, sum(数量) as quantity,
            sum(cast(round(无税金额 * 汇率, 2) as decimal(18, 2))) as amount
        from invoice where date_trunc('month', 记账日期) = (from first_month) group by all
    ),
    valued as (
        select 存货编码 as item, 仓库编码 as place, 数量 as quantity, 金额 as amount, true as is_simple
        from opening_stock
        union all
        select received.item, received.place, received.quantity, coalesce(billed.amount, received.amount),
            coalesce(billed.quantity, received.quantity) = received.quantity
        from received
        left join billed on received.no = billed.no and received.line = billed.line
        where date_trunc('month', received.day) = (from first_month)
        union all
        select 存货编码, 仓库编码, 数量, 0, false from receipt where 是否退货 = '是'
        union all
        select 存货编码, 仓库编码, 数量, 0, false from flow where 单据类型 = '销售退货'
        union all
        select 存货编码, 仓库编码, 数量, 0, false from other_in
        union all
        select 存货编码, 仓库编码, 数量, 0, false from counted
        union all
        select 存货编码, 调入仓库, 数量, 0, false from moved
        union all
        select distinct invoice.存货编码, sale.place, 0, 0, false
        from invoice inner join sale on invoice.存货编码 = sale.item
        where date_trunc('month', 记账日期) = (from first_month)
            and not exists (from received where received.no = invoice.入库单号)
    ),
    averaged as (
        select item, place, sum(amount) as amount, sum(quantity) as quantity
        from valued group by all having count(*) > 1 and bool_and(is_simple)
    )
    select {_SOLD}, averaged.amount, averaged.quantity
    from sale
    inner join averaged on sale.item = averaged.item and sale.place = averaged.place
    where sale.month = (from first_month)
    order by md5(concat('{{salt}}', sale.no)), 1, 2
"""
"""At the average of its first month, for goods that only purchases brought in."""
