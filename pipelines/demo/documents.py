"""Stock lines of the example company, and its kinds of documents with the prefix of their numbers.

Making the lines is in `purchasing.py`, `selling.py` and `warehousing.py`, their order in `stockflow.py`.
"""

from __future__ import annotations

import numpy as np

from pipelines.demo.frame import Dice, Frame, Ints, filled, rank_within, stacked

(
    OPENING,
    RECEIPT,
    SUPPLIER_RETURN,
    DELIVERY,
    CUSTOMER_RETURN,
    TRANSFER,
    OTHER_IN,
    OTHER_OUT,
    GAIN,
    LOSS,
    PRODUCTION_ISSUE,
    PRODUCTION_RETURN,
    PRODUCTION_RECEIPT,
    SUBCONTRACT_ISSUE,
    SUBCONTRACT_RECEIPT,
) = range(15)

# Document kinds; stock kinds stand in the binary text order of their prefixes, the order inside a day.
(
    D_RECEIPT,
    D_SUPPLIER_RETURN,
    D_PRODUCTION_RECEIPT,
    D_TRANSFER,
    D_COUNT,
    D_OPENING,
    D_OTHER_OUT,
    D_OTHER_IN,
    D_PRODUCTION_ISSUE,
    D_PRODUCTION_RETURN,
    D_SUBCONTRACT_ISSUE,
    D_SUBCONTRACT_RECEIPT,
    D_DELIVERY,
    D_CUSTOMER_RETURN,
    D_INVOICE,
    D_PAYMENT,
    D_PREPAYMENT,
    D_COLLECTION,
    D_ADVANCE,
    D_APPLICATION,
    D_PURCHASE_ORDER,
    D_SALES_ORDER,
    D_PRODUCTION_ORDER,
    D_LANDED,
    D_SUBCONTRACT_ORDER,
    D_ALLOCATION,
    D_NONE,
) = range(27)
PREFIXES = (
    "CGRK",
    "CGTH",
    "CPRK",
    "DB",
    "PD",
    "QC",
    "QTCK",
    "QTRK",
    "SCLL",
    "SCTL",
    "WWFL",
    "WWRK",
    "XSCK",
    "XSTH",
    "2644000",
    "FK",
    "YF",
    "SK",
    "YS",
    "HX",
    "CGDD",
    "XSDD",
    "SCDD",
    "FYFT",
    "WWDD",
    "",
    "",
)
TYPE_NAMES = (
    "采购入库单",
    "采购退货单",
    "产成品入库单",
    "调拨单",
    "盘点单",
    "期初单",
    "其他出库单",
    "其他入库单",
    "生产领料单",
    "生产退料单",
    "委外发料单",
    "委外入库单",
    "销售出库单",
    "销售退货单",
    "采购发票",
    "付款单",
    "预付单",
    "收款单",
    "预收单",
    "核销单",
    "采购订单",
    "销售订单",
    "生产订单",
    "费用分摊单",
    "委外订单",
    "差异分摊单",
    "",
)
CANONICAL = (
    "goods_receipt",
    "goods_receipt",
    "production_receipt",
    "transfer",
    "count",
    "opening",
    "other_out",
    "other_in",
    "production_issue",
    "production_return",
    "subcontract_issue",
    "subcontract_receipt",
    "delivery",
    "delivery",
    "purchase_invoice",
    "payment",
    "payment",
    "payment",
    "payment",
    "application",
    "",
    "",
    "production_cost",
    "landed_cost",
    "",
    "variance_allocation",
    "",
)
KIND_OF_EVENT = np.array(
    [
        D_OPENING,
        D_RECEIPT,
        D_SUPPLIER_RETURN,
        D_DELIVERY,
        D_CUSTOMER_RETURN,
        D_TRANSFER,
        D_OTHER_IN,
        D_OTHER_OUT,
        D_COUNT,
        D_COUNT,
        D_PRODUCTION_ISSUE,
        D_PRODUCTION_RETURN,
        D_PRODUCTION_RECEIPT,
        D_SUBCONTRACT_ISSUE,
        D_SUBCONTRACT_RECEIPT,
    ],
    dtype=np.int64,
)
CLASS_OF_EVENT = np.array([0, 1, 4, 4, 1, 3, 1, 4, 1, 4, 4, 1, 1, 4, 1], dtype=np.int64)
"""Order inside a day; a customer return of the same day as its delivery is class 5."""
DIRECTION = np.array([1, 1, -1, -1, 1, -1, 1, -1, 1, -1, -1, 1, 1, -1, 1], dtype=np.int64)

STOCK_COLUMNS = (
    "event",
    "doc",
    "line",
    "day",
    "item",
    "wh",
    "to_wh",
    "quantity",
    "price",
    "amount",
    "party",
    "order",
    "order_line",
    "origin",
    "reason",
    "department",
    "production",
)
"""A stock line: quantity > 0, the event gives the direction; `origin` is the row of the line it returns,
`production` that of its production order."""

_LINES_PER_DOCUMENT = (1, 1, 2, 2, 3, 3, 3, 4, 5, 6)


def new_lines(dice: Dice, documents: int) -> tuple[Ints, Ints]:
    """Document number and line number of each line of so many documents, three lines on average."""
    document = np.repeat(np.arange(documents, dtype=np.int64), dice.one_of(_LINES_PER_DOCUMENT, documents))
    return document, rank_within(document)


def days_between(dice: Dice, first: int, last: int, documents: int) -> Ints:
    """Ascending days for documents, first … last."""
    return np.sort(dice.between(first, last, documents))


def in_steps(quantity: Ints, step: Ints) -> Ints:
    """The quantity cut to whole steps of the item, at least one."""
    whole: Ints = np.maximum(quantity // step, 1) * step
    return whole


def renumbered(frame: Frame, doc: str = "doc") -> Frame:
    """Documents numbered 0, 1, … by (day, old number), lines 1, 2, …; rows come back in that order."""
    frame = frame.ordered("day", doc, "line")
    key = np.concatenate(
        [[0], np.cumsum((frame[doc][1:] != frame[doc][:-1]) | (frame["day"][1:] != frame["day"][:-1]))]
    )
    number = key[: len(frame)].astype(np.int64)
    return frame.having(**{doc: number, "line": rank_within(number)})


def after(first: Frame, *more: Frame) -> Frame:
    """Lines of one kind of document below others of that kind, each frame's documents its own."""
    for frame in more:
        shift = int(first["doc"].max(initial=0)) + 1
        first = stacked([first, frame.having(doc=frame["doc"] + shift)], STOCK_COLUMNS)
    return first


def number(month: Ints, running: Ints, width: int) -> Ints:
    """Document number as an integer: month code, then the running number in `width` digits."""
    return month * int(10**width) + running


def bare(count: int) -> dict[str, Ints]:
    """The columns a stock line need not have."""
    names = (
        "to_wh",
        "price",
        "amount",
        "party",
        "order",
        "order_line",
        "origin",
        "reason",
        "department",
        "production",
    )
    return {name: filled(count, -1) for name in names}
