"""Costing several periods in one go equals costing them one by one, each from the closing state of the one
before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.costing.histories import histories, thorough, with_totals
from tests.costing.oracle import Oracle
from tests.costing.rows import (
    CARRIED_LAYER,
    CARRIED_NEGATIVE,
    CARRIED_STATE,
    FIFO,
    IN_AMOUNT,
    MOVING_AVERAGE,
    NEUTRAL,
    OUT,
    PERIODIC_AVERAGE,
    STANDARD,
    VALUE,
    Row,
    movements,
    numbered,
    of_kind,
    true_ups,
    valued,
)  # fmt: skip
from tests.costing.test_against_oracle import policies


class Books:
    """What a run of one period knows of those before: the closing records and the published movements."""

    def __init__(self, policy: dict[str, str]) -> None:
        self.policy = policy
        self.closing: list[Row] = []
        self.records: list[dict[str, Any]] = []
        self.slot_of: dict[str, int] = {}
        self.originals: dict[int, tuple[int, int]] = {}

    def cost(self, rows: list[Row]) -> None:
        """One period: the carried rows first, then its own, the originals of earlier periods by their
        figures."""
        self.slot_of |= {row.event_id: row.own_slot for row in rows if row.event_id}
        own = {row.own_slot for row in rows}
        known = [self.with_original(row) if row.original_slot not in own else row for row in rows]
        totalled = (
            with_totals(known, self.openings()) if rows and rows[0].method == PERIODIC_AVERAGE else known
        )
        given = numbered(self.closing + totalled)
        records = valued(given, **self.policy)
        self.publish(given, records)
        self.closing = closing_rows(records, self.slot_of)
        self.records += [r for r in records if r["record_kind"] in ("movement", "error")]
        self.last = records

    def openings(self) -> dict[int, tuple[int, int]]:
        states = [row for row in self.closing if row.op == CARRIED_STATE]
        return {row.pool_key: (row.quantity, row.amount or 0) for row in states}

    def with_original(self, row: Row) -> Row:
        quantity, amount = self.originals.get(row.original_slot, (None, None))
        if not quantity:
            return row
        return replace(row, original_quantity=quantity, original_amount=amount)

    def publish(self, rows: list[Row], records: list[dict[str, Any]]) -> None:
        """What the stock ledger would say of each original: its amount with all that was corrected on it."""
        by_event = {row.event_id: row for row in rows if row.op < CARRIED_STATE}
        broken = {record["event_id"] for record in of_kind(records, "error")}
        for record in movements(records):
            row = by_event[record["event_id"]]
            whole = abs(record["out_amount"] + record["expensed_amount"])
            if row.event_id not in broken and row.quantity:
                self.originals[row.own_slot] = (abs(row.quantity), whole)
        for record in movements(records):
            row = by_event[record["event_id"]]
            if row.op in (VALUE, IN_AMOUNT) and row.quantity == 0 and row.method != STANDARD:
                self.correct(row.original_slot, record["out_amount"])
        for record in true_ups(records):
            self.correct(self.slot_of[record["original_event_id"]], -record["out_amount"])

    def correct(self, slot: int, amount: int) -> None:
        if slot in self.originals:
            quantity, before = self.originals[slot]
            self.originals[slot] = (quantity, before + amount)


def closing_rows(records: list[dict[str, Any]], slot_of: dict[str, int]) -> list[Row]:
    """The closing records as the next period's carried rows."""
    ops = {"state": CARRIED_STATE, "layer": CARRIED_LAYER, "negative": CARRIED_NEGATIVE}
    return [carried(ops[kind], record, slot_of) for kind in ops for record in of_kind(records, kind)]


def carried(op: int, record: dict[str, Any], slot_of: dict[str, int]) -> Row:
    row = Row(op, method=record["method"], component_key=record["component_key"], pool_key=record["pool_key"])
    if op == CARRIED_STATE:
        return replace(
            row,
            quantity=record["balance_quantity"],
            amount=record["balance_amount"],
            unit_cost=record["state_unit_cost"],
            last_cost_quantity=record["last_cost_quantity"],
            last_cost_amount=record["last_cost_amount"],
            event_id="state",
        )
    return replace(
        row,
        quantity=record["layer_quantity"],
        amount=record["layer_amount"],
        original_quantity=record["layer_original_quantity"],
        own_slot=slot_of[record["event_id"]],
        event_id=record["event_id"],
    )


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


def figures(records: list[dict[str, Any]]) -> dict[str, tuple[int, ...]]:
    fields = ("out_amount", "expensed_amount", "balance_quantity", "balance_amount")
    return {r["event_id"]: tuple(r[f] for f in fields) for r in of_kind(records, "movement")}


PIECE = ("record_kind", "component_key", "pool_key", "event_id", "layer_quantity", "layer_original_quantity",
         "layer_amount")  # fmt: skip
STATE = ("component_key", "pool_key", "balance_quantity", "balance_amount", "last_cost_quantity",
         "last_cost_amount", "state_unit_cost")  # fmt: skip


def close_of(records: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    pieces = [tuple(r[f] for f in PIECE) for r in of_kind(records, "layer") + of_kind(records, "negative")]
    states = [tuple(r[f] for f in STATE) for r in of_kind(records, "state")]
    return sorted(pieces + states, key=str)


movement_of_a_period = st.tuples(st.sampled_from([IN_AMOUNT, OUT]), st.integers(1, 9), st.integers(0, 999))


@thorough
@given(
    histories(most=40) | histories(sizes=st.integers(1, 10**9)),
    policies,
    st.lists(st.integers(0, 15), min_size=1, max_size=3).map(sorted),
)
def test_periods_in_one_go_equal_periods_one_by_one(
    rows: list[Row], policy: dict[str, str], cuts: list[int]
) -> None:
    together = valued(rows, **policy)
    assume(all(error["error_code"] != "no_cost" for error in of_kind(together, "error")))  # ends a run anyway
    books = Books(policy)
    for period in cut(rows, cuts):
        books.cost(period)
    assert figures(books.records) == figures(together)
    assert close_of(books.last) == close_of(together)


@thorough
@given(st.lists(st.lists(movement_of_a_period, max_size=6), min_size=2, max_size=5))
def test_a_periodic_average_goes_on_from_its_close(history: list[list[tuple[int, int, int]]]) -> None:
    """Quantity and amount of each period follow from the one before; nothing is left where nothing is
    there."""
    policy = {"late_cost": "stock", "negative_stock": "estimate_and_true_up"}
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
        before = list(books.closing)
        books.cost(rows)
        totalled = numbered(before + with_totals(rows, {0: (quantity, amount)} if before else None))
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
    assert figures(books.records)["d"][:2] == (-80_000, 0)
    assert [(r["event_id"], r["layer_amount"]) for r in of_kind(books.last, "layer")] == [("c", 30_000)]
    assert MOVING_AVERAGE == 1
