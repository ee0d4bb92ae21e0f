"""The steps of one period's run as functions: each opens the work folder's database, does its part, closes
it.

The order of the steps and their place in Dagster are in `defs/`; which periods run is decided in `batch.py`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.books import Books, write_settings
from pipelines.carried import load_carried
from pipelines.contract import load_contract
from pipelines.messages import LANGUAGES, Language, StoppedError, TieoutError, render
from pipelines.publication import (
    RunInputs,
    export,
    public_tables,
    run_id,
    seal,
    sha256_of_file,
    write_manifest,
)
from pipelines.publication.changes import SETTINGS
from pipelines.transform import CANDIDATE, NodeResult, Project, build, nodes_by_schema

if TYPE_CHECKING:
    from pipelines.extracts import Landing
    from pipelines.gate_result import GateResult
    from pipelines.period import Period
    from pipelines.progress import Progress

STEPS = ("staging", "costing", "postings", "reconciliation", "marts")
"""The steps that dbt makes, each a schema; what is carried to the next period is shown with the marts."""


@dataclass(frozen=True)
class PeriodRun:
    """One period's run: what goes in, the disposable folder it works in, and the run folders of the earlier
    periods, oldest first."""

    books: Books
    period: Period
    inputs: RunInputs
    work: Path
    earlier: Sequence[Path] = ()

    @property
    def run_id(self) -> str:
        """The id this run will be sealed under."""
        return run_id(self.inputs)

    @property
    def database(self) -> Path:
        """The candidate, the one database of the run."""
        return self.work / CANDIDATE


def extract(run: PeriodRun, landing: Landing, notes: list[str], progress: Progress) -> dict[str, int]:
    """Fill the schemas `raw`, `settings` and `carried`; returns the rows of each raw table."""
    from pipelines.extracts import load_raw

    with duckdb.connect(str(run.database)) as connection:
        load_raw(connection, landing, run.period)
        write_settings(connection, run.books, run.period)
        load_carried(connection, run.earlier)
        rows = _rows_by_table(connection)
    files = len({item.file for item in run.inputs.inputs if item.rows})
    notes.append(progress.text("note_extracts", files=files, rows=sum(rows.values())))
    return rows


def check_delivery(run: PeriodRun, notes: list[str], progress: Progress) -> GateResult:
    """Judge the delivery; the results are also in the schema `gate`. What blocks is for `stop_at_gate`."""
    from pipelines.gate import run_gate

    judged = run_gate(run.database, run.period, run.books.language, rejection_limits(run.books))
    failed = sum(1 for result in judged.results if result.status == "failed")
    notes.append(progress.text("note_gate", checks=len(judged.results), failed=failed))
    return judged


def judge(books: Books, period: Period, landing: Landing, work: Path) -> GateResult:
    """The gate alone, for a delivery that is not to be run: nothing of the earlier periods is needed."""
    from pipelines.extracts import load_raw
    from pipelines.gate import run_gate

    with duckdb.connect(str(work / CANDIDATE)) as connection:
        load_raw(connection, landing, period)
        write_settings(connection, books, period)
    return run_gate(work / CANDIDATE, period, books.language, rejection_limits(books))


def stop_at_gate(run: PeriodRun, judged: GateResult) -> None:
    """InputError that lists what is not as agreed, when something blocks."""
    if judged.blocking:
        raise StoppedError(
            "gate_stopped",
            {language: [found.brief(language) for found in judged.blocking] for language in LANGUAGES},
            period=run.period.code,
            count=len(judged.blocking),
            listed="\n".join(f"  {message}" for message in judged.messages),
        )


def rejection_limits(books: Books) -> dict[str, int]:
    """How many rows of a table may be set aside: the sum over its extracts that name a limit."""
    limits: dict[str, int] = {}
    for given in books.extracts:
        if given.table and given.max_rejected is not None:
            limits[given.table] = limits.get(given.table, 0) + given.max_rejected
    return limits


def transform(run: PeriodRun, project: Project, progress: Progress) -> list[NodeResult]:
    """Build all models and tests; prints a line as each step's models are complete, and one for the
    checks.
    """
    watch = _Watch(project, run.period.code, progress)
    results = build(project, run.work, watch.seen)
    watch.checks(results)
    return results


def stop_at_checks(
    run: PeriodRun, project: Project, results: Sequence[NodeResult], progress: Progress
) -> None:
    """TieoutError for a model that could not be built, InputError for checks that failed, with the rows
    they found.
    """
    broken = [result for result in results if result.is_failed and result.kind != "test"]
    if broken:
        raise TieoutError(
            "transform_broken", period=run.period.code, model=broken[0].name, problem=broken[0].message
        )
    failed = [result for result in results if result.is_failed]
    if not failed:
        return
    with duckdb.connect(str(run.database), read_only=True) as connection:
        listed = [_failed_check(connection, project, result, progress) for result in failed]
    briefs = {
        language: [_check_head(project, result, language).strip() for result in failed]
        for language in LANGUAGES
    }
    raise StoppedError(
        "checks_failed", briefs, period=run.period.code, count=len(failed), listed="\n".join(listed)
    )


def finish(run: PeriodRun, project: Project) -> Path:
    """Export the public tables and the settings, draw report, workbook and vouchers, write the manifest,
    seal; the run's folder.
    """
    folder = run.work / "export"
    folder.mkdir()
    with duckdb.connect(str(run.database), read_only=True) as connection:
        export(connection, public_tables(project.manifest), folder)
    (folder / SETTINGS).write_text(run.books.fingerprint() + "\n", "utf-8")
    draw(run, folder)
    write_manifest(folder, run.inputs)
    return seal(folder, run.books.root, run.period.code, run.run_id)


def draw(run: PeriodRun, folder: Path) -> None:
    """What people read beside the tables: `report.html`, `workbook.xlsx` and the folder `vouchers`."""
    from pipelines.evidence import ReportContext, write_report, write_workbook
    from pipelines.vouchers import VoucherOptions, write_run_vouchers

    books = run.books
    context = ReportContext(
        books=books.books,
        company=books.name,
        period=run.period.code,
        language=books.language,
        run_id=run.run_id,
        currency=books.currency,
        history=tuple(run.earlier),
        input_hashes={item.file: item.sha256 for item in run.inputs.inputs},
        code_hashes={"tieout": run.inputs.code},
        materiality=books.materiality.default,
    )
    write_report(folder, context)
    write_workbook(folder, context)
    write_run_vouchers(
        folder, folder / "vouchers", VoucherOptions(currency=books.currency, company=books.name)
    )


def manifest_hash(folder: Path) -> str:
    """SHA-256 of a sealed run's manifest, the link of the chain."""
    return sha256_of_file(folder / "manifest.json")


