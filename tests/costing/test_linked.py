"""Linked pools under periodic average: worked figures, random systems against plain fractions, what has no
solution, and size."""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.costing.chains import DEPENDENT, OVERFLOW, SOLVED, UNSOLVABLE
from pipelines.costing.linked import Links, Pools, Solution, solve_links

UNIT = 10_000  # quantities are ten-thousandths
COST = 10**8  # a rate in minor units per ten-thousandth, as a cost in millionths per unit

Link = tuple[int, int, int] | tuple[int, int, int, int]


def solved(
    pools: list[tuple[int, int]], links: Sequence[Link], last: dict[int, tuple[int, int]] | None = None
) -> Solution:
    """Pools as (quantity, amount), links as (from, to, quantity that leaves[, that arrives])."""
    known = [(last or {}).get(pool, (0, 0)) for pool in range(len(pools))]
    return solve_links(
        Pools(*np.array([(*pool, *cost) for pool, cost in zip(pools, known, strict=True)]).reshape(-1, 4).T),
        Links(*np.array([(*link, link[2])[:4] for link in links]).reshape(-1, 4).T),
    )


def test_two_warehouses_that_feed_each_other() -> None:
    """A opens 100 @ 10 and receives 100 @ 12, B opens 50 @ 9; A→B 80, B→A 20."""
    pools, links = [(200 * UNIT, 2_200_00), (50 * UNIT, 450_00)], [(0, 1, 80 * UNIT), (1, 0, 20 * UNIT)]
    solution = solved(pools, links)
    assert solution.amount.tolist() == [874_07, 203_70]
    ((members, rates),) = solution.circles
    assert members == (0, 1)
    assert [round(float(rates[pool] * COST)) for pool in members] == [10_925926, 10_185185]
    assert 2_200_00 + 203_70 - 874_07 == 1_529_63
    assert 450_00 + 874_07 - 203_70 == 1_120_37


def test_a_chain_takes_pools_in_the_order_in_which_they_feed_one_another() -> None:
    """C's rate knows what B had from A, whatever the order in which the links come."""
    solution = solved(
        [(10 * UNIT, 100_00), (10 * UNIT, 130_00), (0, 0)], [(1, 2, 5 * UNIT), (0, 1, 10 * UNIT)]
    )
    assert solution.amount.tolist() == [57_50, 100_00]
    assert solution.circles == []


def test_the_last_unit_takes_the_rest() -> None:
    """10.00 over three units: 3.33, 3.33, 3.34; 0.02 over four: never more than is left."""
    assert solved([(3 * UNIT, 10_00), (0, 0)], [(0, 1, UNIT)] * 3).amount.tolist() == [3_33, 3_33, 3_34]
    assert solved([(4 * UNIT, 2), (0, 0)], [(0, 1, UNIT)] * 4).amount.tolist() == [1, 1, 0, 0]


def test_a_production_order_is_a_pool_of_its_own() -> None:
    """60,000 material for 80 of 100: material by quantity, 48,000.00 to the product."""
    pools = [(1_000 * UNIT, 60_000_00), (100 * UNIT, 0), (0, 0)]
    solution = solved(pools, [(0, 1, 1_000 * UNIT, 0), (1, 2, 80 * UNIT, 80 * UNIT)])
    assert solution.amount.tolist() == [60_000_00, 48_000_00]


def test_a_circle_that_its_links_empty_keeps_nothing() -> None:
    """Both pools of a circle end at quantity 0: their rests leave by the way out, and nothing is lost."""
    pools = [(3 * UNIT, 10_00), (0, 0), (0, 0)]
    links = [(0, 1, 7 * UNIT), (1, 0, 4 * UNIT), (1, 2, UNIT), (1, 2, 2 * UNIT)]
    solution = solved(pools, links)
    to_b, back, first, second = solution.amount.tolist()
    assert 10_00 + back == to_b == back + first + second
    assert first + second == 10_00
    assert (first, second) == (3_33, 6_67)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([(0, 1, UNIT), (1, 0, UNIT), (1, 2, UNIT)], [UNSOLVABLE, UNSOLVABLE, DEPENDENT, SOLVED]),
        ([(0, 2, UNIT), (2, 3, UNIT)], [UNSOLVABLE, SOLVED, DEPENDENT, DEPENDENT]),
        ([(3, 1, UNIT)], [SOLVED] * 4),
    ],
    ids=["value without an origin", "nothing is known", "a known one"],
)
def test_only_what_has_no_solution_is_named(links: list[Link], expected: list[int]) -> None:
    pools = [(0, 0), (-UNIT, 0), (0, 0), (UNIT, 5_00)]
    assert solved(pools, links).status.tolist() == expected


