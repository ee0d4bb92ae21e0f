"""One measured piece of work in a process of its own: `python -m benchmarks.timed tieout|bare|analyst BOOKS`.

It prints one JSON object. The process is the measure: its peak of memory is the work's, its seconds count
from when the books are opened.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from benchmarks.large_books import LEDGER, PERIOD
from pipelines.extracts.grid import quoted

if TYPE_CHECKING:
    from pipelines.transform import NodeResult

NODES = 8
"""Models listed with their seconds, the longest first."""


def run(what: str, books: Path) -> dict[str, Any]:
    """The figures of one piece of work, made in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.timed", what, str(books)],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def tieout(root: Path) -> dict[str, Any]:
    """`tieout run` as the command does it: its steps with seconds and the rows each made."""
    from pipelines.batch import run_periods
    from pipelines.books import load_books
    from pipelines.cli import Launcher
    from pipelines.publication import current, lock, read_manifest, run_path
    from pipelines.session import Session

    class Watched(Session):
        """A session that keeps what its steps return."""

        read: Mapping[str, int] = {}
        made: Mapping[str, int] = {}
        results: Sequence[NodeResult] = ()

        def extract(self, code: str) -> dict[str, int]:
            found = super().extract(code)
            self.read = found
            return found

        def transform(self, code: str) -> list[NodeResult]:
            found = super().transform(code)
            self.results, self.made = found, _rows_by_schema(self._begun(code).database)
            return found

    session = Watched(load_books(root), say=lambda _: None, publishes=False)
    with lock(root, "benchmark"):
        began = time.perf_counter()
        assert session.landing.files
        assert session.delivered_codes == [PERIOD]
        landed = time.perf_counter() - began
        outcome = run_periods(session, Launcher())
    if outcome.error is not None:
        raise outcome.error
    took = {step: seconds for (_, step), seconds in session.progress.took.items()}
    return {
        "landing": landed,
        "took": took,
        "read": session.read,
        "published": sum(
            entry.rows or 0
            for entry in read_manifest(run_path(root, *next(iter(current(root).items())))).files
        ),
        **_by_schema(session.results, session.made),
    }


def _rows_by_schema(database: Path) -> dict[str, int]:
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "select schema_name, sum(estimated_size) from duckdb_tables() group by all"
        )
        return {schema: int(rows) for schema, rows in found.fetchall()}


def _by_schema(results: Sequence[NodeResult], made: Mapping[str, int]) -> dict[str, Any]:
    """Seconds of the nodes by schema, tests as `checks`; two nodes run at a time, so they add up to more
    than the build took."""
    seconds: dict[str, float] = defaultdict(float)
    models = [result for result in results if result.kind == "model"]
    for result in results:
        schema = (
            result.event["data"]["node_info"]["node_relation"]["schema"]
            if result.kind != "test"
            else "checks"
        )
        seconds["marts" if schema == "state" else schema] += result.seconds
    longest = sorted(models, key=lambda result: -result.seconds)[:NODES]
    return {
        "node_seconds": dict(seconds),
        "made": {**made, "marts": made.get("marts", 0) + made.get("state", 0)},
        "longest": [(result.name, round(result.seconds, 2)) for result in longest],
    }


def bare(root: Path) -> dict[str, Any]:
    """What DuckDB alone needs for the same rows: every file read as text, documents sorted by number, each
    ledger line joined to its document, both kept as tables.
    """
    work = root / "bare.duckdb"
    rows = 0
    documents: list[str] = []
    with duckdb.connect(str(work)) as connection:
        for number, path in enumerate(sorted((root / "inbox").rglob("*.csv"))):
            table = f"extract_{number}"
            columns = _load(connection, table, path)
            rows += _count(connection, table)
            named = next((name for name in ("单据编号", "发票号码") if name in columns), None)
            if named:
                documents.append(f"select {named} as document_no, * from {table}")
            elif path.stem == LEDGER:
                connection.execute(f"alter table {table} rename to ledger")
        connection.execute(
            f"create table document as from ({' union all by name '.join(documents)}) order by document_no"
        )
        connection.execute(
            "create table joined as select ledger.*, found.lines from ledger left join "
            "(select document_no, count(*) as lines from document group by all) as found "
            "on found.document_no = ledger.来源单据编号"
        )
        joined = _count(connection, "joined")
    work.unlink()
    return {"rows": rows, "joined": joined}


def _load(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> set[str]:
    connection.execute(
        f"create table {table} as from read_csv({quoted(str(path))}, header = true, all_varchar = true)"
    )
    return {name for name, *_ in connection.execute(f"describe {table}").fetchall()}


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    found = connection.execute(f"select count(*) from {table}").fetchone()
    assert found is not None
    return int(found[0])


def analyst(root: Path) -> dict[str, Any]:
    """The analyst's script, its totals in cents."""
    from benchmarks.analyst import compare

    totals = compare(root, PERIOD)
    return {
        "rows": totals.rows,
        "ledger": totals.ledger,
        "documents": totals.documents,
        "differing": totals.differing(),
    }


WORK: Mapping[str, Callable[[Path], dict[str, Any]]] = {"tieout": tieout, "bare": bare, "analyst": analyst}


def peak_mb() -> float:
    """Most memory this process has had. Linux's own figure for the program, since the one of `getrusage`
    may be that of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


if __name__ == "__main__":
    what, books = sys.argv[1:]
    began = time.perf_counter()
    figures = WORK[what](Path(books))
    spent = {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time(), "peak_mb": peak_mb()}
    print(json.dumps({**figures, **spent}))
