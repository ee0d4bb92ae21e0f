"""What Dagster sees: assets, checks, partitions, sensor and schedule; a run from its screen publishes itself.

What the steps compute is in test_flow.py.
"""

from __future__ import annotations

import os
from pathlib import Path

import dagster
import pytest

from pipelines.batch import next_due
from pipelines.books import load_books
from pipelines.definitions import build
from pipelines.publication import current, verify
from pipelines.transform import load_project
from tests.pipeline import tiny

JANUARY, FEBRUARY = "2026-01", "2026-02"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

pytestmark = pytest.mark.xdist_group("screen")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write_books(tmp_path_factory.mktemp("screen") / "books", [JANUARY, FEBRUARY])


@pytest.fixture(scope="module")
def definitions(root: Path) -> dagster.Definitions:
    return build(load_books(root))


@pytest.fixture(scope="module")
def january(definitions: dagster.Definitions) -> dagster.ExecuteInProcessResult:
    """January, run as the screen runs it: with the session of the definitions."""
    return definitions.resolve_job_def("period").execute_in_process(partition_key=JANUARY, run_config=QUIET)


@pytest.fixture
def inbox(definitions: dagster.Definitions) -> dagster.SensorDefinition:
    return definitions.get_repository_def().get_sensor_def("inbox")


def test_the_periods_of_the_books_are_the_partitions(definitions: dagster.Definitions) -> None:
    job = definitions.resolve_job_def("period")
    assert job.partitions_def is not None
    assert job.partitions_def.get_partition_keys()[:3] == [JANUARY, FEBRUARY, "2026-03"]


def test_a_period_before_the_one_it_builds_on_is_refused(
    definitions: dagster.Definitions, root: Path
) -> None:
    with pytest.raises(dagster.Failure, match=JANUARY):
        definitions.resolve_job_def("period").execute_in_process(partition_key=FEBRUARY, run_config=QUIET)
    assert current(root) == {}


def test_a_run_from_the_screen_publishes_its_period(
    january: dagster.ExecuteInProcessResult, root: Path
) -> None:
    assert january.success
    assert list(current(root)) == [JANUARY]
    assert verify(root) == []


def test_every_model_and_raw_table_is_an_asset_of_its_schema(january: dagster.ExecuteInProcessResult) -> None:
    made = {
        tuple(event.asset_key.path) for event in january.get_asset_materialization_events() if event.asset_key
    }
    manifest = load_project().manifest
    models = {
        (node["schema"], node["name"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["config"]["materialized"] != "ephemeral"
    }
    sources = {(source["source_name"], source["name"]) for source in manifest["sources"].values()}
    assert models <= made
    assert sources <= made


def test_every_dbt_test_and_every_table_of_the_gate_is_a_check(
    january: dagster.ExecuteInProcessResult,
) -> None:
    found = january.get_asset_check_evaluations()
    tests = [node for node in load_project().manifest["nodes"].values() if node["resource_type"] == "test"]
    names = {check.check_name for check in found}
    assert {node["name"] for node in tests} <= names
    assert {"gl_entry_line", "goods_receipt_line"} <= names
    assert all(check.passed for check in found if check.severity == dagster.AssetCheckSeverity.ERROR)


def test_the_sensor_waits_until_files_have_arrived_and_asks_once(
    january: dagster.ExecuteInProcessResult,
    definitions: dagster.Definitions,
    root: Path,
    inbox: dagster.SensorDefinition,
) -> None:
    known = definitions.get_repository_def()
    with dagster.DagsterInstance.ephemeral() as instance:
        first = dagster.build_sensor_context(instance=instance, repository_def=known)
        arriving = inbox.evaluate_tick(first)
        assert not arriving.run_requests
        again = dagster.build_sensor_context(instance=instance, repository_def=known, cursor=arriving.cursor)
        settled = inbox.evaluate_tick(again)
    (request,) = settled.run_requests or []
    due = next_due(load_books(root))
    assert due is not None
    assert (request.partition_key, request.run_key) == (FEBRUARY, ":".join(due))


def test_the_schedule_asks_for_the_first_period_that_is_due(
    january: dagster.ExecuteInProcessResult, definitions: dagster.Definitions
) -> None:
    with dagster.DagsterInstance.ephemeral() as instance:
        tick = (
            definitions.get_repository_def()
            .get_schedule_def("daily")
            .evaluate_tick(
                dagster.build_schedule_context(instance, repository_def=definitions.get_repository_def())
            )
        )
    assert [request.partition_key for request in tick.run_requests or []] == [FEBRUARY]


def test_a_gate_that_blocks_stops_the_job_before_dbt(
    january: dagster.ExecuteInProcessResult, definitions: dagster.Definitions, root: Path
) -> None:
    ledger = root / "inbox" / FEBRUARY / "gl_entry_line.csv"
    before = ledger.read_text("utf-8")
    ledger.write_text(before.replace(",6401,10.18,", ",6401,11.18,"), "utf-8")
    job = build(load_books(root)).resolve_job_def("period")
    with pytest.raises(dagster.Failure, match=FEBRUARY):
        job.execute_in_process(partition_key=FEBRUARY, run_config=QUIET)
    ledger.write_text(before, "utf-8")
    assert list(current(root)) == [JANUARY]
    assert not any(path.name == "target" for path in (root / ".work").rglob("*"))


def test_definitions_load_for_the_books_that_the_environment_names(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.definitions import tieout

    monkeypatch.setitem(os.environ, "TIEOUT_BOOKS", str(root))
    loaded = tieout()
    assert [job.name for job in loaded.jobs or []]
