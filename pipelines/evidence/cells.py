"""Writes one worksheet: title, headings, typed cells, totals as live formulas with exact cached values.

What the columns mean and which rows there are belongs to the sheet modules, how it looks to `styles`.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from pipelines.evidence.formats import NUMERIC, as_text, kind_of
from pipelines.evidence.styles import (
    A3,
    A4,
    HEAD_ROW,
    LINE_HEIGHT,
    LINK_LIMIT,
    NARROW,
    TEXT_LIMIT,
    WIDE,
    Book,
    lines_of,
    set_print,
    width_of,
)
from pipelines.evidence.tables import Row

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


def edge(value: Decimal) -> float:
    """The only place where an amount becomes a double: at the cell, where Excel knows nothing else."""
    return float(value)


class Sheet:
    """One worksheet with a heading row; rows and columns count from 0 as in XlsxWriter."""

    def __init__(self, book: Book, name: str, title: str, columns: Sequence[str], note: str = "") -> None:
        self.book, self.name, self.title, self.columns = book, name, title, list(columns)
        self.sheet: Worksheet = book.workbook.add_worksheet(name)
        self.first = self.row = HEAD_ROW + 1
        self.links, self.lines = 0, 1
        self._open(title, note)

    def _open(self, title: str, note: str) -> None:
        formats, labels = self.book.formats, self.book.labels
        self.sheet.write_string(0, 0, title, formats["title"])
        self.sheet.write_string(1, 0, self.book.subtitle, formats["note"])
        self.link(3, 0, f"internal:'{labels('sheet.0')}'!A1", labels("ui.to_index"))
        for position, name in enumerate(self.columns):
            style = "head_n" if kind_of(name) in NUMERIC else "head"
            self.sheet.write_string(HEAD_ROW, position, labels.column(name), formats[style])
            self.sheet.set_column(position, position, width_of(name))
        self._explain(note)
        self.sheet.set_row(HEAD_ROW, 30)
        self.sheet.hide_gridlines(2)
        self.sheet.freeze_panes(HEAD_ROW + 1, 1)
        set_print(self.sheet, self.book, self.name)
        self.sheet.set_paper(A3 if len(self.columns) > NARROW else A4)
        self.sheet.repeat_rows(HEAD_ROW)

    def _explain(self, note: str) -> None:
        """How the sheet's figures are made, wrapped over the columns so that it does not widen the page."""
        width = sum(map(width_of, self.columns))
        self.sheet.set_row(2, LINE_HEIGHT * lines_of(note, width))
        self.sheet.merge_range(2, 0, 2, len(self.columns) - 1, note, self.book.formats["how"])

    def link(self, row: int, column: int, target: str, text: str) -> None:
        """A link inside the workbook, or plain text beyond the number of links a sheet holds comfortably."""
        self.links += 1
        if self.links > LINK_LIMIT:
            self.sheet.write_string(row, column, text, self.book.formats["text"])
        else:
            self.sheet.write_url(row, column, target, self.book.formats["link"], text)

    def column(self, name: str) -> int:
        """Position of a column."""
        return self.columns.index(name)

    def cell(self, name: str, row: int | None = None) -> str:
        """Address of a column's cell in a row (default: the row about to be written), without the sheet."""
        return str(xl_rowcol_to_cell(self.row if row is None else row, self.column(name)))

    def span(self, name: str) -> str:
        """Absolute address of a column's cells from the first row to the last written."""
        letter = xl_col_to_name(self.column(name))
        return f"${letter}${self.first + 1}:${letter}${max(self.row, self.first + 1)}"

    def far(self, address: str) -> str:
        """An address of this sheet as other sheets write it."""
        return f"'{self.name}'!{address}"

    def put(self, row: int, column: int, name: str, value: Any) -> None:
        """A value of a named column: numbers as numbers, everything else as text, whatever it begins with."""
        formats, kind = self.book.formats, kind_of(name)
        if value is None:
            return
        if kind in NUMERIC:
            self.book.long_figures += (
                isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > 15
            )
            self.sheet.write_number(row, column, edge(value), formats[kind])
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, formats["date"])
        else:
            text, wraps = self._text(name, value)[:TEXT_LIMIT], name in WIDE or kind == "code"
            self.sheet.write_string(row, column, text, formats["wrap" if wraps else "text"])
            if wraps:
                self.lines = max(self.lines, lines_of(text, width_of(name)))

    def _text(self, name: str, value: Any) -> str:
        kind = kind_of(name)
        if kind == "flag":
            return self.book.labels("ui.yes" if value else "ui.no")
        return str(self.book.labels.code(name, value) if kind == "code" else as_text(kind, value))

    def formula(
        self, row: int, column: int, formula: str, value: Decimal | int, style: str = "amount"
    ) -> None:
        """A live formula with its exact result as the cached value."""
        self.sheet.write_formula(row, column, formula, self.book.formats[style], edge(Decimal(value)))

    def add(
        self, values: Row, formulas: dict[str, str] | None = None, links: dict[str, str] | None = None
    ) -> None:
        """One row of values by column; a formula's cached value is the row's own, a link's text too."""
        self.lines = 1
        for position, name in enumerate(self.columns):
            value = values.get(name)
            if formulas and name in formulas:
                self.formula(self.row, position, formulas[name], value or Decimal(0))
            elif links and name in links and value:
                self.link(self.row, position, links[name], self._text(name, value))
            else:
                self.put(self.row, position, name, value)
        if self.lines > 1:
            self.sheet.set_row(self.row, LINE_HEIGHT * self.lines + 2)
        self.row += 1

    def close(self, totals: dict[str, Decimal]) -> int:
        """Filter over the rows written, then a total row with SUM formulas; returns the total row."""
        last = max(self.row - 1, self.first)
        self.sheet.autofilter(HEAD_ROW, 0, last, len(self.columns) - 1)
        if not totals:
            return self.row
        total_row = self.row + 1
        self.sheet.write_string(total_row, 0, self.book.labels("ui.total"), self.book.formats["total_text"])
        for position, name in enumerate(self.columns[1:], start=1):
            if name in totals:
                style = "total_count" if kind_of(name) == "integer" else "total"
                self.formula(total_row, position, f"=SUM({self.span(name)})", totals[name], style)
            else:
                self.sheet.write_blank(total_row, position, None, self.book.formats["total_text"])
        return total_row

    def hide(self, prefix: str) -> None:
        """Hide the columns whose name begins with a prefix; formulas of other sheets look rows up by them."""
        for position, name in enumerate(self.columns):
            if name.startswith(prefix):
                self.sheet.set_column(position, position, 4, None, {"hidden": True})

    def note(self, text: str) -> None:
        """A note under the rows, such as where the rest of a list is."""
        self.sheet.write_string(self.row + 3, 0, text, self.book.formats["note"])

    def check(self, formula: str, value: Decimal) -> None:
        """The sheet's check cell (D4, beside its label): 0 when the sheet agrees."""
        self.sheet.write_string(3, 2, self.book.labels("ui.check"), self.book.formats["note"])
        self.formula(3, 3, formula, value, "check")
        self.book.mark_check(self.sheet, 3, 3, 3, 3)
        if "check_amount" in self.columns:
            column = self.column("check_amount")
            self.book.mark_check(self.sheet, self.first, column, max(self.row - 1, self.first), column)
