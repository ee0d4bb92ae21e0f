"""`tieout check`: judges what was delivered, without running anything else.

The expectations are in `expectations/`; nothing is published or kept but the landed files.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands import _common as common

if TYPE_CHECKING:
    from pipelines.books import Books
    from pipelines.gate_result import GateResult
    from pipelines.session import Session

COLUMNS = ["period", "table_name", "severity", "expectation", "unexpected_count", "sample", "message"]
SHOWN = ["period", "severity", "message"]
"""What a person reads: the message names table, file, row and what to do."""


@click.command("check", help="Judge the delivered extracts · 检查交付的抽取文件")
@common.books_option
@common.period_option
@common.format_option
def command(folder: Path | None, period: str | None, style: str) -> int:
    """Returns 1 when something would stop the run, else 0."""
    from pipelines.batch import delivered
    from pipelines.messages import render
    from pipelines.publication import lock
    from pipelines.session import Session

    books = common.open_books(folder)
    chosen = common.period_code(period)
    with lock(books.root, "tieout check"):
        session = Session(books, say=lambda _: None, publishes=False)
        codes = [chosen] if chosen else [period.code for period in delivered(session)]
        judged = {code: _judge(session, code) for code in codes}
        common.tell_unopened(session)
    rows = [row for found in judged.values() for row in _rows(found, books)]
    if style == "table" and not rows:
        click.echo(
            render(
                "check_clean",
                books.language,
                periods=", ".join(judged) or "–",
                expectations=sum(len(found.results) for found in judged.values()),
            )
        )
    elif style == "table":
        places = [COLUMNS.index(name) for name in SHOWN]
        common.show(style, SHOWN, [[row[place] for place in places] for row in rows], books.language)
    else:
        common.show(style, COLUMNS, rows, books.language)
    return 1 if any(found.blocking for found in judged.values()) else 0


def _judge(session: Session, code: str) -> GateResult:
    """The gate's results for one period, in a folder of its own."""
    from pipelines import steps
    from pipelines.period import Period
    from pipelines.publication import work_folder

    period = Period(code)
    with work_folder(session.books.root, code) as work:
        return steps.judge(session.books, period, session.landing, work)


def _rows(judged: GateResult, books: Books) -> list[tuple[Any, ...]]:
    failed = [found for found in judged.results if found.status == "failed"]
    return [
        (
            found.period,
            found.table_name,
            found.severity,
            found.expectation,
            found.unexpected_count,
            found.sample,
            found.message(books.language),
        )
        for found in sorted(failed, key=lambda found: (found.severity, found.table_name, found.expectation))
    ]
