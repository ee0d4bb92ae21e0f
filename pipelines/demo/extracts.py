"""Orders, receipts, invoices and deliveries as the inventory system exports them, one Arrow table each.

Headers are those of the system, so the contract's aliases are put to use; other stock documents are in
`stock_extracts.py`, files are written by `writing.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from pipelines.demo import columns, company, currency, documents
from pipelines.demo.arithmetic import extended
from pipelines.demo.calendar import month_code
from pipelines.demo.frame import Frame, Ints, filled

if TYPE_CHECKING:
    from pipelines.demo.columns import Array
    from pipelines.demo.history import History

WAREHOUSE_CODES = tuple(code for code, *_ in company.WAREHOUSES)
REASON_CODES = tuple(code for code, *_ in company.REASONS)
DEPARTMENT_CODES = tuple(code for code, *_ in company.DEPARTMENTS)
_OUTGOING = (documents.DELIVERY, documents.CUSTOMER_RETURN, documents.OTHER_OUT)


def head(lines: Frame, kind: Ints | int, *, as_text: bool = False) -> dict[str, Array]:
    """Number, line and date of the document; the date as text where the system writes it so."""
    kinds = filled(len(lines), kind) if isinstance(kind, int) else kind
    date = columns.day_text(lines["day"]) if as_text else columns.day(lines["day"])
    return {
        "单据编号": columns.document_no(kinds, lines["no"]),
        "行号": pa.array(lines["line"]),
        "单据日期": date,
    }


def goods(history: History, lines: Frame) -> dict[str, Array]:
    """Which item, where, in which unit."""
    masters = history.masters
    return {
        "存货编码": columns.picked(masters.item_codes, lines["item"]),
        "存货名称": columns.picked(masters.item_names, lines["item"]),
        "仓库编码": columns.picked(WAREHOUSE_CODES, lines["wh"]),
        "批号": columns.picked(
            masters.item_lots, np.where(masters.items["batch"][lines["item"]] > 0, lines["item"], -1)
        ),
        "计量单位": columns.picked(masters.item_units, lines["item"]),
    }


def tail(lines: Frame, status: str = "已审核") -> dict[str, Array]:
    """Who made and approved it, and its status."""
    return {
        "制单人": columns.picked(company.MAKERS, lines["no"] % len(company.MAKERS)),
        "审核人": columns.constant(company.AUDITOR, len(lines)),
        "单据状态": columns.constant(status, len(lines)),
    }


def origin(history: History, lines: Frame) -> dict[str, Array]:
    """原单号 and 原单行号 of returns."""
    origin, has = lines["origin"], lines["origin"] >= 0
    kind = np.where(has, history.stock["kind"][origin], documents.D_NONE)
    return {
        "原单号": columns.document_no(kind, history.stock["no"][origin]),
        "原单行号": columns.optional(pa.array(history.stock["line"][origin]), has),
    }


def _signed(lines: Frame) -> tuple[Ints, Ints]:
    """Quantity and amount at the document's price, red for returns."""
    red = np.isin(lines["event"], (documents.SUPPLIER_RETURN, documents.CUSTOMER_RETURN))
    sign = np.where(red, -1, 1)
    return lines["quantity"] * sign, extended(lines["quantity"], lines["price"]) * sign


def _order(history: History, lines: Frame, kind: int) -> dict[str, Array]:
    numbers = order_numbers(
        history.purchases.orders if kind == documents.D_PURCHASE_ORDER else history.sales.orders, history
    )
    has = lines["order"] >= 0
    no = numbers[lines["order"]]
    return {
        "订单号": columns.document_no(np.where(has, kind, documents.D_NONE), no),
        "订单行号": columns.optional(pa.array(lines["order_line"]), has),
    }


def order_numbers(orders: Frame, history: History) -> Ints:
    """Number of each order document, running by month."""
    first = np.flatnonzero(orders["line"] == 1)
    month = month_code(orders["day"][first])
    new = np.flatnonzero(np.append(True, month[1:] != month[:-1]))
    base = np.repeat(new, np.diff(np.append(new, len(first))))
    return documents.number(month, np.arange(len(first), dtype=np.int64) - base + 1, history.width)


def orders(history: History, kind: int) -> tuple[Array, Ints]:
    """采购订单 or 销售订单, with the day of each row."""
    is_purchase = kind == documents.D_PURCHASE_ORDER
    every = history.purchases.orders if is_purchase else history.sales.orders
    lines = every.having(no=order_numbers(every, history)[every["doc"]])
    lines = lines.take(lines["day"] >= history.calendar.first_day)
    tax = history.masters.items["tax"][lines["item"]]
    party = "供应商编码" if is_purchase else "客户编码"
    table = {
        **head(lines, kind),
        party: columns.picked(history.masters.party_codes, lines["party"]),
        **{
            name: values for name, values in goods(history, lines).items() if name not in ("仓库编码", "批号")
        },
        "数量": columns.quantity(lines["quantity"]),
        "单价": columns.decimal(lines["price"], 4),
        "金额": columns.money(extended(lines["quantity"], lines["price"])),
        "税率": columns.decimal(tax, 2),
        "币种": columns.picked(currency.CODES, currency.is_foreign(history.masters, lines["party"])),
        **tail(lines),
    }
    return pa.table(table), lines["day"]


