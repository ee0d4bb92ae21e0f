"""The quality benchmark in small: nothing matched or excused that is wrong, every fault found, and today's floor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from benchmarks import common, quality

pytestmark = pytest.mark.xdist_group("benchmark_quality")

FLOOR = {"symptom_right": 100, "cause_right": 99, "disposition_right": 99}
"""Of so many faults in a hundred; raised when the rules get better, never lowered."""


@pytest.fixture(scope="module")
def figures() -> Mapping[str, Any]:
    with common.work_folder() as work:
        return quality.measure("small", work)


def test_nothing_wrong_is_matched(figures: Mapping[str, Any]) -> None:
    assert figures["false_auto_matches"] == 0


def test_no_document_breaks_that_no_fault_touched(figures: Mapping[str, Any]) -> None:
    assert figures["clean_breaks"] == 0


def test_nothing_is_called_timing_or_accepted_that_is_not(figures: Mapping[str, Any]) -> None:
    assert figures["called_harmless"] == 0


def test_every_fault_is_found_to_the_cent(figures: Mapping[str, Any]) -> None:
    assert figures["faults"] >= 154
    assert figures["found"] == figures["faults"] == figures["amount_right"]
    assert len(figures["per_symptom"]) >= 18
    assert len(figures["per_cause"]) >= 42


@pytest.mark.parametrize("name", FLOOR)
def test_the_rates_do_not_fall(figures: Mapping[str, Any], name: str) -> None:
    assert figures[name] * 100 >= FLOOR[name] * figures["faults"], "\n".join(figures["missed"])


def test_the_figures_are_one_json_object_and_a_table(figures: Mapping[str, Any]) -> None:
    assert {"faults", "found", "unidentified", *FLOOR} <= set(figures)
    assert "| symptom | faults |" in quality.show(figures)
