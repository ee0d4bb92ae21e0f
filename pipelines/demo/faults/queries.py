"""What faults look for in the extracts: documents after which nothing moves, documents whose tax rounds
otherwise.

Plain SQL over the sheets as delivered; who uses it is in `papers` and `postings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

VIEWS = {
    "采购发票": "invoice",
    "收付款单": "payment",
    "核销单": "application",
    "出库流水": "flow",
    "采购入库单": "receipt",
    "其他入库单": "other_in",
    "盘盈盘亏单": "counted",
    "调拨单": "moved",
    "生产出入库单": "made",
    "委外出入库单": "subcontracted",
    "期初/期初库存": "opening_stock",
    "存货档案": "items_of_periods",
    "基础资料/单位换算": "unit",
    "基础资料/供应商档案": "supplier",
    "基础资料/客户档案": "customer",
    "库存结存": "on_hand",
}
"""Sheets that queries see, and under which name."""

MOVED = " union all ".join(
    f"select 存货编码 as item, {place} as place, cast({day} as date) as day, {no} as no from {view}"
    for view, place, day, no in (
        ("receipt", "仓库编码", "单据日期", "单据编号"),
        ("flow", "仓库编码", "单据日期", "单据编号"),
        ("other_in", "仓库编码", "单据日期", "单据编号"),
        ("counted", "仓库编码", "单据日期", "单据编号"),
        ("made", "仓库编码", "单据日期", "单据编号"),
        ("subcontracted", "仓库编码", "单据日期", "单据编号"),
        ("moved", "调出仓库", "单据日期", "单据编号"),
        ("moved", "调入仓库", "单据日期", "单据编号"),
        ("invoice cross join (select distinct 仓库编码 from flow)", "仓库编码", "记账日期", "发票号码"),
    )
)
_PLANNED = "select 存货编码 from items_of_periods where 计划单价 is not null"
"""Items at planned cost: what of them moves is in the rate of variance of all others."""
_LAST_LINES = f"""
    create table last_line as
    with moved_item as ({MOVED}),
    last_day as (select item, place, max(day) as day from moved_item group by item, place),
    last_document as (
        select item, place, min(no) as no from moved_item semi join last_day using (item, place, day)
        group by item, place having count(distinct no) = 1
    )
    select line.单据编号 as no, line.单据类型 as type, line.行号 as line,
        coalesce(last_document.no = line.单据编号, false) and line.存货编码 not in ({_PLANNED}) as is_last
    from (
        select 单据编号, 单据类型, 行号, 存货编码, 仓库编码 from flow
        union all
        select 单据编号, 单据类别, 行号, 存货编码, 仓库编码 from other_in
    ) as line
    left join last_document on line.存货编码 = last_document.item and line.仓库编码 = last_document.place
"""
"""Lines of issues and other receipts: are they, for their item and warehouse, the last thing that happens?"""

_LAST_OF_ITEMS = """
    create table last_of_items as
    select no, any_value(type) as type from last_line group by no having bool_and(is_last)
"""
"""Documents of which all lines are."""

_LAST_ALONE = """
    create view last_alone as
    select flow.* from flow
    inner join last_line on flow.单据编号 = last_line.no and flow.行号 = last_line.line and last_line.is_last
    where (
        select count(*) from flow as line
        where line.单据编号 = flow.单据编号 and line.存货编码 = flow.存货编码
    ) = 1
"""
"""Lines of issues after which nothing moves their item, alone with it on their document."""

_TAX = "cast(round(cast({net} as decimal(18, 2)) * cast({rate} as decimal(6, 2)), 2) as decimal(18, 2))"
_TAX_ON_TOTAL = f"""
    create table tax_on_total as
    with line as (
        select '采购发票' as type, 发票号码 as no, 无税金额 as net, 税率 as rate, 税额 as tax from invoice
        union all
        select '销售出库单', 单据编号, 金额, 税率, {_TAX.format(net="金额", rate="税率")}
        from flow where 单据类型 = '销售出库'
    ),
    document as (
        select type, no, count(*) as lines,
            {_TAX.format(net="sum(net)", rate="any_value(rate)")} - sum(tax) as cents
        from line group by type, no having count(*) > 1 and count(distinct rate) = 1
    )
    select type, no, cast(cents as decimal(18, 2)) as cents
    from document where cents <> 0 and abs(cents) <= lines * 0.01::decimal(3, 2)
"""
"""Documents whose tax is some cents other when computed on the total."""


_ITEM = "create table item as select distinct 存货编码, 存货名称, 存货分类, 主计量单位 from items_of_periods"
_GROUP = """
    create table group_company as
    select 客户编码 as party from customer where 是否关联方 = '是'
    union all
    select 供应商编码 from supplier where 是否关联方 = '是'
"""
"""Partners of the same group."""
_LAST_RECEIVED = f"""
    create table last_received as
    with moved_item as (select * from ({MOVED}) where no not in (select 发票号码 from invoice)),
    received as (
        select 单据编号 as no, 行号 as line, 存货编码 as item, 仓库编码 as place,
            cast(单据日期 as date) as day, 数量 as quantity, 金额 as amount
        from receipt where 是否退货 = '否'
    ),
    billed as (
        select 入库单号 as no, 入库单行号 as line, any_value(发票号码) as invoice_no,
            any_value(行号) as invoice_line, any_value(cast(记账日期 as date)) as billed_on,
            sum(数量) as quantity, any_value(无税金额) as net
        from invoice group by all having count(*) = 1
    )
    select received.*, billed.invoice_no, billed.invoice_line, billed.net
    from received
    inner join billed on received.no = billed.no and received.line = billed.line
    where billed.quantity = received.quantity and received.item not in ({_PLANNED})
        and date_trunc('month', billed.billed_on) = date_trunc('month', received.day)
        and not exists (
            from moved_item where moved_item.item = received.item and moved_item.place = received.place
                and moved_item.day >= received.day and moved_item.no <> received.no
        )
        and not exists (
            from invoice where invoice.存货编码 = received.item and invoice.记账日期 >= received.day
                and (invoice.入库单号 <> received.no or invoice.入库单行号 <> received.line)
        )
"""
"""Lines of receipts after which nothing moves their item, billed in full and at once by one line of an
invoice.
"""


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables above out of the sheets' views."""
    connection.execute(_ITEM)
    connection.execute(_GROUP)
    connection.execute(_LAST_LINES)
    connection.execute(_LAST_OF_ITEMS)
    connection.execute(_LAST_ALONE)
    connection.execute(_LAST_RECEIVED)
    connection.execute(_TAX_ON_TOTAL)