def receipts(history: History) -> tuple[Array, Ints]:
    """采购入库单, returns to suppliers as red lines."""
    lines = events_of(history, documents.RECEIPT, documents.SUPPLIER_RETURN)
    quantity, amount = _signed(lines)
    rate = currency.rates(history.masters, lines["party"], lines["day"])
    table = {
        **head(lines, lines["kind"]),
        "供应商编码": columns.picked(history.masters.party_codes, lines["party"]),
        **goods(history, lines),
        "数量": columns.quantity(quantity),
        "单价": columns.decimal(lines["price"], 4),
        "金额": columns.money(amount),
        "税率": columns.decimal(history.masters.items["tax"][lines["item"]], 2),
        **columns.currency_and_rate(history.masters, lines["party"], rate),
        "是否退货": columns.flag(quantity < 0),
        **_order(history, lines, documents.D_PURCHASE_ORDER),
        **origin(history, lines),
        **tail(lines),
    }
    return pa.table(table), lines["day"]


def outgoing(history: History) -> Array:
    """出库流水: deliveries, customer returns and other issues of all periods in one file, with the cost that
    the inventory system found at the month's end.
    """
    lines = events_of(history, *_OUTGOING)
    sold = lines["event"] != documents.OTHER_OUT
    lines = lines.having(price=np.maximum(lines["price"], 0))
    quantity, amount = _signed(lines)
    cost = history.costs.value[np.isin(history.stock["event"], _OUTGOING)]
    types = np.select(
        [lines["event"] == e for e in (documents.DELIVERY, documents.CUSTOMER_RETURN)], [0, 1], 2
    )
    return pa.table(
        {
            "单据类型": columns.picked(("销售出库", "销售退货", "其他出库"), types),
            **head(lines, lines["kind"]),
            "客户编码": columns.picked(history.masters.party_codes, lines["party"]),
            **goods(history, lines),
            "数量": columns.quantity(quantity),
            "单价": columns.optional(columns.decimal(lines["price"], 4), sold),
            "金额": columns.optional(columns.money(amount), sold),
            "税率": columns.optional(columns.decimal(filled(len(lines), company.VAT), 2), sold),
            "系统成本金额": columns.money(cost * np.sign(quantity)),
            "收发类别": columns.picked(REASON_CODES, lines["reason"]),
            "部门编码": columns.picked(DEPARTMENT_CODES, lines["department"]),
            **_order(history, lines, documents.D_SALES_ORDER),
            **origin(history, lines),
            **tail(lines),
        }
    )


def invoices(history: History) -> tuple[Array, Ints]:
    """采购发票, services and credit notes included; the receipt line each bills is named."""
    lines, billed = history.billing.invoices, history.billing.goods
    on_goods, rows, masters = lines["goods"] >= 0, lines["goods"], history.masters
    kind = np.where(on_goods, billed["kind"][rows], documents.D_NONE)
    amounts = {
        "无税金额": lines["original"],
        "税额": lines["original_tax"],
        "价税合计": lines["original"] + lines["original_tax"],
        "抵扣税额": lines["tax"],
    }
    table = {
        "发票号码": columns.document_no(filled(len(lines), documents.D_INVOICE), lines["no"]),
        "行号": pa.array(lines["line"]),
        "开票日期": columns.day(lines["invoiced"]),
        "记账日期": columns.day(lines["day"]),
        "发票类型": columns.constant("数电专票", len(lines)),
        "供应商编码": columns.picked(masters.party_codes, lines["party"]),
        "存货编码": columns.picked(masters.item_codes, lines["item"]),
        "存货名称": columns.picked(masters.item_names, lines["item"]),
        "数量": columns.quantity(lines["quantity"]),
        "单价": columns.decimal(lines["price"], 4),
        **{name: columns.money(values) for name, values in amounts.items()},
        "税率": columns.decimal(lines["tax_rate"], 2),
        **columns.currency_and_rate(masters, lines["party"], lines["rate"]),
        **_corrected(history),
        "入库单号": columns.document_no(kind, billed["no"][rows]),
        "入库单行号": columns.optional(pa.array(billed["line"][rows]), on_goods),
        **tail(lines),
    }
    return pa.table(table), lines["day"]


def _corrected(history: History) -> dict[str, Array]:
    """蓝字发票号码 of credit notes: the last invoice of the returned receipt line before them, if any."""
    billed, lines = history.billing.goods, history.billing.invoices
    goods_of_stock = np.full(len(history.stock) + 1, -1, dtype=np.int64)
    here = billed["stock_row"] >= 0
    goods_of_stock[billed["stock_row"][here]] = np.flatnonzero(here)
    returned = goods_of_stock[np.where(here, history.stock["origin"][billed["stock_row"]], -1)]
    red = (lines["goods"] >= 0) & (lines["quantity"] < 0)
    key = lines["goods"] * 2**20 + lines["day"]
    order = np.argsort(key, kind="stable")
    wanted = np.where(red, returned[lines["goods"]], -1)
    place = np.searchsorted(key[order], wanted * 2**20 + lines["day"], side="right") - 1
    row = order[np.maximum(place, 0)]
    found = red & (place >= 0) & (lines["goods"][row] == wanted)
    kind = np.where(found, documents.D_INVOICE, documents.D_NONE)
    return {
        "蓝字发票号码": columns.document_no(kind, lines["no"][row]),
        "蓝字发票行号": columns.optional(pa.array(lines["line"][row]), found),
    }


def events_of(history: History, *events: int) -> Frame:
    """The stock lines of these events, in order."""
    return history.stock.take(np.isin(history.stock["event"], events))
