"""Writes one worksheet: title, headings, typed cells, totals as live formulas with exact cached values.

What the columns mean and which rows there are belongs to the sheet modules; this one only knows Excel.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pipelines.evidence.formats import NUMERIC, as_text, kind_of
from pipelines.evidence.labels import Labels
from pipelines.evidence.tables import Row

HEAD_ROW = 4
A3, A4, NARROW = 8, 9, 14
TEXT_LIMIT = 32000
LINK_LIMIT = 5000
WIDTHS = {
    "amount": 14,
    "quantity": 10,
    "integer": 8,
    "percent": 7,
    "date": 11,
    "flag": 7,
    "code": 12,
    "text": 12,
}
WIDE = {"explanation": 46, "document": 24, "action": 22, "account_name": 20, "item_name": 22, "message": 40,
"sample": 24, "file": 30,
        "reason": 28, "break_id": 19, "value": 18, "table_name": 21, "pass_code": 24, "expectation": 26,
        "key": 4, "account_code": 13}  # fmt: skip
FONT = {"font_name": "Microsoft YaHei", "font_size": 10}
NUMBER = "#,##0.00;-#,##0.00;0.00"
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15, "font_color": "#1F4E79"},
    "note": {"font_color": "#5C6775", "font_size": 9},
    "head": {
        "bold": True,
        "indent": 1,
        "bg_color": "#E8EEF4",
        "bottom": 1,
        "text_wrap": True,
        "valign": "vcenter",
    },
    "text": {"valign": "vcenter", "indent": 1},
    "wrap": {"valign": "vcenter", "indent": 1, "text_wrap": True},
    "amount": {"num_format": NUMBER, "valign": "vcenter"},
    "quantity": {"num_format": "#,##0.####", "valign": "vcenter"},
    "integer": {"num_format": "#,##0", "valign": "vcenter"},
    "percent": {"num_format": "0%", "valign": "vcenter"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left", "valign": "vcenter", "indent": 1},
    "link": {"font_color": "#1F4E79", "underline": 1, "valign": "vcenter", "indent": 1},
    "total": {"bold": True, "num_format": NUMBER, "top": 1, "bottom": 6},
    "total_count": {"bold": True, "num_format": "#,##0", "top": 1, "bottom": 6},
    "total_text": {"bold": True, "indent": 1, "top": 1, "bottom": 6},
    "check": {
        "bold": True,
        "num_format": '"✗ "#,##0.00;"✗ "-#,##0.00;"✓ "0.00',
        "border": 1,
        "align": "right",
    },
    "good": {"font_color": "#1E6B3F", "bg_color": "#E3F3E9"},
    "bad": {"font_color": "#B3261E", "bg_color": "#FBE4E1"},
    "head_n": {
        "bold": True,
        "bg_color": "#E8EEF4",
        "bottom": 1,
        "text_wrap": True,
        "valign": "vcenter",
        "align": "right",
    },
    "line": {"bottom": 1},
    "band": {"bold": True, "font_size": 12, "bottom": 2},
    "badge": {"bold": True, "font_size": 12, "text_wrap": True, "valign": "vcenter"},
}


@dataclass
class Book:
    """The workbook being written, its formats, and how many figures have more digits than Excel keeps."""

    workbook: Workbook
    labels: Labels
    subtitle: str
    formats: dict[str, Format] = field(default_factory=dict)
    long_figures: int = 0
    plain: dict[str, Format] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.formats = {name: self.workbook.add_format(FONT | values) for name, values in FORMATS.items()}
        self.plain = {name: self.workbook.add_format(FORMATS[name]) for name in ("good", "bad")}

    def mark_check(self, sheet: Worksheet, *area: int) -> None:
        """Green where a check is 0, red where it is not; `area` is first row and column, last row and column."""
        for criteria, style in (("==", "good"), ("!=", "bad")):
            rule = {"type": "cell", "criteria": criteria, "value": 0, "format": self.plain[style]}
            sheet.conditional_format(*area, rule)


def edge(value: Decimal) -> float:
    """The only place where an amount becomes a double: at the cell, where Excel knows nothing else."""
    return float(value)


class Sheet:
    """One worksheet with a heading row; rows and columns count from 0 as in XlsxWriter."""

    def __init__(self, book: Book, name: str, title: str, columns: Sequence[str], note: str = "") -> None:
        self.book, self.name, self.title, self.columns = book, name, title, list(columns)
        self.sheet: Worksheet = book.workbook.add_worksheet(name)
        self.first = self.row = HEAD_ROW + 1
        self.links = 0
        self._open(title, note)

    def _open(self, title: str, note: str) -> None:
        formats, labels = self.book.formats, self.book.labels
        self.sheet.write_string(0, 0, title, formats["title"])
        self.sheet.write_string(1, 0, self.book.subtitle, formats["note"])
        self.sheet.write_string(2, 0, note, formats["note"])
        self.link(3, 0, f"internal:'{labels('sheet.0')}'!A1", labels("ui.to_index"))
        for position, name in enumerate(self.columns):
            style = "head_n" if kind_of(name) in NUMERIC else "head"
            self.sheet.write_string(HEAD_ROW, position, labels.column(name), formats[style])
            self.sheet.set_column(position, position, WIDE.get(name, WIDTHS[kind_of(name)]))
        self.sheet.set_row(HEAD_ROW, 30)
        self.sheet.hide_gridlines(2)
        self.sheet.freeze_panes(HEAD_ROW + 1, 1)
        set_print(self.sheet, self.book, self.name)
        self.sheet.set_paper(A3 if len(self.columns) > NARROW else A4)
        self.sheet.repeat_rows(HEAD_ROW)

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
        return xl_rowcol_to_cell(self.row if row is None else row, self.column(name))

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
            self.sheet.write_string(
                row, column, self._text(name, value)[:TEXT_LIMIT], formats["wrap" if name in WIDE else "text"]
            )

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
        for position, name in enumerate(self.columns):
            value = values.get(name)
            if formulas and name in formulas:
                self.formula(self.row, position, formulas[name], value or Decimal(0))
            elif links and name in links and value:
                self.link(self.row, position, links[name], self._text(name, value))
            else:
                self.put(self.row, position, name, value)
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


def set_print(sheet: Worksheet, book: Book, name: str) -> None:
    """A4 landscape, one page wide, with the sheet's name and page numbers in the footer."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    footer = book.subtitle.replace("&", "&&")[:150]
    sheet.set_footer(f"&L&8{footer}&C&8{name}&R&8{book.labels('ui.page')}")
