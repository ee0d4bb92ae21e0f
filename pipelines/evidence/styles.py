"""How the workbook looks: fonts, number formats, column widths, colours of checks and the printed page.

What is written where belongs to `cells` and the sheet modules.
"""

from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pipelines.evidence.formats import kind_of
from pipelines.evidence.labels import Labels

HEAD_ROW = 4
A3, A4, NARROW = 8, 9, 14
TEXT_LIMIT = 32000
LINK_LIMIT = 5000
LINE_HEIGHT = 13
CHINESE = "\u2e7f"
"""Letters after this one are twice as wide as others."""
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
WIDE = {
    "explanation": 46, "message": 46, "document": 40, "file": 30, "receipt": 30, "issue": 30, "reason": 28,
    "pass_code": 26, "expectation": 26, "tie_code": 24, "sample": 24, "cause_code": 24, "kind": 26,
    "action": 22, "item_name": 22, "posting_leg_amount": 22, "costing_leg_amount": 22, "table_name": 21,
    "account_name": 20, "disposition": 20, "order_no": 20, "break_id": 19, "symptom_code": 18, "value": 18,
    "reported_amount": 17, "reported_closing_amount": 17, "reported_difference_amount": 18, "measure": 15,
    "ledger_source": 15, "account_code": 13, "alternatives_count": 13, "unexpected_count": 12,
    "order_kind": 12,
}  # fmt: skip
FONT = {"font_name": "Microsoft YaHei", "font_size": 10}
NUMBER = '#,##0.00;-#,##0.00;"–"'
TOTAL = "#,##0.00;-#,##0.00;0.00"
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15, "font_color": "#1F4E79"},
    "note": {"font_color": "#5C6775", "font_size": 9},
    "how": {"font_color": "#5C6775", "font_size": 9, "text_wrap": True, "valign": "top"},
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
    "amount": {"num_format": NUMBER, "valign": "vcenter", "align": "right"},
    "quantity": {"num_format": "#,##0.####", "valign": "vcenter"},
    "integer": {"num_format": "#,##0", "valign": "vcenter"},
    "percent": {"num_format": "0%", "valign": "vcenter"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left", "valign": "vcenter", "indent": 1},
    "link": {"font_color": "#1F4E79", "underline": 1, "valign": "vcenter", "indent": 1},
    "total": {"bold": True, "num_format": TOTAL, "top": 1, "bottom": 6},
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


def width_of(column: str) -> int:
    """Width of a column in characters."""
    return WIDE.get(column, WIDTHS[kind_of(column)])


def lines_of(text: str, width: int) -> int:
    """Lines that a text takes in a column of a width: not every program that shows sheets finds it itself."""
    parts = (sum(2 if letter > CHINESE else 1 for letter in part) for part in text.split("\n"))
    return sum(1 + max(taken - 1, 0) // max(width - 1, 1) for taken in parts)


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
        """Green where a check is 0, red where it is not; `area` as XlsxWriter takes it."""
        for criteria, style in (("==", "good"), ("!=", "bad")):
            rule = {"type": "cell", "criteria": criteria, "value": 0, "format": self.plain[style]}
            sheet.conditional_format(*area, rule)


def set_print(sheet: Worksheet, book: Book, name: str) -> None:
    """A4 landscape, one page wide, with the sheet's name and page numbers in the footer."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    footer = book.subtitle.replace("&", "&&")[:150]
    sheet.set_footer(f"&L&8{footer}&C&8{name}&R&8{book.labels('ui.page')}")
