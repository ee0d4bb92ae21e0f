"""Draws one template: title, a sample that stands above the headers, the headers, and a sheet of notes.

Ingest looks for the headers and reads what stands below them, so the sample is no row of the data wherever
the workbook goes. What a cell may hold is decided in `cells.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook

from pipelines.messages import LANGUAGES, Language, render
from pipelines.starter import cells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from pipelines.contract import Column, Table

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
OPTIONS = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
TITLE_ROW, SAMPLE_ROW, HEAD_ROW, FIRST_ROW, LAST_ROW = 0, 1, 2, 3, 1_048_575
STYLES = {
    "title": {"bold": True, "font_size": 11, "font_color": "#1F3864"},
    "sample": {"italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2", "num_format": "@"},
    "head": {"bold": True, "bg_color": "#D9E1F2", "text_wrap": True, "valign": "top", "border": 1},
    "wanted": {"bold": True, "bg_color": "#FCE4D6", "text_wrap": True, "valign": "top", "border": 1},
    "note": {"text_wrap": True, "valign": "top"},
}
NOTES_SHEET, LISTS_SHEET = "说明 Notes", "列表 Lists"
NOTE_WIDTHS, LINE = (40, 30, 60, 44, 56), 15
NOTE_HEADS = ("column", "required", "meaning", "type", "listed")
CHINESE: Mapping[str, str] = yaml.safe_load((Path(__file__).parent / "meanings.yml").read_text("utf-8"))


def write_template(path: Path, table: Table, sample: Mapping[str, str], language: Language) -> None:
    """Write the workbook with the columns of the sample, in their order; equal arguments, equal bytes."""
    columns = [table.columns[name] for name in sample]
    with Workbook(str(path), OPTIONS) as workbook:
        workbook.set_properties({"title": table.name, "created": CREATED})
        styles = {name: workbook.add_format(style) for name, style in STYLES.items()}
        sheet = workbook.add_worksheet(f"{table.label_zh} {table.label_en}"[:31])
        notes = workbook.add_worksheet(NOTES_SHEET)
        lists = workbook.add_worksheet(LISTS_SHEET)
        lists.hide()
        _head(sheet, styles, table, columns, language)
        for place, column in enumerate(columns):
            shown = cells.shown_sample(column, sample[column.name], language)
            sheet.write_string(SAMPLE_ROW, place, shown, styles["sample"])
            body = workbook.add_format({"num_format": cells.number_format(column)})
            sheet.set_column(place, place, _width(column, shown), body)
            _rule(sheet, lists, place, column, language)
        _notes(notes, styles, table, columns)


def heading(column: Column) -> str:
    """The header: both languages, with a star where every row needs it; ingest reads over the star."""
    return ("* " if column.required else "") + column.heading


def _head(
    sheet: Worksheet,
    styles: Mapping[str, Format],
    table: Table,
    columns: Sequence[Column],
    language: Language,
) -> None:
    named = table.label_zh if language == "zh" else table.label_en
    sheet.write_string(TITLE_ROW, 0, render("starter.title", language, table=named), styles["title"])
    for place, column in enumerate(columns):
        style = styles["wanted" if cells.wanted(table, column, language) else "head"]
        sheet.write_string(HEAD_ROW, place, heading(column), style)
        hint = cells.hint(table, column, language, CHINESE)
        sheet.write_comment(HEAD_ROW, place, hint, {"x_scale": 2, "y_scale": 1.2})
    sheet.set_row(HEAD_ROW, 45)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(FIRST_ROW, 0)
    last = xl_col_to_name(len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A{SAMPLE_ROW + 1}:{last}{LAST_ROW + 1}"})
    sheet.data_validation(
        SAMPLE_ROW, 0, SAMPLE_ROW, len(columns) - 1,
        {"validate": "custom", "value": "=FALSE", "error_message": render("starter.sample", language)},
    )  # fmt: skip


def _width(column: Column, shown: str) -> int:
    label = max(len(column.label_zh) * 2, len(column.label_en)) + 4
    return max(12, min(label, 22), _letters(shown) + 2)


def _letters(text: str) -> int:
    """The room a text takes in a line: a Chinese letter is as wide as two others."""
    return sum(1 if letter.isascii() else 2 for letter in text)


def _rule(sheet: Worksheet, lists: Worksheet, place: int, column: Column, language: Language) -> None:
    """What Excel holds the cells below the header to; a list only warns, for ingest knows more words."""
    words = cells.listed(column, language)
    rule = dict(cells.RULES.get(column.data_type, {}))
    if words:
        lists.write_column(0, place, words)
        name = xl_col_to_name(place)
        source = f"='{LISTS_SHEET}'!${name}$1:${name}${len(words)}"
        rule = {"validate": "list", "source": source, "error_type": "warning"}
    if rule:
        message = render("starter.wrong", language) + "\n" + cells.type_of(column, language)
        sheet.data_validation(FIRST_ROW, place, LAST_ROW, place, rule | {"error_message": message})


def _notes(sheet: Worksheet, styles: Mapping[str, Format], table: Table, columns: Sequence[Column]) -> None:
    """Every column of the template in words, and those that may be added; numbered, so none is a header."""
    for number, language in enumerate(LANGUAGES):
        named = table.label_zh if language == "zh" else table.label_en
        sheet.write_string(number, 0, render("starter.title", language, table=named), styles["title"])
    top = len(LANGUAGES) + 1
    for place, name in enumerate(NOTE_HEADS):
        text = " · ".join(render(f"starter_note.{name}", language) for language in LANGUAGES)
        sheet.write_string(top, place, text, styles["head"])
    for number, column in enumerate(columns, 1):
        texts = _note(table, column, number)
        for place, text in enumerate(texts):
            sheet.write_string(top + number, place, text, styles["note"])
        sheet.set_row(top + number, LINE * max(2, -(-_letters(texts[-1]) // NOTE_WIDTHS[-1])))
    others = [
        f"{column.label_zh} {column.label_en}" for column in table.columns.values() if column not in columns
    ]
    if others:
        listed = ", ".join(others)
        text = "\n".join(render("starter.more", language, columns=listed) for language in LANGUAGES)
        sheet.merge_range(
            top + len(columns) + 2, 0, top + len(columns) + 2, len(NOTE_HEADS) - 1, text, styles["note"]
        )
        sheet.set_row(top + len(columns) + 2, LINE * 2 * (1 + _letters(listed) // sum(NOTE_WIDTHS)))
    for place, width in enumerate(NOTE_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _note(table: Table, column: Column, number: int) -> tuple[str, ...]:
    pairs = zip(cells.listed(column, "zh"), cells.listed(column, "en"), strict=True)
    return (
        f"{number} {column.label_zh} {column.label_en}",
        "\n".join(cells.wanted(table, column, language) for language in LANGUAGES).strip(),
        "\n".join(cells.meaning(column, language, CHINESE) for language in LANGUAGES),
        "\n".join(cells.type_of(column, language) for language in LANGUAGES),
        ", ".join(zh if zh == en else f"{zh} {en}" for zh, en in pairs),
    )