def test_without_a_quantity_the_last_known_cost_counts() -> None:
    solution = solved([(0, 0), (0, 0)], [(0, 1, 2 * UNIT)], {0: (3 * UNIT, 10_00)})
    assert solution.amount.tolist() == [6_67]


def test_what_does_not_fit_is_named() -> None:
    pools = [(UNIT, 2**62), (UNIT, 2**62)]
    assert OVERFLOW in solved(pools, [(0, 1, 10 * UNIT)]).status.tolist()
    with pytest.raises(ValueError, match="not there"):
        solved(pools, [(0, 2, UNIT)])


def plain_rates(pools: list[tuple[int, int]], links: list[tuple[int, int, int]]) -> list[Fraction] | None:
    """Every pool's rate by Gauss-Jordan over the whole system, written down as the rule says."""
    size = len(pools)
    rows = [[Fraction(0)] * size + [Fraction(amount)] for _, amount in pools]
    for pool, (quantity, _) in enumerate(pools):
        rows[pool][pool] += quantity
    for source, target, quantity in links:
        rows[target][target] += quantity
        rows[target][source] -= quantity
    for column in range(size):
        pivot = next((row for row in range(column, size) if rows[row][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(size):
            if row != column:
                factor = rows[row][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[size] for row in rows]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_system_is_worth_what_plain_fractions_say(data: st.DataObject) -> None:
    """Within a cent a link of what the unrounded system says, and not one cent lost or made."""
    count = data.draw(st.integers(2, 6))
    pools = data.draw(
        st.lists(st.tuples(st.integers(1, 10**7), st.integers(0, 10**9)), min_size=count, max_size=count)
    )
    pool = st.integers(0, count - 1)
    links = data.draw(st.lists(st.tuples(pool, pool, st.integers(1, 10**6)), max_size=12))
    solution, rates = solved(pools, links), plain_rates(pools, links)
    assert rates is not None
    assert not solution.status.any()
    amounts = solution.amount.tolist()
    for (source, _, quantity), amount in zip(links, amounts, strict=True):
        assert abs(amount - quantity * rates[source]) <= 1 + sum(
            Fraction(q, pools[s][0]) + 1 for s, _, q in links
        )
    for members, found in solution.circles:
        assert len(found) == len(members)
    for place, (quantity, amount) in enumerate(pools):
        left = quantity + sum(q * ((t == place) - (s == place)) for s, t, q in links)
        kept = amount + sum(
            a * ((t == place) - (s == place)) for (s, t, _), a in zip(links, amounts, strict=True)
        )
        assert left != 0 or kept == 0


def test_a_system_of_circles_alone_has_the_exact_rates() -> None:
    """One strongly connected group: the rates are those of the plain fractions, to the last digit."""
    draw = np.random.default_rng(7)
    for _ in range(50):
        count = int(draw.integers(2, 9))
        pools = [(int(draw.integers(1, 10**6)), int(draw.integers(0, 10**8))) for _ in range(count)]
        links = [(place, (place + 1) % count, int(draw.integers(1, 10**5))) for place in range(count)]
        links += [
            (int(a), int(b), int(q))
            for a, b, q in zip(*draw.integers(0, count, (2, 6)), draw.integers(1, 10**5, 6), strict=True)
        ]
        ((members, rates),) = solved(pools, links).circles
        expected = plain_rates(pools, links)
        assert expected is not None
        assert [rates[pool] for pool in members] == [expected[pool] for pool in members]


def test_a_hundred_thousand_pools_and_a_million_links_take_seconds() -> None:
    draw = np.random.default_rng(1)
    count, size = 100_000, 1_000_000
    source = draw.integers(0, count - 1, size)
    target = source + 1 + (draw.random(size) * (count - 1 - source)).astype(np.int64)
    quantity = draw.integers(1, 1_000, size)
    pools = Pools(
        draw.integers(10**5, 10**7, count), draw.integers(0, 10**9, count),
        np.zeros(count, np.int64), np.zeros(count, np.int64),
    )  # fmt: skip
    solve_links(Pools(*(column[:2] for column in pools)), Links(*(np.zeros(0, np.int64),) * 4))
    began = time.perf_counter()
    solution = solve_links(pools, Links(source, target, quantity, quantity))
    assert time.perf_counter() - began < 5
    assert not solution.status.any()
    assert (solution.amount >= 0).all()
