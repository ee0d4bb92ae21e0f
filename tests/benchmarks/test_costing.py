"""The costing benchmark in small, for its result: every figure is there, peers close at our cents, twelve periods
equal one go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from benchmarks import common, costing

pytestmark = pytest.mark.xdist_group("benchmark_costing")


@pytest.fixture(scope="module")
def figures() -> Mapping[str, Any]:
    with common.work_folder() as work:
        return costing.measure("small", work)


def test_every_method_has_its_ratios(figures: Mapping[str, Any]) -> None:
    for name in ("step_to_sort", "skewed_step_to_sort", "period_12_to_1"):
        assert set(figures[name]) == set(costing.METHODS)
        assert all(value > 0 for value in figures[name].values())
    assert all(value > 0 for value in figures["peak_mb"].values())


def test_every_movement_is_valued_once(figures: Mapping[str, Any]) -> None:
    for case in figures["cases"]:
        assert case["records"]["movement"] == figures["rows"]
        assert "error" not in case["records"]


def test_twelve_periods_one_by_one_close_as_in_one_go(figures: Mapping[str, Any]) -> None:
    assert figures["periods_differing"] == dict.fromkeys(costing.PERPETUAL, 0)


def test_peers_close_at_our_cents(figures: Mapping[str, Any]) -> None:
    ran = {name: peer for name, peer in figures["peers"].items() if peer["seconds"] is not None}
    assert len(ran) >= 3
    assert all(peer["closing"] == peer["ours"] > 0 for peer in ran.values())


def test_the_figures_are_shown_as_tables(figures: Mapping[str, Any]) -> None:
    shown = costing.show(figures)
    assert "| method | step to sort |" in shown
    assert "pandas groupby-apply" in shown
