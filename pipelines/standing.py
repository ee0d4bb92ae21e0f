"""Where each period stands: published, stale, open or blocked, and why. It only reads, and nothing large.

What changed is told from signatures that the landing keeps; whether a result really changes is for
`tieout run` to say. Wording and layout are in `commands/status.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines import published
from pipelines.attempts import EVERY, Attempt, read_attempts
from pipelines.extracts.corrections import FOLDER, find_corrections
from pipelines.extracts.discovery import Found, find_files, inbox_state, missing
from pipelines.extracts.landing import PUT_BACK
from pipelines.extracts.signatures import Signatures
from pipelines.messages import InputError
from pipelines.period import Period, periods_between
from pipelines.planned import run_inputs
from pipelines.publication import (
    Change,
    Holder,
    InputFile,
    Manifest,
    PreviousRun,
    changes_between,
    code_hash,
    current,
    holder,
    package_versions,
    read_manifest,
    run_path,
)

if TYPE_CHECKING:
    from pipelines.books import Books, Extract


@dataclass(frozen=True)
class Standing:
    """One period. `state` is `published` (and ready), `stale`, `open` or `blocked`; counts and the gross
    amount (books currency) are of the published run. `error` is why it cannot be run at all, `stopped` the
    last attempt when that did not come to its end, `behind` the period without data before it.
    """

    period: str
    state: str
    run_id: str | None = None
    verdict: str | None = None
    to_correct_count: int | None = None
    unidentified_count: int | None = None
    gross_open_amount: Decimal | None = None
    changes: Sequence[Change] = ()
    files: int = 0
    error: InputError | None = None
    stopped: Attempt | None = None
    is_delivered_anew: bool = False
    behind: str | None = None


@dataclass(frozen=True)
class Overview:
    """All periods in order, who holds the books, the last attempt if it came to no period, and whether every
    delivered file was seen by a run or check.
    """

    periods: Sequence[Standing]
    holder: Holder | None
    stopped: Attempt | None
    is_seen: bool


def look(books: Books) -> Overview:
    """Where everything stands now; TieoutError only when what is published is broken."""
    view = _View(books)
    attempts = {code: one for code, one in read_attempts(books.root).items() if one.is_stopped}
    periods: list[Standing] = []
    for code in view.codes(attempts):
        before = periods[-1] if periods else None
        periods.append(view.standing(code, before, attempts.get(code)))
    return Overview(periods, holder(books.root), attempts.get(EVERY), view.signatures.has_all(view.paths))


class _View:
    """What is delivered and published, looked up once."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.runs = current(books.root)
        self.signatures = Signatures(books.root)
        self.code = code_hash(), package_versions()
        self.inbox = inbox_state(books)
        self.found: dict[int, Sequence[Found] | InputError] = {
            number: _found(books, extract) for number, extract in enumerate(books.extracts)
        }
        self.paths = [
            file.path for files in self.found.values() if not isinstance(files, InputError) for file in files
        ]
        self.figures = _figures(books) if self.runs else {}
        self.named = {
            file.period
            for files in self.found.values()
            if not isinstance(files, InputError)
            for file in files
            if file.period and file.period >= books.first.code
        }

    def codes(self, attempts: Mapping[str, Attempt]) -> list[str]:
        """From the first period to the last that is published, that a path names, or that was tried."""
        known = [*self.runs, *self.named, *(code for code in attempts if code != EVERY)]
        if not known:
            return []
        return [period.code for period in periods_between(self.books.first, Period(max(known)))]

    def standing(self, code: str, before: Standing | None, stopped: Attempt | None) -> Standing:
        """One period, given the one before it."""
        files, error = self.files(code)
        figures = self.figures.get(code, {})
        found = Standing(
            code, "open", self.runs.get(code), files=len(files), error=error, stopped=stopped, **figures
        )
        if stopped is not None:
            found = replace(found, is_delivered_anew=stopped.inbox != self.inbox)
        if before is not None and (before.behind or not self.is_known(before.period)):
            found = replace(found, behind=before.behind or before.period)
        if error is None and code in self.runs:
            found = replace(found, changes=self.changes(code, files, before))
        return replace(found, state=_state(found))

    def is_known(self, code: str) -> bool:
        """Whether the period has data, as far as names tell: without names only runs tell."""
        return code in self.runs or code in self.named or not self.named

    def files(self, code: str) -> tuple[list[InputFile], InputError | None]:
        """What the period would read, by signature; the error that something of it is missing."""
        read: list[InputFile] = []
        for number, extract in enumerate(self.books.extracts):
            found = self.found[number]
            if isinstance(found, InputError):
                return read, found
            mine = [file for file in found if file.period in (None, code)]
            if not mine:
                return read, missing(self.books.root, extract, code)
            read += [self._signed(extract, file) for file in mine]
        return read, None

    def changes(self, code: str, files: list[InputFile], before: Standing | None) -> list[Change]:
        """Why the published run is not what would come out now; empty when it is."""
        manifest = self.manifest(code)
        read = {item.sha256 for item in manifest.inputs.inputs if item.extract == PUT_BACK.label}
        put_back = [
            self._signed(PUT_BACK, Found(path, f"{FOLDER}/{path.name}", None))
            for path in find_corrections(self.books.root)
        ]
        anew = [item for item in put_back if item.sha256 in read or item.sha256 not in self._corrections()]
        planned = run_inputs(self.books, code, [*files, *anew], self.code, self._previous(before))
        changes = changes_between(manifest.inputs, planned)
        if before is not None and before.state == "stale" and not changes:
            changes = [Change("previous", before.period)]
        return changes

    def manifest(self, code: str) -> Manifest:
        """Of the published run."""
        return read_manifest(run_path(self.books.root, code, self.runs[code]))

    def _corrections(self) -> set[str]:
        """Corrections that any published period used: a file put back may be for one period only."""
        return {
            item.sha256
            for code in self.runs
            for item in self.manifest(code).inputs.inputs
            if item.extract == PUT_BACK.label
        }

    def _signed(self, extract: Extract, file: Found) -> InputFile:
        return InputFile(extract.table or "", extract.label, file.name, self.signatures.hash_of(file.path), 0)

    def _previous(self, before: Standing | None) -> PreviousRun | None:
        if before is None or before.run_id is None:
            return None
        return PreviousRun(before.period, before.run_id, self.manifest(before.period).sha256)


def _state(found: Standing) -> str:
    if found.error is not None or found.stopped is not None:
        return "blocked"
    if found.run_id is None:
        return "open"
    if found.changes:
        return "stale"
    return "published" if found.verdict in ("ready", "not_compared") else "blocked"


def _found(books: Books, extract: Extract) -> Sequence[Found] | InputError:
    try:
        return find_files(books.root, extract)
    except InputError as error:
        return error


def _figures(books: Books) -> dict[str, dict[str, Any]]:
    """Verdict, counts and gross amount of every published period."""
    rows = published.query(
        books.root,
        """
        select
            verdict.period, verdict.verdict, verdict.gross_open_amount,
            count(*) filter (where found.disposition like 'correct_%') as to_correct_count,
            count(*) filter (where found.disposition = 'unidentified') as unidentified_count
        from {verdict} as verdict
        left join {reconciliation_break} as found
            on verdict.period = found.period and found.status <> 'cleared'
        group by all
        """,
    ).dicts()
    return {row.pop("period"): row for row in rows}
