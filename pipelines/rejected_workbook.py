"""Draws rejected rows as a workbook to correct: a sheet per table, the wrong cells marked with their reason.

Which rows these are is found in `rejected.py`; the corrected workbook is read in `extracts/corrections.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from xlsxwriter.workbook import Workbook

from pipelines.contract import Table, load_contract
from pipelines.extracts.corrections import FOLDER, MARKS, mark
from pipelines.messages import LANGUAGES, render

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from pipelines.rejected import Reason, Rejected

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
OPTIONS = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
STYLES = {
    "title": {"italic": True, "font_color": "#595959"},
    "head": {"bold": True, "bg_color": "#D9E1F2", "text_wrap": True, "valign": "top", "border": 1},
    "mark_head": {"bg_color": "#D9D9D9", "font_color": "#595959", "text_wrap": True, "valign": "top"},
    "reason": {"text_wrap": True, "valign": "top", "font_color": "#9C0006"},
    "cell": {"num_format": "@", "valign": "top"},
    "wrong": {"num_format": "@", "valign": "top", "bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "mark": {"num_format": "@", "valign": "top", "bg_color": "#F2F2F2", "font_color": "#7F7F7F"},
}
HEAD_ROW = 1


def write_rejected(path: Path, rows: Sequence[Rejected]) -> Path:
    """Write the rows, in order of their tables, to `path`; equal rows give equal bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Workbook(str(path), OPTIONS) as workbook:
        workbook.set_properties({"title": "tieout rejected", "created": CREATED})
        formats = {name: workbook.add_format(style) for name, style in STYLES.items()}
        for name, found in groupby(rows, key=lambda row: row.table):
            table = load_contract().tables[name]
            sheet = workbook.add_worksheet(f"{table.label_zh} {table.label_en}"[:31])
            _fill(sheet, formats, table, list(found))
    return path


def _fill(sheet: Worksheet, formats: dict[str, Format], table: Table, rows: list[Rejected]) -> None:
    columns = _columns(table, rows)
    first_mark = 1 + len(columns)
    title = " · ".join(render("rejected_title", language, folder=FOLDER) for language in LANGUAGES)
    sheet.write_string(0, 0, title, formats["title"])
    sheet.write_string(HEAD_ROW, 0, mark("reason", "原因 Reason"), formats["head"])
    for place, name in enumerate(columns, 1):
        sheet.write_string(HEAD_ROW, place, table.columns[name].heading, formats["head"])
    for place, name in enumerate(MARKS, first_mark):
        label = " ".join(render(f"rejected_mark.{name}", language) for language in LANGUAGES)
        sheet.write_string(HEAD_ROW, place, mark(name, label), formats["mark_head"])
    for number, row in enumerate(rows, HEAD_ROW + 1):
        _write(sheet, formats, number, columns, row)
    sheet.set_column(0, 0, 48)
    sheet.set_column(1, first_mark - 1, 16, formats["cell"])
    sheet.set_column(first_mark, first_mark + len(MARKS) - 1, 14)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _columns(table: Table, rows: list[Rejected]) -> list[str]:
    """What the table was delivered with, and what it lacks."""
    wanted = {column.name for column in table.required}
    for row in rows:
        wanted |= row.delivered | {reason.column for reason in row.reasons}
    return [name for name in table.columns if name in wanted]


def _write(
    sheet: Worksheet, formats: dict[str, Format], number: int, columns: Sequence[str], row: Rejected
) -> None:
    texts = [f"{reason.zh}\n{reason.en}" for reason in row.reasons]
    sheet.write_string(number, 0, "\n".join(dict.fromkeys(texts)), formats["reason"])
    wrong: dict[str, list[Reason]] = {}
    for reason in row.reasons:
        wrong.setdefault(reason.column, []).append(reason)
    for place, name in enumerate(columns, 1):
        value, style = row.values.get(name), formats["wrong" if name in wrong else "cell"]
        if value is None:
            sheet.write_blank(number, place, None, style)
        else:
            sheet.write_string(number, place, value, style)
        if name in wrong:
            sheet.write_comment(number, place, "\n".join(f"{one.zh}\n{one.en}" for one in wrong[name]))
    said = (row.table, row.extract, row.file, str(row.row), row.check)
    for place, text in enumerate(said, 1 + len(columns)):
        sheet.write_string(number, place, text, formats["mark"])
