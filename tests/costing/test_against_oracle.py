"""The kernel and the oracle say the same of every invented history, and what they say keeps value and
quantity."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.costing.histories import any_size, histories, large, periods, small, thorough
from tests.costing.oracle import Oracle
from tests.costing.rows import (
    FIFO,
    NEUTRAL,
    PERIODIC_AVERAGE,
    STANDARD,
    Row,
    movements,
    of_kind,
    true_ups,
    valued,
)

policies = st.fixed_dictionaries(
    {
        "late_cost": st.sampled_from(["stock", "expense"]),
        "negative_stock": st.sampled_from(["estimate_and_true_up", "refuse"]),
    }
)


def compare(rows: list[Row], policy: dict[str, str], size: int = 1_000) -> list[dict[str, Any]]:
    oracle = Oracle(**policy).value_all(rows)
    records = valued(rows, size, **policy)
    fields = ("sequence_no", "out_amount", "expensed_amount", "balance_quantity", "balance_amount")
    assert [tuple(r[f] for f in fields) for r in movements(records)] == oracle.movements
    ups = [(r["source_sequence_no"], r["sequence_no"], r["out_amount"]) for r in true_ups(records)]
    assert sorted(ups) == sorted(oracle.true_ups)
    used = ("sequence_no", "source_sequence_no", "layer_quantity", "layer_amount")
    consumed = [tuple(r[f] for f in used) for r in of_kind(records, "consumption")]
    assert sorted(consumed) == sorted(oracle.consumptions)
    errors = [(r["sequence_no"], r["error_code"]) for r in of_kind(records, "error")]
    if all(row.method != PERIODIC_AVERAGE for row in rows):
        assert errors == oracle.errors
        compare_close(records, oracle)
    return records


def compare_close(records: list[dict[str, Any]], oracle: Oracle) -> None:
    layers, short = defaultdict(list), defaultdict(list)
    for record in records:
        key = (record["component_key"], record["pool_key"])
        piece = (record["layer_quantity"], record["layer_amount"], record["source_sequence_no"])
        if record["record_kind"] == "layer":
            layers[key].append((*piece, record["layer_original_quantity"]))
        elif record["record_kind"] == "negative":
            short[key].append(piece)
    for key, pool in oracle.pools.items():
        assert layers[key] == [(p.quantity, p.amount, p.source, p.original) for p in pool.layers]
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
    for record in movements(records):
        row, key = by_row[record["sequence_no"]], (record["component_key"], record["pool_key"])
        quantity, amount = balance[key]
        if row.op != NEUTRAL and row.sequence_no not in broken:
            quantity += row.quantity
            amount += record["out_amount"]
        amount += corrected[row.sequence_no]
        if row.sequence_no not in broken:
            assert (record["balance_quantity"], record["balance_amount"]) == (quantity, amount)
        balance[key] = (record["balance_quantity"], record["balance_amount"])
        if row.method != PERIODIC_AVERAGE and balance[key][0] == 0:
            assert balance[key][1] == 0
        if (
            row.amount is not None
            and row.op in (1, 6)
            and row.method != STANDARD
            and row.sequence_no not in broken
        ):
            assert record["out_amount"] + record["expensed_amount"] == row.amount
    for state in of_kind(records, "state"):
        key = (state["component_key"], state["pool_key"])
        assert (state["balance_quantity"], state["balance_amount"]) == balance[key]
        pieces = [
            r
            for r in records
            if (r["component_key"], r["pool_key"]) == key and r["record_kind"] in ("layer", "negative")
        ]
        if state["method"] == FIFO or (balance[key][0] < 0 and state["method"] != STANDARD):
            sign = -1 if balance[key][0] < 0 else 1
            assert (sum(p["layer_quantity"] for p in pieces), sum(p["layer_amount"] for p in pieces)) == (
                sign * balance[key][0], sign * balance[key][1],
            )  # fmt: skip


@pytest.mark.parametrize("sizes", [small, any_size, large], ids=["small", "any", "large"])
def test_kernel_and_oracle_agree(sizes: st.SearchStrategy[int]) -> None:
    @thorough
    @given(histories(sizes=sizes), policies)
    def check(rows: list[Row], policy: dict[str, str]) -> None:
        check_conservation(rows, compare(rows, policy))

    check()


@pytest.mark.parametrize("sizes", [small, st.integers(1, 10**7), large], ids=["small", "any", "large"])
def test_kernel_and_oracle_agree_on_periodic_average(sizes: st.SearchStrategy[int]) -> None:
    @thorough
    @given(periods(sizes=sizes), policies)
    def check(rows: list[Row], policy: dict[str, str]) -> None:
        check_conservation(rows, compare(rows, policy))

    check()


@settings(parent=thorough, max_examples=100)
@given(histories(most=60), policies, st.integers(1, 7))
def test_the_size_of_batches_changes_nothing(rows: list[Row], policy: dict[str, str], size: int) -> None:
    def in_order(records: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        kinds = ("movement", "consumption", "layer", "state", "negative", "error")
        return [of_kind(records, kind) for kind in kinds[1:]] + [movements(records), true_ups(records)]

    assert in_order(valued(rows, size, **policy)) == in_order(valued(rows, **policy))
