"""`tieout run`: runs what changed, publishes it at once, and says what to correct and where the report lies.

Which periods run is decided in `pipelines/batch.py`, their steps are in `pipelines/steps.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands import _common as common

if TYPE_CHECKING:
    from pipelines.batch import Launch, Outcome
    from pipelines.books import Books
    from pipelines.messages import Language

TO_CORRECT = ["correct_ledger", "correct_subledger", "unidentified"]
LISTED = 20
"""Breaks listed per period; the others are in the report and in `tieout breaks`."""


@click.command("run", help="Run the periods that changed and publish them · 运行有变化的期间并公布")
@common.books_option
@common.period_option
@click.option("--force", is_flag=True, help="Run even when nothing changed · 无变化也运行")
@click.pass_obj
def command(launch: Launch, folder: Path | None, period: str | None, force: bool) -> int:  # noqa: FBT001 - click's way
    """Returns the exit code: 0 ready, 3 differences; a gate that stops is raised after what went well was
    told.
    """
    from pipelines.batch import run_periods
    from pipelines.period import Period
    from pipelines.publication import lock
    from pipelines.session import Session

    books = common.open_books(folder)
    last = common.period_code(period)
    with lock(books.root, "tieout run"):
        session = Session(books, publishes=False)
        outcome = run_periods(session, launch, Period(last) if last else None, force=force)
        common.tell_unopened(session)
    code = summarise(books, outcome)
    if outcome.error is not None:
        raise outcome.error
    return code


def summarise(books: Books, outcome: Outcome) -> int:
    """Print verdict, to-do list and report of every published period that was looked at; the exit code."""
    from pipelines import published
    from pipelines.messages import render
    from pipelines.publication import current

    language: Language = books.language
    if not outcome.states:
        click.echo(render("run_no_data", language, folder=books.root))
        return 0
    codes = [code for code in outcome.states if code in current(books.root)]
    if outcome.error is not None:
        told = "run_partly_published" if outcome.is_published else "run_nothing_published"
        click.echo("\n" + render(told, language))
    if not codes:
        return 0
    verdicts = published.read(books.root, "verdict", where={"period": codes}).dicts()
    for verdict in verdicts:
        _tell(books, verdict, language)
    return 0 if all(verdict["verdict"] == "ready" for verdict in verdicts) else 3


def _tell(books: Books, verdict: dict[str, Any], language: Language) -> None:
    from pipelines import published
    from pipelines.evidence.labels import Labels
    from pipelines.messages import render

    period = verdict["period"]
    labels = Labels(language)
    click.echo("\n" + verdict[f"sentence_{language}"])
    breaks = published.read(
        books.root,
        "reconciliation_break",
        where={"period": period, "disposition": TO_CORRECT},
        order="abs(difference_amount) desc, break_id",
    ).dicts()
    for found in breaks[:LISTED]:
        click.echo("  " + _line(found, labels, language))
    if len(breaks) > LISTED:
        click.echo("  " + render("run_more_breaks", language, count=len(breaks) - LISTED, period=period))
    click.echo(
        "  "
        + render(
            "run_report", language, path=_shown(books.root / "published" / f"period={period}" / "report.html")
        )
    )


def _line(found: dict[str, Any], labels: Any, language: Language) -> str:
    from pipelines.messages import render

    where = " ".join(
        part
        for part in (
            labels.document(found["document_type"], found["document_no"]),
            found["voucher_no"] or "",
            found["item_code"] or "",
        )
        if part
    )
    return render(
        "run_break",
        language,
        disposition=labels.code("disposition", found["disposition"]),
        tie=labels.code("tie_code", found["tie_code"]),
        where=where or found["break_id"],
        amount=f"{found['difference_amount']:,f}",
        why=found[f"explanation_{language}"] or "",
    )


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
