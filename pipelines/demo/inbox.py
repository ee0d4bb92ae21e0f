"""The example company's extracts as tables, ready to be written: one sheet per kind of file.

What a table holds is decided in the `…extracts` modules; faults are seeded into these tables, bytes are made
in `writing.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipelines.demo import documents, extracts, ledger_extracts, stock_extracts
from pipelines.demo.master_extracts import items, master_tables

if TYPE_CHECKING:
    from pipelines.demo.calendar import Calendar
    from pipelines.demo.columns import Array
    from pipelines.demo.frame import Ints
    from pipelines.demo.history import History
    from pipelines.demo.writing import Writer

Form = Literal["document", "csv", "parquet"]


@dataclass
class Sheet:
    """Rows of one kind of file and, when it comes per period, the number of each row's period."""

    rows: Array
    period: Ints | None = None
    form: Form = "document"
    title: str = ""


@dataclass
class Inbox:
    """All sheets by the path of their file without period and suffix."""

    sheets: dict[str, Sheet]
    calendar: Calendar

    def write(self, writer: Writer) -> None:
        """Every file of the inbox; sheets with periods get a file in each."""
        labels = self.calendar.labels
        for name, sheet in self.sheets.items():
            if sheet.period is None and sheet.form == "csv":
                writer.csv(f"inbox/{name}.csv", sheet.rows)
            elif sheet.period is None:
                writer.document(f"inbox/{name}", sheet.rows)
            elif sheet.form == "parquet":
                writer.parquet(name, sheet.rows, sheet.period, labels)
            else:
                writer.per_period(name, sheet.rows, sheet.period, labels, sheet.title)


def make_inbox(history: History) -> Inbox:
    """The clean extracts of the company."""
    fixed = {f"基础资料/{name}": Sheet(table) for name, table in master_tables(history.masters).items()}
    item_rows, item_period = items(history.masters, history.calendar.periods)
    fixed["存货档案"] = Sheet(item_rows, item_period)
    fixed["期初/期初未结项目"] = Sheet(ledger_extracts.opening_items(history))
    fixed["期初/期初库存"] = Sheet(stock_extracts.movements(history, documents.OPENING)[0])
    fixed["出库流水"] = Sheet(extracts.outgoing(history), form="csv")
    dated = {
        "采购订单": extracts.orders(history, documents.D_PURCHASE_ORDER),
        "销售订单": extracts.orders(history, documents.D_SALES_ORDER),
        "采购入库单": extracts.receipts(history),
        "采购发票": extracts.invoices(history),
        "调拨单": stock_extracts.transfers(history),
        "其他入库单": stock_extracts.movements(history, documents.OTHER_IN),
        "盘盈盘亏单": stock_extracts.movements(history, documents.GAIN, documents.LOSS),
        "生产出入库单": stock_extracts.production(history),
        "生产成本": stock_extracts.production_costs(history),
        "委外出入库单": stock_extracts.subcontracting(history),
        "费用分摊单": stock_extracts.charges(history),
        "盘点单": stock_extracts.counts(history),
        "库存结存": stock_extracts.on_hand(history),
        "收付款单": ledger_extracts.payments(history),
        "核销单": ledger_extracts.applications(history),
        "科目余额表": ledger_extracts.balances(history),
        "凭证": ledger_extracts.vouchers(history),
    }
    period_of = history.calendar.period_of
    sheets = {**fixed, **{name: Sheet(rows, period_of(day)) for name, (rows, day) in dated.items()}}
    sheets["科目余额表"].title = "科目余额表"
    sheets["凭证"].form = "parquet"
    return Inbox(sheets, history.calendar)
