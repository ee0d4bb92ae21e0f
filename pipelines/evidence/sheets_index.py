"""Sheet 0 Index: what the workbook holds, every sheet's check and one overall check, ticks, hashes, sign-off.

It is created first and written last, when the other sheets know their checks.
"""

from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.evidence.cells import edge
from pipelines.evidence.components import ZERO
from pipelines.evidence.context import ReportContext
from pipelines.evidence.entries import CHECK_CELL, Entry
from pipelines.evidence.formats import spaced
from pipelines.evidence.styles import Book, set_print
from pipelines.evidence.tables import RunTables

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

TICKS = ("footed", "cross", "tb", "gl", "sl", "r")
WIDTHS = (16, 30, 40, 12, 16)


class IndexSheet:
    """The index with a running row."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.sheet: Worksheet = book.workbook.add_worksheet(book.labels("sheet.0"))
        self.row = 0
        for column, width in enumerate(WIDTHS):
            self.sheet.set_column(column, column, width)
        self.sheet.hide_gridlines(2)
        set_print(self.sheet, book, book.labels("sheet.0"))
        self.sheet.set_portrait()
        self.sheet.fit_to_pages(1, 1)

    def write(self, *texts: str, style: str = "text") -> None:
        """One row of texts."""
        for column, text in enumerate(texts):
            self.sheet.write_string(self.row, column, text, self.book.formats[style])
        self.row += 1

    def band(self, title: str) -> None:
        """A heading over the whole width, after an empty row."""
        self.row += 1
        for column in range(len(WIDTHS)):
            self.sheet.write_string(self.row, column, title if column == 0 else "", self.book.formats["band"])
        self.row += 1


def fill_index(index: IndexSheet, tables: RunTables, context: ReportContext, entries: list[Entry]) -> None:
    """Write the index from top to bottom."""
    labels = index.book.labels
    index.write(f"{labels('head.workbook')} {context.period}", style="title")
    verdict = tables.one("select * from verdict")
    state = labels.optional(f"verdict.{verdict['verdict']}", str(verdict["verdict"]))
    index.sheet.merge_range(index.row, 0, index.row, 4, "", index.book.formats["badge"])
    index.sheet.write_string(
        index.row,
        0,
        f"{state} — {spaced(verdict[f'sentence_{labels.language}'])}",
        index.book.formats["badge"],
    )
    index.sheet.set_row(index.row, 36)
    index.row += 1
    _facts(index, context)
    _contents(index, entries)
    index.band(labels("head.ticks"))
    for tick in TICKS:
        index.write(labels(f"tick.{tick}"))
    _sign_off(index)
    _hashes(index, context)


def _facts(index: IndexSheet, context: ReportContext) -> None:
    labels = index.book.labels
    facts = (
        ("company", context.company),
        ("books", context.books),
        ("period", context.period),
        ("currency", context.currency),
    )
    for key, text in (*facts, ("run", context.run_id)):
        index.write(labels(f"ui.{key}"), text)
    if context.materiality is not None:
        index.sheet.write_string(index.row, 0, labels("ui.materiality"), index.book.formats["text"])
        index.sheet.write_number(index.row, 1, edge(context.materiality), index.book.formats["amount"])
        index.row += 1


def _contents(index: IndexSheet, entries: list[Entry]) -> None:
    labels, formats = index.book.labels, index.book.formats
    index.band(labels("head.contents"))
    heads = ("ui.reference", "ui.sheet", "ui.content", "ui.rows_head", "ui.check")
    index.write(*(labels(key) for key in heads), style="head")
    first = index.row
    for entry in entries:
        index.sheet.write_string(index.row, 0, entry.reference, formats["text"])
        index.sheet.write_url(
            index.row, 1, f"internal:'{entry.sheet.name}'!A1", formats["link"], entry.sheet.name
        )
        index.sheet.write_string(index.row, 2, entry.sheet.title, formats["text"])
        index.sheet.write_number(index.row, 3, entry.rows, formats["integer"])
        if entry.check is not None:
            _formula(index, f"={entry.sheet.far(CHECK_CELL)}", entry.check)
        index.row += 1
    index.sheet.write_string(index.row, 2, labels("ui.overall"), formats["total_text"])
    overall = sum((abs(entry.check) for entry in entries if entry.check is not None), ZERO)
    _formula(index, f"=ROUND(SUMPRODUCT(ABS(E{first + 1}:E{index.row})),2)", overall)
    index.row += 1


def _formula(index: IndexSheet, formula: str, value: Decimal) -> None:
    index.sheet.write_formula(index.row, 4, formula, index.book.formats["check"], edge(value))
    index.book.mark_check(index.sheet, index.row, 4, index.row, 4)


def _sign_off(index: IndexSheet) -> None:
    labels, line = index.book.labels, index.book.formats["line"]
    index.band(labels("head.sign_off"))
    for key in ("ui.prepared", "ui.reviewed"):
        index.sheet.set_row(index.row, 26)
        index.write(labels(key))
        for column, text in ((2, labels("ui.signature")), (3, labels("ui.date"))):
            index.sheet.write_string(index.row - 1, column, text, line)
        index.sheet.write_blank(index.row - 1, 4, None, line)
        index.sheet.write_blank(index.row - 1, 1, None, line)


def _hashes(index: IndexSheet, context: ReportContext) -> None:
    labels = index.book.labels
    index.band(labels("head.hashes"))
    for key, hashes in (("ui.input_hash", context.input_hashes), ("ui.code_hash", context.code_hashes)):
        for name in sorted(hashes):
            index.write(labels(key), name, hashes[name])
    index.row += 1
    index.write(labels("how.excel_digits"), style="note")
    if index.book.long_figures:
        index.write(labels("how.excel_over", count=index.book.long_figures), style="note")
