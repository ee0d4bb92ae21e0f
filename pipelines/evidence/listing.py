"""A list as the reader sees it: headings, rows of cells with links, and where the other rows are.

Every list of the report has this shape, so that the filter, the CSV download and the footnote work the same
everywhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.evidence.formats import NUMERIC, as_text, kind_of
from pipelines.evidence.labels import Labels
from pipelines.evidence.tables import Row

# Sheet of the workbook that lists a table's rows in full.
SHEETS = {
    "reconciliation_break": "F-5", "open_item": "F-7", "stock_summary": "F-9", "roll_forward": "F-4",
    "data_quality_result": "F-11", "rejected_row": "F-11a", "work_in_process": "F-9c",
}  # fmt: skip
Links = Callable[[Row], dict[str, str]]


@dataclass(frozen=True)
class Heading:
    """A column's heading with the note that says where its figures come from."""

    label: str
    tip: str
    css: str


@dataclass(frozen=True)
class Cell:
    """One value as text; `css` names its kind and sign, `href` an anchor of the same page."""

    text: str
    css: str
    href: str = ""


@dataclass(frozen=True)
class Line:
    """One row of a list; `anchor` is its id in the page, empty where nothing links to it."""

    cells: list[Cell]
    anchor: str = ""


@dataclass(frozen=True)
class Listing:
    """A list: at most the first rows of `table`, and a note on the ones that are left."""

    anchor: str
    table: str
    headings: list[Heading]
    lines: list[Line]
    note: str
    totals: list[Cell] = field(default_factory=list)


# Columns in which a negative figure is printed in red; a credit balance is negative too and says nothing.
RED = ("difference_amount", "reported_difference_amount", "residual_amount", "closing_quantity")


def css_of(column: str, value: Any) -> str:
    """Class names of a cell: kind for alignment, `neg` for a negative figure where that is a finding."""
    kind = kind_of(column)
    negative = column in RED and value is not None and value < 0
    return f"{'n' if kind in NUMERIC else 't'} {kind}{' neg' if negative else ''}"


def make_cell(labels: Labels, column: str, value: Any, href: str = "") -> Cell:
    """A value of a named column as the reader sees it."""
    kind = kind_of(column)
    if kind == "flag":
        text = "" if value is None else labels("ui.yes" if value else "ui.no")
        return Cell(text, f"t flag {'good' if value else 'bad'}", href)
    if kind == "code":
        badge = f" {column} is-{value}" if column in ("disposition", "status") else ""
        return Cell(labels.code(column, value), f"t code{badge}", href)
    return Cell(as_text(kind, value), f"{css_of(column, value)} {column}", href)


def headings_of(labels: Labels, table: str, columns: Sequence[str]) -> list[Heading]:
    """Headings of the named columns."""
    return [
        Heading(labels.column(name), labels.tip(name, table), "n" if kind_of(name) in NUMERIC else "t")
        for name in columns
    ]


def left_over(labels: Labels, shown: int, total: int, table: str) -> str:
    """How many rows there are, how many are shown, and in which table and sheet the others are."""
    if shown >= total:
        return labels("ui.rows", total=f"{total:,}")
    counts = {"shown": f"{shown:,}", "total": f"{total:,}", "left": f"{total - shown:,}", "table": table}
    sheet = SHEETS.get(table)
    return labels("ui.first_of_book", sheet=sheet, **counts) if sheet else labels("ui.first_of", **counts)


def make_listing(
    labels: Labels,
    anchor: str,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    total: int | None = None,
    links: Links | None = None,
    totals: Row | None = None,
) -> Listing:
    """A list of rows; a row's `_anchor`, if it has one, becomes its id in the page.

    `total` is the number of rows in the table (default: those given), `links` gives anchors by column,
    `totals` sums by column.
    """
    lines = []
    for row in rows:
        hrefs = links(row) if links else {}
        cells = [make_cell(labels, name, row.get(name), hrefs.get(name, "")) for name in columns]
        lines.append(Line(cells, str(row.get("_anchor", ""))))
    note = left_over(labels, len(rows), len(rows) if total is None else total, table)
    headings = headings_of(labels, table, columns)
    return Listing(anchor, table, headings, lines, note, _totals(labels, columns, totals))


def _totals(labels: Labels, columns: Sequence[str], totals: Row | None) -> list[Cell]:
    if totals is None:
        return []
    cells = [make_cell(labels, name, totals.get(name)) for name in columns]
    return [Cell(labels("ui.total"), "t"), *cells[1:]]
