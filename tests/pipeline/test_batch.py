"""Which periods run and what is published of them: replacement is all or nothing, extension goes as far as
it gets.

The steps are replaced by one that seals a small folder; publication is the real one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from pipelines.batch import Outcome, known_periods, run_periods
from pipelines.books import load_books
from pipelines.extracts.discovery import inbox_state
from pipelines.messages import InputError
from pipelines.period import Period
from pipelines.publication import (
    RunInputs,
    current,
    lock,
    run_id,
    run_path,
    seal,
    verify,
    write_manifest,
)
from pipelines.session import Session
from tests.pipeline import tiny
from tests.unit.publication_books import stale

JANUARY, FEBRUARY, MARCH = "2026-01", "2026-02", "2026-03"


class FakeSession(Session):
    """A session whose deliveries are a dictionary: period → content."""

    def __init__(self, root: Path, delivered: dict[str, str]) -> None:
        super().__init__(load_books(root), say=lambda _: None, publishes=False)
        self.delivered = delivered
        self.__dict__["landing"] = SimpleNamespace(
            periods=lambda: sorted(delivered), files=[SimpleNamespace(period=code) for code in delivered]
        )

    def inputs(self, period: Period) -> RunInputs:
        return RunInputs(
            books="tiny",
            period=period.code,
            settings=self.delivered.get(period.code, "-"),
            rules={},
            inputs=(),
            code="code",
            previous=self._previous(period),
        )


@dataclass
class Launched:
    """Executes a period by sealing one small table; fails for the periods named."""

    broken: set[str] = field(default_factory=set)
    periods: list[str] = field(default_factory=list)

    def __call__(self, session: Session, period: str) -> None:
        self.periods.append(period)
        if period in self.broken:
            raise InputError("gate_stopped", period=period, count=1, listed="-")
        inputs = session.inputs(Period(period))
        export = session.books.root / ".work" / f"export-{period}"
        export.mkdir(parents=True)
        with duckdb.connect() as connection:
            connection.execute(
                f"copy (select '{inputs.settings}' as content) to '{export}/stock_ledger.parquet'"
            )
        write_manifest(export, inputs)
        seal(export, session.books.root, period, run_id(inputs))
        session.sealed[period] = run_id(inputs)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny.write_books(tmp_path / "books", months=[])


def run(
    root: Path, delivered: dict[str, str], launch: Launched, last: str | None = None, *, force: bool = False
) -> Outcome:
    with lock(root, "test"):
        return run_periods(FakeSession(root, delivered), launch, Period(last) if last else None, force=force)


def test_every_delivered_period_runs_in_order_and_is_published_at_once(root: Path) -> None:
    launch = Launched()
    outcome = run(root, {FEBRUARY: "b", JANUARY: "a", MARCH: "c"}, launch)
    assert launch.periods == [JANUARY, FEBRUARY, MARCH]
    assert list(current(root)) == [JANUARY, FEBRUARY, MARCH]
    assert (outcome.is_published, outcome.error) == (True, None)
    assert len(list((root / "snapshots").iterdir())) == 1
    assert verify(root) == []


def test_what_did_not_change_is_not_run_again(root: Path) -> None:
    delivered = {JANUARY: "a", FEBRUARY: "b"}
    run(root, delivered, Launched())
    before = current(root)
    again = Launched()
    outcome = run(root, delivered, again)
    assert again.periods == []
    assert outcome.states == {JANUARY: "unchanged", FEBRUARY: "unchanged"}
    assert not outcome.is_published
    assert current(root) == before


def test_a_changed_period_is_run_with_all_that_follow_it(root: Path) -> None:
    run(root, {JANUARY: "a", FEBRUARY: "b", MARCH: "c"}, Launched())
    before = current(root)
    again = Launched()
    run(root, {JANUARY: "a", FEBRUARY: "B", MARCH: "c"}, again)
    assert again.periods == [FEBRUARY, MARCH]
    assert current(root)[JANUARY] == before[JANUARY]
    assert current(root)[FEBRUARY] != before[FEBRUARY]
    assert current(root)[MARCH] != before[MARCH]
    assert stale(root) == []


def test_replacing_published_periods_is_all_or_nothing(root: Path) -> None:
    run(root, {JANUARY: "a", FEBRUARY: "b", MARCH: "c"}, Launched())
    before = current(root)
    outcome = run(root, {JANUARY: "A", FEBRUARY: "b", MARCH: "c"}, Launched(broken={MARCH}))
    assert isinstance(outcome.error, InputError)
    assert outcome.states == {JANUARY: "run", FEBRUARY: "run", MARCH: "failed"}
    assert not outcome.is_published
    assert current(root) == before


def test_new_periods_are_published_as_far_as_the_run_got(root: Path) -> None:
    run(root, {JANUARY: "a"}, Launched())
    outcome = run(root, {JANUARY: "a", FEBRUARY: "b", MARCH: "c"}, Launched(broken={MARCH}))
    assert outcome.states == {JANUARY: "unchanged", FEBRUARY: "run", MARCH: "failed"}
    assert list(current(root)) == [JANUARY, FEBRUARY]


def test_after_a_failure_the_later_periods_wait(root: Path) -> None:
    launch = Launched(broken={JANUARY})
    outcome = run(root, {JANUARY: "a", FEBRUARY: "b"}, launch)
    assert launch.periods == [JANUARY]
    assert outcome.states == {JANUARY: "failed", FEBRUARY: "waiting"}
    assert current(root) == {}


def test_a_run_sealed_before_a_crash_is_published_without_running_it_again(root: Path) -> None:
    run(root, {JANUARY: "a", FEBRUARY: "b"}, Launched())
    sealed = current(root)
    (root / "published").unlink()
    again = Launched()
    outcome = run(root, {JANUARY: "a", FEBRUARY: "b"}, again)
    assert again.periods == []
    assert outcome.states == {JANUARY: "repeated", FEBRUARY: "repeated"}
    assert current(root) == sealed


@pytest.mark.parametrize("lost", ["stock_ledger.parquet", "manifest.json"])
def test_a_damaged_published_run_is_made_again(root: Path, lost: str) -> None:
    run(root, {JANUARY: "a"}, Launched())
    (run_path(root, JANUARY, current(root)[JANUARY]) / lost).unlink()
    again = Launched()
    run(root, {JANUARY: "a"}, again)
    assert again.periods == [JANUARY]
    assert verify(root) == []


def test_a_warehouse_that_does_not_follow_is_rebuilt(root: Path) -> None:
    run(root, {JANUARY: "a"}, Launched())
    (root / "warehouse.duckdb").unlink()
    run(root, {JANUARY: "a"}, Launched())
    assert verify(root) == []


def test_force_runs_the_period_named_and_gives_the_same_run(root: Path) -> None:
    run(root, {JANUARY: "a", FEBRUARY: "b"}, Launched())
    before = current(root)
    again = Launched()
    run(root, {JANUARY: "a", FEBRUARY: "b"}, again, JANUARY, force=True)
    assert again.periods == [JANUARY]
    assert current(root) == before


def test_a_period_named_stops_the_run_there(root: Path) -> None:
    launch = Launched()
    run(root, {JANUARY: "a", FEBRUARY: "b", MARCH: "c"}, launch, FEBRUARY)
    assert launch.periods == [JANUARY, FEBRUARY]


def test_a_date_in_the_far_future_makes_no_period(root: Path) -> None:
    launch = Launched()
    run(root, {JANUARY: "a", "2062-01": "typing error"}, launch)
    assert launch.periods == [JANUARY]


def test_deliveries_that_leave_out_the_first_period_are_told(root: Path) -> None:
    with pytest.raises(InputError, match="2026-01"):
        run(root, {FEBRUARY: "b"}, Launched())


def test_nothing_delivered_is_no_error(root: Path) -> None:
    assert run(root, {}, Launched()).states == {}


def test_the_periods_that_can_be_asked_for_start_with_the_first(root: Path) -> None:
    assert [period.code for period in known_periods(load_books(root))][:2] == [JANUARY, FEBRUARY]


def test_the_state_of_the_inbox_changes_when_a_file_arrives(root: Path) -> None:
    books = load_books(root)
    before = inbox_state(books)
    tiny.deliver(root, JANUARY)
    assert inbox_state(books) != before