@dataclass
class _Watch:
    """Follows dbt's results and prints a line for each step when the last of its models is there."""

    project: Project
    period: str
    progress: Progress
    waiting: dict[str, set[str]] = field(init=False)
    counts: Mapping[str, int] = field(init=False)
    began: float = field(init=False)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        nodes = nodes_by_schema(self.project)
        self.waiting = {step: set(nodes.get(step, ())) for step in STEPS}
        self.waiting["marts"] |= nodes.get("state", set())
        self.counts = {step: len(names) for step, names in self.waiting.items()}
        self.began = time.monotonic()

    def seen(self, result: NodeResult) -> None:
        """Called in dbt's threads."""
        if result.kind == "test" or result.is_failed:
            return
        with self.guard:
            for step, names in self.waiting.items():
                if result.unique_id in names:
                    names.remove(result.unique_id)
                    if not names:
                        self._step_done(step)

    def checks(self, results: Sequence[NodeResult]) -> None:
        """The closing line: how many checks passed, and the seconds they took."""
        tests = [result for result in results if result.kind == "test"]
        passed = sum(1 for result in tests if result.status == "pass")
        note = self.progress.text("note_checks", passed=passed, checks=len(tests))
        self.progress.line(self.period, "checks", sum(result.seconds for result in tests), note)

    def _step_done(self, step: str) -> None:
        now = time.monotonic()
        note = self.progress.text("note_models", models=self.counts[step])
        self.progress.line(self.period, step, now - self.began, note)
        self.began = now


def _rows_by_table(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    names = connection.execute(
        "select table_name, estimated_size from duckdb_tables() where schema_name = 'raw' order by table_name"
    ).fetchall()
    return {str(name): int(rows) for name, rows in names if name in load_contract().tables}


def _failed_check(
    connection: duckdb.DuckDBPyConnection, project: Project, result: NodeResult, progress: Progress
) -> str:
    return "\n".join([_check_head(project, result, progress.language), *_sample(connection, result)])


def _check_head(project: Project, result: NodeResult, language: Language) -> str:
    node: Mapping[str, Any] = project.manifest["nodes"][result.unique_id]
    label = (node["config"].get("meta") or {}).get(f"label_{language}") or node.get("description") or ""
    return render(
        "check_failed", language, check=result.name, label=" ".join(label.split()), rows=result.failures or 0
    )


def _sample(connection: duckdb.DuckDBPyConnection, result: NodeResult) -> list[str]:
    if not result.sql:
        return [result.message] if result.message else []
    found = connection.execute(f"select * from ({result.sql.rstrip().rstrip(';')}) limit 3")
    names = [column[0] for column in found.description or []]
    return [
        "    "
        + ", ".join(f"{name}={value}" for name, value in zip(names, row, strict=True) if value is not None)
        for row in found.fetchall()
    ]
