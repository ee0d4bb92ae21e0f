"""The pipeline benchmark in small, for its result: every figure is there, and a second route gives the same totals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from benchmarks import common, large_books, pipeline

pytestmark = pytest.mark.xdist_group("benchmark_pipeline")

STEPS = {
    *("landing", "read", "gate", "staging", "costing", "postings"),
    *("reconciliation", "marts", "checks", "publish", "start"),
}


@pytest.fixture(scope="module")
def figures() -> Mapping[str, Any]:
    with common.work_folder() as work:
        return pipeline.measure("small", work)


def test_every_step_and_every_work_has_its_figures(figures: Mapping[str, Any]) -> None:
    assert set(figures["steps"]) == STEPS
    assert all(value > 0 for step in figures["steps"].values() for value in step.values())
    names = [
        f"{work}{name}"
        for work in ("", "bare_", "analyst_")
        for name in ("seconds", "cpu_seconds", "rows_per_second", "peak_mb")
    ]
    assert all(figures[name] > 0 for name in [*names, "ratio_to_bare", "ratio_to_analyst"])


def test_all_three_read_the_same_rows(figures: Mapping[str, Any]) -> None:
    assert figures["rows"] == figures["analyst_rows"] == figures["bare_rows"]
    assert figures["bare_joined"] == figures["ledger_lines"]


@pytest.mark.parametrize(("side", "accounts"), [("ledger", 20), ("documents", 12)])
def test_the_analysts_totals_are_the_tie_outs(figures: Mapping[str, Any], side: str, accounts: int) -> None:
    compared = figures["totals"][side]
    assert len(compared) >= accounts
    assert [(code, ours) for code, _, ours in compared] == [(code, theirs) for code, theirs, _ in compared]


def test_what_was_changed_is_named_by_document(figures: Mapping[str, Any]) -> None:
    assert figures["documents_named"] == large_books.CHANGED
    assert (
        sum(figures["analyst_differing"][code] for code in ("600101", "600102"))
        == large_books.CHANGED * 100_00
    )


def test_the_figures_are_shown_as_tables(figures: Mapping[str, Any]) -> None:
    assert "| work | seconds |" in pipeline.show(figures)
