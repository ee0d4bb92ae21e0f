"""dbt inside this process: the project parsed once, built in a run's work folder, results as plain data.

What is computed is in `dbt_project`; what a failed test means for a run is decided in `run.py`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"
CANDIDATE = "candidate.duckdb"
"""Name of the database in the work folder, as written in profiles.yml: constant, or dbt parses everything
anew.
"""

_PARTIAL = "partial_parse.msgpack"
_RESULT_EVENTS = ("LogModelResult", "LogTestResult", "LogSeedResult")


@dataclass(frozen=True)
class Project:
    """A parsed dbt project: dbt's own object for building, and the same as the dictionary of
    manifest.json.
    """

    folder: Path
    parsed: Any
    manifest: Mapping[str, Any]


@dataclass(frozen=True)
class NodeResult:
    """What became of one model, seed or test. `status` is dbt's: success, pass, warn, fail, error, skipped;
    `failures` counts the rows a test returned, `sql` is the compiled query (empty until the build has ended);
    `event` is dbt's structured log entry (empty when skipped)."""

    unique_id: str
    kind: str
    status: str
    seconds: float
    failures: int | None
    message: str
    event: Mapping[str, Any]
    sql: str = ""

    @property
    def name(self) -> str:
        """Name of the node in the project."""
        return self.unique_id.split(".")[2]

    @property
    def is_failed(self) -> bool:
        """Whether it stops the run: an error, or a failed test of severity error."""
        return self.status in ("error", "fail", "runtime error")


@cache
def load_project(folder: Path = PROJECT) -> Project:
    """Parse the project, or only what changed since the last time; kept for the life of the process.

    RuntimeError with dbt's words when the project cannot be parsed: a defect, not a matter of the data.
    """
    _quiet()
    from dbt.cli.main import dbtRunner

    with tempfile.TemporaryDirectory(prefix="tieout-parse-") as scratch, contextlib.chdir(scratch):
        target = Path(scratch) / "target"
        target.mkdir()
        _copy(folder / "target" / _PARTIAL, target / _PARTIAL)
        result = dbtRunner().invoke(["parse", *_arguments(folder, Path(scratch)), "--no-write-json"])
        if not result.success:
            raise RuntimeError(f"dbt parse: {result.exception}") from result.exception
        _keep(target / _PARTIAL, folder / "target")
    parsed = result.result
    assert parsed is not None
    return Project(folder, parsed, parsed.writable_manifest().to_dict(omit_none=False))


def build(
    project: Project, work: Path, on_result: Callable[[NodeResult], None], model: str = ""
) -> list[NodeResult]:
    """Build every model, seed and test (not the unit tests) in `work`, where `candidate.duckdb` lies; with
    `model` only that one and what it is made of, without tests.

    `on_result` is called as each node ends, in one of dbt's threads. The list has the skipped ones too. A
    node that fails is a result; RuntimeError only when dbt itself could not run.
    """
    _quiet()
    from dbt.cli.main import dbtRunner

    seen: dict[str, NodeResult] = {}

    def collect(event: Any) -> None:
        if event.info.name in _RESULT_EVENTS:
            found = _from_event(event)
            seen[found.unique_id] = found
            on_result(found)

    arguments = [
        "build",
        *_arguments(project.folder, work),
        "--exclude-resource-type",
        "unit_test",
        "--no-write-json",
    ]
    if model:
        arguments += ["--exclude-resource-type", "test", "--select", f"+{model}"]
    with contextlib.chdir(work), _connections_closed():
        result = dbtRunner(manifest=project.parsed.deepcopy(), callbacks=[collect]).invoke(arguments)
    if result.exception is not None:
        raise RuntimeError(f"dbt build: {result.exception}") from result.exception
    outcomes: Any = result.result
    return [_complete(outcome, seen) for outcome in outcomes.results]


def nodes_by_schema(project: Project, kinds: Sequence[str] = ("model", "seed")) -> dict[str, set[str]]:
    """Unique ids of the models and seeds that a build makes, by the schema they are made in."""
    found: dict[str, set[str]] = {}
    for unique_id, node in project.manifest["nodes"].items():
        if node["resource_type"] in kinds and node["config"].get("materialized") != "ephemeral":
            found.setdefault(node["schema"], set()).add(unique_id)
    return found


def _arguments(folder: Path, work: Path) -> list[str]:
    return [
        "--project-dir",
        str(folder),
        "--profiles-dir",
        str(folder),
        "--target-path",
        str(work / "target"),
        "--log-path",
        str(work / "logs"),
        "--log-level",
        "none",
        "--log-level-file",
        "none",
        "--no-use-colors",
        "--no-use-colors-file",
        "--no-version-check",
    ]


def _quiet() -> None:
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")


def _copy(source: Path, target: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        shutil.copyfile(source, target)


def _keep(source: Path, folder: Path) -> None:
    """Put the parse result where the next process finds it, in one step; a read-only installation does
    without.
    """
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        waiting = folder / f"{_PARTIAL}.{os.getpid()}"
        shutil.copyfile(source, waiting)
        waiting.replace(folder / _PARTIAL)


@contextlib.contextmanager
def _connections_closed() -> Iterator[None]:
    """dbt-duckdb keeps its database open and knows it by the path as written: the next run would get this
    one.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    try:
        yield
    finally:
        DuckDBConnectionManager.close_all_connections()


def _from_event(event: Any) -> NodeResult:
    from google.protobuf.json_format import MessageToDict

    values = MessageToDict(event, preserving_proto_field_name=True)
    data = values["data"]
    node = data["node_info"]
    failures = data.get("num_failures")
    return NodeResult(
        unique_id=node["unique_id"],
        kind=node["resource_type"],
        status=node["node_status"],
        seconds=float(data.get("execution_time", 0.0)),
        failures=None if failures is None else int(failures),
        message=values["info"].get("msg", ""),
        event=values,
    )


def _complete(outcome: Any, seen: Mapping[str, NodeResult]) -> NodeResult:
    unique_id = outcome.node.unique_id
    known = seen.get(unique_id)
    return NodeResult(
        unique_id=unique_id,
        kind=str(outcome.node.resource_type),
        status=str(outcome.status),
        seconds=outcome.execution_time,
        failures=outcome.failures,
        message=outcome.message or "",
        event={} if known is None else known.event,
        sql=getattr(outcome.node, "compiled_code", None) or "",
    )
