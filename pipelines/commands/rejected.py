"""`tieout rejected`: the delivered rows that cannot be used, as a list and as a workbook to correct.

They are found in `pipelines/rejected.py`, from what is delivered now; what was published is not touched.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands import _common as common

if TYPE_CHECKING:
    from pipelines.books import Books
    from pipelines.rejected import Rejected

COLUMNS = ["table_name", "extract", "file", "row_no", "column_name", "value", "reason_code", "reason"]
SHOWN = ["table_name", "file", "row_no", "column_name", "value", "reason"]


@click.command("rejected", help="Write rejected rows to correct and put back · 写出被退回的行以便更正")
@common.books_option
@common.period_option
@common.format_option
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.xlsx",
    help="Workbook to write · 更正表",
)
def command(folder: Path | None, period: str | None, style: str, output: Path | None) -> int:
    """Returns 0, whether there are any or not."""
    from pipelines.batch import delivered
    from pipelines.publication import lock
    from pipelines.rejected import find_rejected
    from pipelines.session import Session

    books = common.open_books(folder)
    chosen = common.period_code(period)
    with lock(books.root, "tieout rejected"):
        session = Session(books, say=lambda _: None, publishes=False)
        codes = [chosen] if chosen else [found.code for found in delivered(session)]
        rows = find_rejected(session, codes)
    _show(style, rows, books)
    if output:
        _write(output, rows, books)
    return 0


def _show(style: str, rows: list[Rejected], books: Books) -> None:
    from pipelines.messages import render

    zh = books.language == "zh"
    listed = [
        (
            row.table, row.extract, row.file, row.row, reason.column, row.values.get(reason.column),
            reason.code, reason.zh if zh else reason.en,
        )
        for row in rows
        for reason in row.reasons
    ]  # fmt: skip
    if style != "table":
        common.show(style, COLUMNS, listed, books.language)
    elif listed:
        places = [COLUMNS.index(name) for name in SHOWN]
        common.show(style, SHOWN, [[one[place] for place in places] for one in listed], books.language)
    else:
        click.echo(render("rejected_none", books.language))


def _write(output: Path, rows: list[Rejected], books: Books) -> None:
    """The workbook, without the rows that are corrections already: those are mended where they stand."""
    from pipelines.extracts.corrections import FOLDER
    from pipelines.messages import render
    from pipelines.rejected_workbook import write_rejected

    fresh = [row for row in rows if not row.is_corrected]
    again = [f"{row.file}:{row.row}" for row in rows if row.is_corrected]
    if fresh:
        path = write_rejected(output, fresh)
        target = books.root / FOLDER
        told = render("rejected_written", books.language, path=path, rows=len(fresh), folder=target)
        click.echo(told, err=True)
    if again:
        click.echo(render("rejected_again", books.language, places="; ".join(again)), err=True)
