"""One command's work on one set of books: what was landed, what is published, and the period being run.

The steps themselves are in `steps.py`, Dagster only calls them in order; which periods run is decided in
`batch.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import attempts, steps
from pipelines.extracts.discovery import inbox_state
from pipelines.messages import LANGUAGES, Language, TieoutError, UsageError
from pipelines.period import Period
from pipelines.planned import run_inputs
from pipelines.progress import Progress, Say, print_line
from pipelines.publication import (
    InputFile,
    PreviousRun,
    RunInputs,
    code_hash,
    current,
    lock,
    package_versions,
    publish,
    read_manifest,
    run_path,
    work_folder,
)
from pipelines.transform import NodeResult, Project, load_project

if TYPE_CHECKING:
    from pipelines.books import Books
    from pipelines.extracts import Landing
    from pipelines.gate_result import GateResult


class Session:
    """Runs the steps of one period after the other. Each step method does its part for the period begun.

    A session of the command line (`publishes=False`) is used under the caller's lock, and the caller
    publishes all its runs at once. One of Dagster's screen locks the books for one run and publishes it at
    its end.
    """

    def __init__(self, books: Books, say: Say = print_line, *, publishes: bool = True) -> None:
        """Nothing is read or locked yet."""
        self.books = books
        self.progress = Progress(books.language, say)
        self.sealed: dict[str, str] = {}
        self.stopped_by: Exception | None = None
        self._publishes = publishes
        self._extracting = attempts.EVERY
        self._run: steps.PeriodRun | None = None
        self._held = ExitStack()

    @cached_property
    def landing(self) -> Landing:
        """Everything delivered, landed once in the session."""
        from pipelines.extracts import land

        return land(self.books)

    @cached_property
    def delivered_codes(self) -> list[str]:
        """Codes of the periods that anything delivered belongs to; looked for once in the session."""
        return self.landing.periods()

    @cached_property
    def project(self) -> Project:
        """The parsed dbt project."""
        return load_project()

    @cached_property
    def _code(self) -> tuple[str, dict[str, str]]:
        return code_hash(), package_versions()

    def run_of(self, period: str) -> str | None:
        """Run id that counts for a period: the one sealed in this session, else the published one."""
        return self.sealed.get(period) or current(self.books.root).get(period)

    def inputs(self, period: Period) -> RunInputs:
        """All that decides the period's result; UsageError when the period before was not run yet."""
        code, packages = self._code
        files = tuple(
            InputFile(
                extract.table or "",
                extract.label,
                file.name,
                file.sha256,
                sum(part.rows for part in file.parts),
            )
            for extract in self.books.extracts
            for file in self.landing.files_of(extract, period)
        )
        put_back = tuple(
            InputFile("", file.extract.label, file.name, file.sha256, sum(part.rows for part in file.parts))
            for file in self.landing.correction_files_of(period)
        )
        return run_inputs(self.books, period.code, files + put_back, (code, packages), self._previous(period))

    def earlier(self, inputs: RunInputs) -> list[Path]:
        """Run folders of every earlier period that these inputs build on, oldest first."""
        folders: list[Path] = []
        previous = inputs.previous
        while previous is not None:
            folder = run_path(self.books.root, previous.period, previous.run_id)
            folders.append(folder)
            previous = read_manifest(folder).inputs.previous
        return folders[::-1]

    def extract(self, code: str) -> dict[str, int]:
        """Begin the period's run and fill the raw tables; returns rows per table."""
        period = Period(code)
        self._run, self._extracting = None, code
        self._held.close()
        if self._publishes:
            self._held.enter_context(lock(self.books.root, "dagster"))
        attempts.begin(self.books.root, code, inbox_state(self.books))
        with self.progress.step(code, "extracts") as notes:
            inputs = self.inputs(period)
            work = self._held.enter_context(work_folder(self.books.root, code))
            self._run = steps.PeriodRun(self.books, period, inputs, work, self.earlier(inputs))
            return steps.extract(self._run, self.landing, notes, self.progress)

    def check_delivery(self, code: str) -> GateResult:
        """Judge what was delivered."""
        with self.progress.step(code, "gate") as notes:
            return steps.check_delivery(self._begun(code), notes, self.progress)

    def stop_at_gate(self, code: str, judged: GateResult) -> None:
        """Raise what is not as agreed, if it blocks."""
        steps.stop_at_gate(self._begun(code), judged)

    def transform(self, code: str) -> list[NodeResult]:
        """Build all models and tests."""
        return steps.transform(self._begun(code), self.project, self.progress)

    def stop_at_checks(self, code: str, results: Sequence[NodeResult]) -> None:
        """Raise what could not be built or did not hold, if anything."""
        steps.stop_at_checks(self._begun(code), self.project, results, self.progress)

    def finish(self, code: str) -> Path:
        """Export, draw, seal; publish too when this session publishes its runs. Returns the run's folder."""
        run = self._begun(code)
        with self.progress.step(code, "publication") as notes:
            folder = steps.finish(run, self.project)
            notes.append(f"runs/{code}/{run.run_id}")
            self.settle(code, run.run_id)
            if self._publishes:
                publish(self.books.root, {code: run.run_id})
        self._run = None
        self._held.close()
        return folder

    def settle(self, code: str, run_id: str) -> None:
        """Count a sealed run, made now or before, as the period's result."""
        self.sealed[code] = run_id
        attempts.settle(self.books.root, code)

    def stop(self, error: Exception, period: str = attempts.EVERY) -> None:
        """Keep what stopped a step, for whoever holds the session and for `tieout status`."""
        self.stopped_by = error
        code = self._run.period.code if self._run else period or self._extracting
        briefs = {language: _briefs(error, language) for language in LANGUAGES}
        attempts.stop(self.books.root, code, briefs, inbox_state(self.books))

    def _begun(self, code: str) -> steps.PeriodRun:
        if self._run is None or self._run.period.code != code:
            raise UsageError("run_not_begun", period=code)
        return self._run

    def _previous(self, period: Period) -> PreviousRun | None:
        if period == self.books.first:
            return None
        before = period.previous
        found = self.run_of(before)
        if found is None:
            raise UsageError("previous_not_run", period=period.code, previous=before)
        return PreviousRun(before, found, steps.manifest_hash(run_path(self.books.root, before, found)))


def _briefs(error: Exception, language: Language) -> list[str]:
    return error.briefs(language) if isinstance(error, TieoutError) else [type(error).__name__]
