"""The exact arithmetic against Python's own integers, at the edges of 64 bits too."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.costing.compiled import compiled
from pipelines.costing.exact import add, portion
from pipelines.costing.records import RUN
from tests.costing.oracle import LIMIT, RefusedError, half_up

integers = (
    st.integers(-LIMIT, LIMIT) | st.integers(-100, 100) | st.sampled_from([LIMIT, -LIMIT, 2**32, 2**62])
)


_portion = compiled(lambda run, a, b, c: portion(run[0], a, b, c))
_add = compiled(lambda run, a, b: add(run[0], a, b))


def answer(function: Any, *numbers: int) -> int | None:
    run = np.zeros(1, RUN)
    value = int(function(run, *(np.int64(number) for number in numbers)))
    return None if run["error"][0] else value


def expected(value: Fraction) -> int | None:
    try:
        return half_up(value)
    except RefusedError:
        return None


@settings(max_examples=3000, deadline=None)
@given(integers, integers, integers.filter(bool))
@example(10**13, 10**12, 3)
@example(LIMIT, LIMIT, LIMIT)
@example(LIMIT, LIMIT, LIMIT - 1)
@example(LIMIT, 1, 2)
@example(2**62, 2, 1)
@example(3_037_000_500, 3_037_000_500, 1)
def test_a_portion_is_the_exact_fraction_rounded_half_away_from_zero(a: int, b: int, c: int) -> None:
    assert answer(_portion, a, b, c) == expected(Fraction(a * b, c))


@settings(max_examples=500, deadline=None)
@given(integers, integers)
@example(LIMIT, 1)
@example(-LIMIT, -1)
@example(LIMIT, -LIMIT)
def test_a_sum_that_does_not_fit_is_an_error(a: int, b: int) -> None:
    assert answer(_add, a, b) == (a + b if abs(a + b) <= LIMIT else None)


@pytest.mark.parametrize(
    ("a", "b", "c", "value"), [(5, 1, 2, 3), (-5, 1, 2, -3), (1000, 1, 3, 333), (-1, 1, 3, 0)]
)
def test_a_red_figure_is_the_mirror_of_the_black_one(a: int, b: int, c: int, value: int) -> None:
    assert answer(_portion, a, b, c) == value
