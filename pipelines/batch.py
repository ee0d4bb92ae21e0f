"""Which periods run, in which order, and what of it is published: many periods, one switch.

One period's steps are in `steps.py`; how a period is executed is the caller's matter (`launch`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.messages import InputError, TieoutError
from pipelines.period import Period, periods_between
from pipelines.publication import current, publish, read_manifest, repair, run_id, run_path
from pipelines.publication.manifest import problems
from pipelines.session import Session

if TYPE_CHECKING:
    from pipelines.books import Books

AHEAD = 24
"""Periods after the last published one that can be asked for."""

Launch = Callable[[Session, str], None]


@dataclass
class Outcome:
    """What became of each period, in order: `unchanged`, `repeated` (sealed before, published now), `run`,
    `failed`, `waiting` (after a failed one); the error that stopped; whether something new was published."""

    states: dict[str, str] = field(default_factory=dict)
    error: Exception | None = None
    is_published: bool = False


def run_periods(
    session: Session, launch: Launch, last: Period | None = None, *, force: bool = False
) -> Outcome:
    """Run every period whose result is not the published one, from the first on, and publish them with one
    switch.

    `last` is the last period to be run unless it is published already; `force` runs it (all, without
    `last`) even when nothing changed. Published periods are replaced all or not at all: when a run fails
    before the last published period, nothing is published; after it, what went well is. Call it under the
    lock.
    """
    root = session.books.root
    published = current(root)
    outcome = Outcome()
    try:
        periods = periods_to_run(session, last)
    except TieoutError as error:
        session.stop(error)
        raise
    for period in periods:
        if outcome.error is None:
            forced = force and (last is None or period == last)
            _one(session, launch, period, outcome, forced=forced)
        else:
            outcome.states[period.code] = "waiting"
    complete = all(outcome.states.get(code) not in ("failed", "waiting") for code in published)
    changed = {code: found for code, found in session.sealed.items() if published.get(code) != found}
    if complete and changed:
        publish(root, changed)
        outcome.is_published = True
    elif complete:
        repair(root)
    return outcome


def periods_to_run(session: Session, last: Period | None) -> list[Period]:
    """From the first period to the last that was delivered or is published, or to `last` when that is later
    than those published; empty when nothing was delivered. InputError when the first period was not."""
    published = [Period(code) for code in current(session.books.root)]
    ends = [*published, last] if last else [*published, *delivered(session)]
    return list(periods_between(session.books.first, max(ends))) if ends else []


def known_periods(books: Books) -> list[Period]:
    """The periods that can be asked for: from the first to some time after the last published."""
    last = max([books.first, *(Period(code) for code in current(books.root))])
    for _ in range(AHEAD):
        last = Period(last.next)
    return list(periods_between(books.first, last))


def next_due(books: Books) -> tuple[str, str] | None:
    """Period and run id of the first period whose delivered data are not what is published; None when all
    are.
    """
    session = Session(books, say=lambda _: None)
    published = current(books.root)
    for period in periods_to_run(session, None):
        planned = run_id(session.inputs(period))
        if published.get(period.code) != planned:
            return period.code, planned
    return None


def delivered(session: Session) -> list[Period]:
    """Periods delivered without a gap from the first on: a date mistyped into the far future makes no
    period, nor do the first rows of a month whose own files have not come yet."""
    codes = _codes(session)
    first = session.books.first
    if codes and first.code not in codes:
        raise InputError("first_period_missing", period=first.code, found=", ".join(sorted(codes)[:6]))
    found, period = [], first
    while period.code in codes:
        found.append(period)
        period = Period(period.next)
    return found


def unopened(session: Session) -> list[str]:
    """Codes of periods that have data but lie behind a gap: nobody runs them, so somebody must be told."""
    return sorted(_codes(session) - {period.code for period in delivered(session)})


def _codes(session: Session) -> set[str]:
    codes = set(session.delivered_codes)
    named = {file.period for file in session.landing.files if file.period}
    return codes & named if named else codes


def _one(session: Session, launch: Launch, period: Period, outcome: Outcome, *, forced: bool) -> None:
    code = period.code
    try:
        planned = run_id(session.inputs(period))
        state = "run" if forced else _state(session, code, planned)
        if state == "run":
            launch(session, code)
        else:
            session.settle(code, planned)
            session.progress.line(code, state, 0.0, planned)
        outcome.states[code] = state
    except TieoutError as error:
        outcome.states[code] = "failed"
        outcome.error = error
        if session.stopped_by is not error:
            session.stop(error, code)


def _state(session: Session, code: str, planned: str) -> str:
    folder = run_path(session.books.root, code, planned)
    if current(session.books.root).get(code) == planned and _is_whole(folder):
        return "unchanged"
    return "repeated" if folder.is_dir() and not problems(folder) else "run"


def _is_whole(folder: Path) -> bool:
    """Whether every file of a published run is there with its size: `tieout verify` reads every byte."""
    try:
        return all(
            (folder / entry.path).stat().st_size == entry.bytes for entry in read_manifest(folder).files
        )
    except (TieoutError, OSError):
        return False
