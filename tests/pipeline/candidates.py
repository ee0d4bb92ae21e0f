"""A period built straight through the steps, without Dagster, gate and drawing: for tests of what the models say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb

from pipelines import steps
from pipelines.books import load_books
from pipelines.extracts import land
from pipelines.period import Period
from pipelines.progress import Progress
from pipelines.publication import RunInputs, export, public_tables
from pipelines.transform import NodeResult, load_project

NO_RESULTS = """
    create schema if not exists gate;
    create table gate.data_quality_result (
        period varchar, table_name varchar, expectation varchar, severity varchar, evaluated_count bigint,
        unexpected_count bigint, sample varchar, status varchar, message_zh varchar, message_en varchar)
"""


@dataclass(frozen=True)
class Built:
    """A built period: its candidate database, its exported folder (public tables and state), dbt's results."""

    database: Path
    folder: Path
    results: Sequence[NodeResult]

    @property
    def failed(self) -> list[str]:
        """Names of the nodes that failed."""
        return [result.name for result in self.results if result.is_failed]

    @property
    def messages(self) -> list[str]:
        """What dbt said of the nodes that failed."""
        return [f"{result.name}: {result.message}" for result in self.results if result.is_failed]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query over the candidate."""
        with duckdb.connect(str(self.database)) as connection:
            return connection.execute(sql).fetchall()


def build_period(root: Path, code: str, work: Path, earlier: Sequence[Path] = ()) -> Built:
    """Extract, build and export one period of the books in `root` into the new folder `work`."""
    work.mkdir(parents=True)
    books = load_books(root)
    inputs = cast("RunInputs", SimpleNamespace(inputs=()))
    run = steps.PeriodRun(books, Period(code), inputs, work, list(earlier))
    progress = Progress("en", lambda line: None)
    steps.extract(run, land(books), [], progress)
    with duckdb.connect(str(run.database)) as connection:
        connection.execute(NO_RESULTS)
    project = load_project()
    results = steps.transform(run, project, progress)
    folder = work / "export"
    folder.mkdir()
    with duckdb.connect(str(run.database)) as connection:
        if not any(result.is_failed for result in results):
            export(connection, public_tables(project.manifest), folder)
    return Built(run.database, folder, results)


def build_periods(root: Path, codes: Sequence[str], work: Path) -> list[Built]:
    """Periods in order, each on the state of the one before."""
    built: list[Built] = []
    for code in codes:
        built.append(build_period(root, code, work / code, [one.folder for one in built]))
    return built
