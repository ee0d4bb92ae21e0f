"""The example company's history written as a books folder.

The tables come from `inbox.py`, faults in them from `faults`, the bytes from `writing.py`, the settings from
`settings.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import LARGE, DemoSummary, documents, settings
from pipelines.demo.faults import seed_faults
from pipelines.demo.inbox import make_inbox
from pipelines.demo.writing import Writer

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.demo.frame import Ints
    from pipelines.demo.history import History


def write_books(history: History, target: Path, first_period: str, fault_seed: int | None = None) -> None:
    """books.yml, account_map.csv, posting_rules.csv and inbox/ under `target`; with a seed for faults also
    the answer key.
    """
    writer = Writer(target, "parquet" if document_lines(history) >= LARGE else "xlsx")
    writer.text("books.yml", settings.books_yml(first_period, writer.suffix))
    writer.text("account_map.csv", settings.account_map_csv())
    writer.text("posting_rules.csv", settings.posting_rules_csv())
    inbox = make_inbox(history)
    if fault_seed is not None:
        writer.text("answer_key.csv", seed_faults(inbox, fault_seed))
    inbox.write(writer)


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
