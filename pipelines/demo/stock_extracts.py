"""Stock documents without a party as extracts: opening, transfers, other receipts, counts, balances.

Purchases and sales are in `extracts.py`, which also has the columns that all of them share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from pipelines.demo import columns, documents
from pipelines.demo.company import ELEMENTS
from pipelines.demo.extracts import (
    DEPARTMENT_CODES,
    REASON_CODES,
    WAREHOUSE_CODES,
    events_of,
    goods,
    head,
    origin,
    tail,
)
from pipelines.demo.frame import filled, stacked

if TYPE_CHECKING:
    from pipelines.demo.columns import Array
    from pipelines.demo.frame import Grid, Ints
    from pipelines.demo.history import History


def movements(history: History, *events: int) -> tuple[Array, Ints]:
    """期初库存, 其他入库单 or 盘盈盘亏单."""
    lines = events_of(history, *events)
    lines = lines.take(lines["quantity"] > 0)
    names = {documents.OPENING: 0, documents.OTHER_IN: 1, documents.GAIN: 2, documents.LOSS: 3}
    kinds = np.array([names.get(event, -1) for event in range(len(documents.DIRECTION))], dtype=np.int64)[
        lines["event"]
    ]
    table = {
        "单据类别": columns.picked(("期初", "其他入库", "盘盈", "盘亏"), kinds),
        **head(lines, lines["kind"], as_text=True),
        **goods(history, lines),
        "数量": columns.quantity(lines["quantity"]),
        "金额": columns.optional(columns.money(lines["amount"]), lines["amount"] >= 0),
        "收发类别": columns.picked(REASON_CODES, lines["reason"]),
        "部门编码": columns.picked(DEPARTMENT_CODES, lines["department"]),
        **tail(lines),
    }
    return pa.table(table), lines["day"]


def transfers(history: History) -> tuple[Array, Ints]:
    """调拨单, one row from warehouse to warehouse."""
    lines = events_of(history, documents.TRANSFER)
    shown = goods(history, lines)
    table = {
        **head(lines, documents.D_TRANSFER, as_text=True),
        "存货编码": shown["存货编码"],
        "存货名称": shown["存货名称"],
        "调出仓库": shown["仓库编码"],
        "调入仓库": columns.picked(WAREHOUSE_CODES, lines["to_wh"]),
        "计量单位": shown["计量单位"],
        "数量": columns.quantity(lines["quantity"]),
        **tail(lines),
    }
    return pa.table(table), lines["day"]


def production(history: History) -> tuple[Array, Ints]:
    """生产出入库单: issues to production, returns from it and its products, with their order."""
    events = (documents.PRODUCTION_ISSUE, documents.PRODUCTION_RETURN, documents.PRODUCTION_RECEIPT)
    lines = events_of(history, *events)
    numbers = history.production.orders["no"][lines["production"]]
    table = {
        "单据类别": columns.picked(("生产领料", "生产退料", "产成品入库"), lines["event"] - events[0]),
        **head(lines, lines["kind"], as_text=True),
        **goods(history, lines),
        "数量": columns.quantity(lines["quantity"]),
        "生产订单号": columns.document_no(filled(len(lines), documents.D_PRODUCTION_ORDER), numbers),
        "部门编码": columns.picked(DEPARTMENT_CODES, lines["department"]),
        **origin(history, lines),
        **tail(lines),
    }
    return pa.table(table), lines["day"]


def subcontracting(history: History) -> tuple[Array, Ints]:
    """委外出入库单: material to subcontractors and what they made of it, with their fee."""
    events = (documents.SUBCONTRACT_ISSUE, documents.SUBCONTRACT_RECEIPT)
    lines = events_of(history, *events)
    numbers = history.subcontracting.orders["no"][lines["production"]]
    table = {
        "单据类别": columns.picked(("委外发料", "委外入库"), lines["event"] - events[0]),
        **head(lines, lines["kind"], as_text=True),
        "往来单位编码": columns.picked(history.masters.party_codes, lines["party"]),
        **goods(history, lines),
        "数量": columns.quantity(lines["quantity"]),
        "金额": columns.optional(columns.money(lines["amount"]), lines["event"] == events[1]),
        "生产订单号": columns.document_no(filled(len(lines), documents.D_SUBCONTRACT_ORDER), numbers),
        **tail(lines),
    }
    return pa.table(table), lines["day"]


def production_costs(history: History) -> tuple[Array, Ints]:
    """生产成本: labour and overhead of each order and month, and what is in process at its end."""
    lines, orders = history.production.work, history.production.orders
    both = stacked([lines.having(element=n) for n in range(2)], [*lines.columns, "element"])
    both = both.ordered("period", "production", "element")
    place, count, calendar = both["production"], len(both), history.calendar
    table = {
        "会计期间": columns.picked(calendar.labels, both["period"]),
        "生产订单号": columns.document_no(filled(count, documents.D_PRODUCTION_ORDER), orders["no"][place]),
        "存货编码": columns.picked(history.masters.item_codes, orders["item"][place]),
        "成本项目": columns.picked(ELEMENTS, both["element"]),
        "金额": columns.money(np.where(both["element"] == 0, both["labour"], both["overhead"])),
        "完工数量": columns.quantity(both["done"]),
        "在产数量": columns.quantity(both["left"]),
        "完工程度": columns.optional(columns.decimal(both["stage"], 2), both["left"] > 0),
    }
    return pa.table(table), calendar.starts[both["period"]]


def charges(history: History) -> tuple[Array, Ints]:
    """费用分摊单: freight and duty, with the receipt they belong to and how they are split over its lines."""
    lines, stock = history.charges, history.stock
    row = lines["row"]
    shown = goods(history, stock.take(row))
    table = {
        "单据类别": columns.constant("运费分摊", len(lines)),
        **head(lines, documents.D_LANDED, as_text=True),
        "往来单位编码": columns.picked(history.masters.party_codes, lines["party"]),
        **{name: shown[name] for name in ("存货编码", "仓库编码")},
        "数量": columns.quantity(filled(len(lines), 0)),
        "金额": columns.money(lines["amount"]),
        "分摊方式": columns.picked(("按金额", "按数量", "按重量"), lines["key"]),
        "原单号": columns.document_no(stock["kind"][row], stock["no"][row]),
        **tail(lines),
    }
    return pa.table(table), lines["day"]


def counts(history: History) -> tuple[Array, Ints]:
    """盘点单: book and counted quantity of every counted place at the month's end."""
    lines = events_of(history, documents.GAIN, documents.LOSS)
    difference = lines["quantity"] * documents.DIRECTION[lines["event"]]
    book = quantity_at_close(history)[history.calendar.period_of(lines["day"]), lines["pool"]] - difference
    table = {
        **head(lines, documents.D_COUNT),
        **goods(history, lines),
        "账面数量": columns.quantity(book),
        "盘点数量": columns.quantity(book + difference),
        "盈亏原因": columns.optional(columns.constant("正常损耗", len(lines)), difference < 0),
        **tail(lines),
    }
    return pa.table(table), lines["day"]


