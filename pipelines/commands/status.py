"""`tieout status`: every period on one screen, with what keeps it from being closed.

Where a period stands is decided in `pipelines/standing.py`; here it gets its words and its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands import _common as common

if TYPE_CHECKING:
    from pipelines.books import Books
    from pipelines.messages import Language
    from pipelines.publication import Change
    from pipelines.standing import Overview, Standing

COLUMNS = [
    "period", "state", "verdict", "to_correct_count", "unidentified_count", "gross_open_amount", "run_id",
]  # fmt: skip
SHORT_ID = 8
NAMED = 3
"""Files or settings named in one line; the others are counted."""


@click.command("status", help="Where every period stands · 各期间的状态")
@common.books_option
@common.format_option
def command(folder: Path | None, style: str) -> int:
    """Returns 0: where the periods stand is the answer."""
    from pipelines.standing import look

    books = common.open_books(folder)
    seen = look(books)
    whys = {standing.period: why(books, standing) for standing in seen.periods}
    notes = _notes(books, seen)
    if style == "table":
        _print(books, seen, whys, notes)
        return 0
    rows = [(*_row(standing), "\n".join(whys[standing.period])) for standing in seen.periods]
    common.show(style, [*COLUMNS, "why"], rows, books.language)
    for note in notes:
        click.echo(note, err=True)
    return 0


def _row(standing: Standing) -> list[Any]:
    return [getattr(standing, name) for name in COLUMNS]


def why(books: Books, standing: Standing) -> list[str]:
    """Why a period is not simply ready: a sentence a line, the most important first."""
    from pipelines.messages import render

    language = books.language
    if standing.error is not None:
        return [standing.error.text(language)]
    if standing.stopped is not None:
        return _stopped(standing, language)
    lines = []
    if standing.behind and not standing.run_id:
        key = "why_behind" if standing.files else "why_no_data"
        lines.append(render(key, language, behind=standing.behind))
    elif standing.state == "open":
        lines.append(render("why_open", language, files=standing.files))
    if standing.changes:
        lines.append(render("why_stale", language, changes=_changes(books, standing)))
    if standing.verdict == "not_compared":
        lines.append(render("why_one_side", language))
    elif standing.verdict not in (None, "ready"):
        counts = {"to_correct": standing.to_correct_count, "unidentified": standing.unidentified_count}
        lines.append(render("why_breaks", language, period=standing.period, **counts))
    return lines


def _stopped(standing: Standing, language: Language) -> list[str]:
    from pipelines.messages import render

    attempt = standing.stopped
    assert attempt is not None
    if attempt.is_killed:
        return [render("why_killed", language, began=_clock(attempt.began))]
    lines = [render("why_stopped", language, ended=_clock(attempt.ended))]
    reasons = list(attempt.reasons.get(language, ()))
    lines += [f"· {reason}" for reason in reasons[:NAMED]]
    if len(reasons) > NAMED:
        lines.append(render("why_more", language, count=len(reasons) - NAMED))
    if standing.is_delivered_anew:
        lines.append(render("why_anew", language))
    return lines


def _changes(books: Books, standing: Standing) -> str:
    from pipelines.messages import render

    kinds: dict[str, list[str]] = {}
    for change in standing.changes:
        kinds.setdefault(change.kind, []).extend(_names(books, standing, change))
    told = []
    for kind, names in kinds.items():
        shown = ", ".join(names[:NAMED])
        if len(names) > NAMED:
            shown += " … " + render("why_more", books.language, count=len(names) - NAMED)
        told.append(render(f"why_{kind}", books.language, names=shown).strip())
    return ("；" if books.language == "zh" else "; ").join(told)


def _names(books: Books, standing: Standing, change: Change) -> list[str]:
    """What a change is called; for settings, which of them."""
    import json

    from pipelines.publication import run_path
    from pipelines.publication.changes import setting_changes, settings_of

    if change.kind != "settings" or standing.run_id is None:
        return [change.name]
    before = settings_of(run_path(books.root, standing.period, standing.run_id))
    if before is None:
        return [change.name]
    return list(dict.fromkeys(one.name for one in setting_changes(before, json.loads(books.fingerprint()))))


def _notes(books: Books, seen: Overview) -> list[str]:
    from dataclasses import asdict

    from pipelines.messages import render

    language = books.language
    notes = []
    if seen.holder is not None:
        notes.append(render("status_in_use", language, **asdict(seen.holder)))
    if seen.stopped is not None:
        notes.append(render("why_stopped", language, ended=_clock(seen.stopped.ended)))
        notes += [f"· {reason}" for reason in seen.stopped.reasons.get(language, ())]
    if not seen.is_seen:
        notes.append(render("status_unseen", language))
    return notes


def _clock(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _print(books: Books, seen: Overview, whys: dict[str, list[str]], notes: list[str]) -> None:
    from rich.padding import Padding

    from pipelines.messages import render

    console = common.console()
    console.print(render("status_head", books.language, name=books.name, books=books.books))
    if seen.periods:
        heads, *lines = _lines(seen, books.language)
        console.print(heads, style="bold")
        for standing, line in zip(seen.periods, lines, strict=True):
            console.print(line)
            for told in whys[standing.period]:
                console.print(Padding(told, (0, 0, 0, 9), expand=False))
    else:
        console.print(render("status_nothing", books.language, folder=books.root))
    for note in notes:
        console.print(note)


def _lines(seen: Overview, language: Language) -> list[str]:
    """Heading and one line per period, in columns as wide as their widest text."""
    from rich.cells import cell_len

    from pipelines.evidence.labels import Labels
    from pipelines.progress import padded

    labels = Labels(language)
    rows = [[labels.column(name) for name in COLUMNS]]
    for standing in seen.periods:
        cells = _row(standing)
        rows.append(
            [
                standing.period,
                labels(f"standing.{standing.state}"),
                labels.optional(f"verdict.{standing.verdict}"),
                *("" if value is None else f"{value:,}" for value in cells[3:6]),
                (standing.run_id or "")[:SHORT_ID],
            ]
        )
    widths = [max(cell_len(row[place]) for row in rows) for place in range(len(COLUMNS))]
    return ["  ".join(_placed(padded, row, widths)).rstrip() for row in rows]


def _placed(padded: Any, row: list[str], widths: list[int]) -> list[str]:
    """Figures to the right, words to the left."""
    from rich.cells import cell_len

    return [
        " " * (width - cell_len(text)) + text if 3 <= place <= 5 else padded(text, width)
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
