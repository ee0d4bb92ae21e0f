"""The kernel and the oracle say the same of every invented history, and what they say keeps value and
quantity."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.costing.histories import histories, policies, with_totals
from tests.costing.oracle import Oracle
from tests.costing.rows import (
    CARRIED_STATE,
    FIFO,
    IN_AMOUNT,
    MOVING_AVERAGE,
    NEUTRAL,
    PERIODIC_AVERAGE,
    STANDARD,
    VALUE,
    Row,
    movements,
    of_kind,
    true_ups,
    valued,
)

METHODS = {"moving_average": MOVING_AVERAGE, "fifo": FIFO, "periodic_average": PERIODIC_AVERAGE,
           "standard": STANDARD}  # fmt: skip
HISTORIES_IN_A_CALL = 21
thorough = settings(max_examples=150, deadline=None, database=None, derandomize=True)
"""150 calls of the kernel with up to 21 histories each, the same on every machine."""


def oracles(rows: list[Row], policy: dict[str, Any]) -> list[Oracle]:
    """No component knows of another: each is valued by itself."""
    by_component: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_component[row.component_key].append(row)
    return [Oracle(**policy).value_all(of_one).close() for of_one in by_component.values()]


def all_of(found: list[Oracle], name: str) -> list[Any]:
    return [said for oracle in found for said in getattr(oracle, name)]


def compare(rows: list[Row], policy: dict[str, Any], size: int = 1_000) -> list[dict[str, Any]]:
    found = oracles(rows, policy)
    records = valued(rows, size, **policy)
    fields = ("sequence_no", "out_amount", "expensed_amount", "balance_quantity", "balance_amount")
    assert [tuple(r[f] for f in fields) for r in movements(records)] == all_of(found, "movements")
    ups = [(r["source_sequence_no"], r["sequence_no"], r["out_amount"]) for r in true_ups(records)]
    assert sorted(ups) == sorted(all_of(found, "true_ups"))
    used = ("sequence_no", "source_sequence_no", "layer_quantity", "layer_amount")
    consumed = [tuple(r[f] for f in used) for r in of_kind(records, "consumption")]
    assert sorted(consumed) == sorted(all_of(found, "consumptions"))
    errors = [(r["sequence_no"], r["error_code"]) for r in of_kind(records, "error")]
    assert sorted(errors) == sorted(all_of(found, "errors"))
    compare_close(records, found)
    return records


def compare_close(records: list[dict[str, Any]], found: list[Oracle]) -> None:
    layers, short = defaultdict(list), defaultdict(list)
    for record in records:
        key = (record["component_key"], record["pool_key"])
        piece = (record["layer_quantity"], record["layer_amount"], record["source_sequence_no"])
        if record["record_kind"] == "layer":
            layers[key].append((*piece, record["layer_original_quantity"]))
        elif record["record_kind"] == "negative":
            short[key].append(piece)
    for oracle in found:
        for key, pool in oracle.pools.items():
            assert layers[key] == [(p.quantity, p.amount, p.source, p.original) for p in pool.layers]
            if pool.received is None:  # a period that moved names its shortage as one
                assert short[key] == [(p.quantity, p.amount, p.source) for p in pool.short]


def check_conservation(rows: list[Row], records: list[dict[str, Any]]) -> None:
    """Before + value in + corrections = after, row by row; nothing there means no amount; layers are the
    balance."""
    by_row = {row.sequence_no: row for row in rows}
    corrected: dict[int, int] = defaultdict(int)
    for record in true_ups(records):
        corrected[record["sequence_no"]] += record["out_amount"]
    broken = {record["sequence_no"] for record in of_kind(records, "error")}
    balance: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in rows:
        if row.op == CARRIED_STATE:
            balance[row.component_key, row.pool_key] = (row.quantity, row.amount or 0)
    for record in movements(records):
        row, key = by_row[record["sequence_no"]], (record["component_key"], record["pool_key"])
        quantity, amount = balance[key]
        balance[key] = (record["balance_quantity"], record["balance_amount"])
        if row.sequence_no in broken:
            continue
        moved = 0 if row.op == NEUTRAL else 1
        after = (
            quantity + moved * row.quantity,
            amount + moved * record["out_amount"] + corrected[row.sequence_no],
        )
        assert balance[key] == after
        check_row(row, record)
    check_states(records, balance)


def check_row(row: Row, record: dict[str, Any]) -> None:
    if row.method != PERIODIC_AVERAGE and record["balance_quantity"] == 0:
        assert record["balance_amount"] == 0
    if row.amount is not None and row.op in (IN_AMOUNT, VALUE) and row.method != STANDARD:
        assert record["out_amount"] + record["expensed_amount"] == row.amount


def check_states(records: list[dict[str, Any]], balance: dict[tuple[int, int], tuple[int, int]]) -> None:
    pieces: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for record in of_kind(records, "layer") + of_kind(records, "negative"):
        of_pool = pieces[record["component_key"], record["pool_key"]]
        of_pool[0] += record["layer_quantity"]
        of_pool[1] += record["layer_amount"]
    for state in of_kind(records, "state"):
        key = (state["component_key"], state["pool_key"])
        quantity, amount = balance[key]
        assert (state["balance_quantity"], state["balance_amount"]) == (quantity, amount)
        if state["method"] == FIFO or (quantity < 0 and state["method"] != STANDARD):
            assert pieces[key] == ([-quantity, -amount] if quantity < 0 else [quantity, amount])


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_kernel_and_oracle_agree(method: int) -> None:
    seen = 0

    @thorough
    @given(histories(method, HISTORIES_IN_A_CALL), policies)
    def check(given: list[Row], policy: dict[str, Any]) -> None:
        nonlocal seen
        rows = with_totals(given, policy["late_cost"])
        seen += len({row.component_key for row in rows})
        check_conservation(rows, compare(rows, policy))

    check()
    assert seen >= 2_000


@settings(parent=thorough, max_examples=30)
@given(st.sampled_from(list(METHODS.values())).flatmap(lambda method: histories(method, 5)), policies,
       st.integers(1, 7))  # fmt: skip
def test_the_size_of_batches_changes_nothing(given: list[Row], policy: dict[str, Any], size: int) -> None:
    def in_order(records: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        kinds = ("movement", "consumption", "layer", "state", "negative", "error")
        return [of_kind(records, kind) for kind in kinds[1:]] + [movements(records), true_ups(records)]

    rows = with_totals(given, policy["late_cost"])
    assert in_order(valued(rows, size, **policy)) == in_order(valued(rows, **policy))