def quantity_at_close(history: History) -> Grid:
    """Quantity per period and pool at its end."""
    stock, calendar = history.stock, history.calendar
    period = calendar.period_of(stock["day"])
    moved = np.zeros((calendar.periods, history.costs.closing.shape[1]), dtype=np.int64)
    np.add.at(moved, (period, stock["pool"]), stock["quantity"] * documents.DIRECTION[stock["event"]])
    into = stock["to_pool"] >= 0
    np.add.at(moved, (period[into], stock["to_pool"][into]), stock["quantity"][into])
    return np.cumsum(moved, axis=0)


def on_hand(history: History) -> tuple[Array, Ints]:
    """库存结存: what the inventory system has at each month's end; quantities only, lots together."""
    batch = np.repeat(history.masters.items["batch"], len(WAREHOUSE_CODES))
    whole = np.arange(len(batch), dtype=np.int64) - np.maximum(batch - 1, 0) * len(WAREHOUSE_CODES)
    by_lot = quantity_at_close(history)
    quantity = np.zeros_like(by_lot)
    np.add.at(quantity.T, whole, by_lot.T)
    period, pool = np.nonzero(quantity)
    day, item = history.calendar.end_of(period), pool // len(WAREHOUSE_CODES)
    table = {
        "截止日期": columns.day(day),
        "仓库编码": columns.picked(WAREHOUSE_CODES, pool % len(WAREHOUSE_CODES)),
        "存货编码": columns.picked(history.masters.item_codes, item),
        "存货名称": columns.picked(history.masters.item_names, item),
        "结存数量": columns.quantity(quantity[period, pool]),
    }
    return pa.table(table), day
