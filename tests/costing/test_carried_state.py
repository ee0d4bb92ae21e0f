"""Costing several periods in one go equals costing them one by one, each from the closing state of the one
before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.costing.books import Books
from tests.costing.histories import histories, policies, with_totals
from tests.costing.oracle import MATERIAL, Oracle
from tests.costing.rows import (
    FIFO,
    IN_AMOUNT,
    MOVING_AVERAGE,
    NEUTRAL,
    OUT,
    PERIODIC_AVERAGE,
    PRODUCED,
    STANDARD,
    Row,
    numbered,
    of_kind,
    valued,
)  # fmt: skip
from tests.costing.test_against_oracle import thorough


def in_one_piece(rows: list[Row]) -> list[Row]:
    """Every order gets its material before the first receipt from it: later material goes nowhere."""
    done: set[int] = set()
    kept = []
    for row in rows:
        if row.op == PRODUCED:
            done.add(row.order_slot)
        late = row.op in MATERIAL and row.order_slot in done
        kept.append(replace(row, order_slot=-1) if late else row)
    return kept


def cut(rows: list[Row], cuts: list[int]) -> list[list[Row]]:
    """The rows of each item cut into periods; a move inside a pool is not cut from the line before it."""
    periods: list[list[Row]] = [[] for _ in range(len(cuts) + 1)]
    by_item: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_item[row.component_key].append(row)
    for item_rows in by_item.values():
        period = 0
        for place, row in enumerate(item_rows):
            while period < len(cuts) and place >= cuts[period] and row.op != NEUTRAL:
                period += 1
            periods[period].append(row)
    return periods


def figures(records: list[dict[str, Any]], without: set[int]) -> dict[str, tuple[int, ...]]:
    fields = ("out_amount", "expensed_amount", "balance_quantity", "balance_amount")
    found = [r for r in of_kind(records, "movement") if r["component_key"] not in without]
    return {r["event_id"]: tuple(r[f] for f in fields) for r in found}


PIECE = ("record_kind", "component_key", "pool_key", "event_id", "layer_quantity", "layer_original_quantity",
         "layer_amount")  # fmt: skip
STATE = ("component_key", "pool_key", "balance_quantity", "balance_amount", "last_cost_quantity",
         "last_cost_amount", "state_unit_cost")  # fmt: skip


def close_of(records: list[dict[str, Any]], without: set[int]) -> list[tuple[Any, ...]]:
    found = [r for r in records if r["component_key"] not in without]
    pieces = [tuple(r[f] for f in PIECE) for r in of_kind(found, "layer") + of_kind(found, "negative")]
    states = [tuple(r[f] for f in STATE) for r in of_kind(found, "state")]
    return sorted(pieces + states, key=str)


movement_of_a_period = st.tuples(st.sampled_from([IN_AMOUNT, OUT]), st.integers(1, 9), st.integers(0, 999))


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO, STANDARD], ids=["moving", "fifo", "standard"])
def test_twelve_periods_in_one_go_equal_twelve_one_by_one(method: int) -> None:
    @settings(parent=thorough, max_examples=40)
    @given(histories(method, 8, edge=False), policies, st.lists(st.integers(0, 26), min_size=11, max_size=11))
    def check(given: list[Row], policy: dict[str, Any], cuts: list[int]) -> None:
        rows = in_one_piece(given)
        together = valued(rows, **policy)
        errors = of_kind(together, "error")
        ended = {r["component_key"] for r in errors if r["error_code"] == "no_cost"}  # ends a run anyway
        books = Books(policy)
        for period in cut(rows, sorted(cuts)):
            books.cost(period)
        assert figures(books.records, ended) == figures(together, ended)
        assert close_of(books.last, ended) == close_of(together, ended)

    check()


@thorough
@given(st.lists(st.lists(movement_of_a_period, max_size=6), min_size=2, max_size=5))
def test_a_periodic_average_goes_on_from_its_close(history: list[list[tuple[int, int, int]]]) -> None:
    """Quantity and amount of each period follow from the one before; nothing is left where nothing is
    there."""
    policy: dict[str, Any] = {"late_cost": "stock", "negative_stock": "estimate_and_true_up"}
    books, oracle, event = Books(policy), Oracle(**policy), 0
    quantity = amount = 0
    for period in history:
        rows = []
        for op, units, cents in period:
            event += 1
            row = Row(
                op, units if op == IN_AMOUNT else -units, cents if op == IN_AMOUNT else None, PERIODIC_AVERAGE
            )
            rows.append(replace(row, event_id=f"p{event}", own_slot=event))
        totalled = with_totals(numbered(books.closing + rows))
        books.cost(rows)
        for pool in oracle.pools.values():
            pool.received, pool.issued, pool.short = None, (0, 0), []
        oracle.value_all(totalled)
        quantity += sum(row.quantity for row in rows)
        amount += sum(r["out_amount"] for r in of_kind(books.last, "movement"))
        states = of_kind(books.last, "state")
        if states:
            assert (states[0]["balance_quantity"], states[0]["balance_amount"]) == (quantity, amount)
            assert (oracle.pools[0, 0].quantity, oracle.pools[0, 0].amount) == (quantity, amount)
            assert not of_kind(books.last, "error")
        assert quantity != 0 or amount == 0


def test_two_periods_by_hand() -> None:
    """100 @ 10 and 50 issued; then 50 @ 12 arrives and 75 go: FIFO takes the carried layer first."""
    books = Books({"late_cost": "stock", "negative_stock": "refuse"})
    first = [
        Row(IN_AMOUNT, 1_000_000, 100_000, FIFO, event_id="a"),
        Row(OUT, -500_000, None, FIFO, event_id="b"),
    ]
    books.cost(first)
    books.cost(
        [Row(IN_AMOUNT, 500_000, 60_000, FIFO, event_id="c"), Row(OUT, -750_000, None, FIFO, event_id="d")]
    )
    assert figures(books.records, set())["d"][:2] == (-80_000, 0)
    assert [(r["event_id"], r["layer_amount"]) for r in of_kind(books.last, "layer")] == [("c", 30_000)]
    assert MOVING_AVERAGE == 1
