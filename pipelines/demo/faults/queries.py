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
    "期初/期初库存": "opening_stock",
    "基础资料/存货档案": "item",
}
"""Sheets that queries see, and under which name."""

_MOVED = " union all ".join(
    f"select 存货编码 as item, {place} as place, cast({day} as date) as day, {no} as no from {view}"
    for view, place, day, no in (
        ("receipt", "仓库编码", "单据日期", "单据编号"),
        ("flow", "仓库编码", "单据日期", "单据编号"),
        ("other_in", "仓库编码", "单据日期", "单据编号"),
        ("counted", "仓库编码", "单据日期", "单据编号"),
        ("moved", "调出仓库", "单据日期", "单据编号"),
        ("moved", "调入仓库", "单据日期", "单据编号"),
        ("invoice cross join (select distinct 仓库编码 from flow)", "仓库编码", "记账日期", "发票号码"),
    )
)
_LAST_OF_ITEMS = f"""
    create table last_of_items as
    with moved_item as ({_MOVED}),
    last_day as (select item, place, max(day) as day from moved_item group by item, place),
    last_document as (
        select item, place, min(no) as no from moved_item semi join last_day using (item, place, day)
        group by item, place having count(distinct no) = 1
    )
    select flow.单据编号 as no, any_value(flow.单据类型) as type
    from flow
    left join last_document on flow.存货编码 = last_document.item and flow.仓库编码 = last_document.place
    group by 1 having bool_and(coalesce(last_document.no = flow.单据编号, false))
"""
"""Issues that are, for each of their items and warehouses, the last thing that happens."""

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


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables `last_of_items` and `tax_on_total` out of the sheets' views."""
    connection.execute(_LAST_OF_ITEMS)
    connection.execute(_TAX_ON_TOTAL)
