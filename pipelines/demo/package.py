"""The example company's history written as a books folder.

The tables come from the `…extracts` modules, the bytes from `writing.py`, the settings from `settings.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import LARGE, DemoSummary, documents, extracts, ledger_extracts, settings, stock_extracts
from pipelines.demo.master_extracts import master_tables
from pipelines.demo.writing import Writer

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.demo.frame import Ints
    from pipelines.demo.history import History


def write_books(history: History, target: Path, first_period: str) -> None:
    """books.yml, account_map.csv, posting_rules.csv and inbox/ under `target`."""
    writer = Writer(target, "parquet" if document_lines(history) >= LARGE else "xlsx")
    writer.text("books.yml", settings.books_yml(first_period, writer.suffix))
    writer.text("account_map.csv", settings.account_map_csv())
    writer.text("posting_rules.csv", settings.posting_rules_csv())
    for name, table in master_tables(history.masters).items():
        writer.document(f"inbox/基础资料/{name}", table)
    writer.document("inbox/期初/期初未结项目", ledger_extracts.opening_items(history))
    writer.document("inbox/期初/期初库存", stock_extracts.movements(history, documents.OPENING)[0])
    writer.csv("inbox/出库流水.csv", extracts.outgoing(history))
    _write_periods(history, writer)


def _write_periods(history: History, writer: Writer) -> None:
    calendar = history.calendar
    named = {
        "采购订单": extracts.orders(history, documents.D_PURCHASE_ORDER),
        "销售订单": extracts.orders(history, documents.D_SALES_ORDER),
        "采购入库单": extracts.receipts(history),
        "采购发票": extracts.invoices(history),
        "调拨单": stock_extracts.transfers(history),
        "其他入库单": stock_extracts.movements(history, documents.OTHER_IN),
        "盘盈盘亏单": stock_extracts.movements(history, documents.GAIN, documents.LOSS),
        "盘点单": stock_extracts.counts(history),
        "库存结存": stock_extracts.on_hand(history),
        "收付款单": ledger_extracts.payments(history),
        "核销单": ledger_extracts.applications(history),
    }
    for name, (table, day) in named.items():
        writer.per_period(name, table, calendar.period_of(day), calendar.labels)
    table, day = ledger_extracts.balances(history)
    writer.per_period("科目余额表", table, calendar.period_of(day), calendar.labels, title="科目余额表")
    table, day = ledger_extracts.vouchers(history)
    writer.parquet("凭证", table, calendar.period_of(day), calendar.labels)


def _line_sets(history: History) -> list[tuple[Ints, Ints]]:
    """Kind and number of every document line."""

    def of(kind: int, no: Ints) -> tuple[Ints, Ints]:
        return np.full(len(no), kind, dtype=np.int64), no

    return [
        (history.stock["kind"], history.stock["no"]),
        of(documents.D_INVOICE, history.billing.invoices["no"]),
        of(documents.D_APPLICATION, history.applications["no"]),
        of(documents.D_PURCHASE_ORDER, history.purchases.orders["doc"]),
        of(documents.D_SALES_ORDER, history.sales.orders["doc"]),
        (history.payables.payments["kind"], history.payables.payments["no"]),
        (history.receivables.payments["kind"], history.receivables.payments["no"]),
    ]


def document_lines(history: History) -> int:
    """Lines of all business documents."""
    return sum(len(no) for _, no in _line_sets(history))


def summary(history: History, target: Path) -> DemoSummary:
    """What was written."""
    keys = [np.unique(kind * 2**40 + no) for kind, no in _line_sets(history)]
    vouchers = np.unique(history.lines["period"] * 2**32 + history.lines["voucher"])
    return DemoSummary(
        target,
        history.calendar.labels,
        sum(map(len, keys)),
        document_lines(history),
        len(vouchers),
        len(history.lines),
    )
