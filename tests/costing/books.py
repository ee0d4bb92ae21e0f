"""Several periods of the kernel in a row: what a run knows of those before it, as the database would hold it.
What must come out is compared in `test_carried_state`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from tests.costing.histories import ORDERS, with_totals
from tests.costing.oracle import MATERIAL
from tests.costing.rows import (
    CARRIED_LAYER,
    CARRIED_NEGATIVE,
    CARRIED_ORDER,
    CARRIED_STATE,
    IN_AMOUNT,
    PRODUCED,
    STANDARD,
    VALUE,
    Row,
    movements,
    numbered,
    of_kind,
    true_ups,
    valued,
)


class Books:
    """What a run of one period knows of those before: the closing records and the published movements."""

    def __init__(self, policy: dict[str, Any]) -> None:
        self.policy = policy
        self.closing: list[Row] = []
        self.records: list[dict[str, Any]] = []
        self.slot_of: dict[str, int] = {}
        self.originals: dict[int, tuple[int, int]] = {}
        self.orders: dict[int, int] = {}
        self.order_of: dict[str, int] = {}
        self.shared: set[int] = set()

    def cost(self, rows: list[Row]) -> None:
        """One period: the carried rows first, then its own, the originals of earlier periods by their
        figures."""
        self.slot_of |= {row.event_id: row.own_slot for row in rows if row.event_id}
        self.order_of |= {row.event_id: row.order_slot for row in rows if row.event_id and row.op in MATERIAL}
        own = {row.own_slot for row in rows}
        known = [self.with_original(row) if row.original_slot not in own else row for row in rows]
        given = with_totals(numbered(self.closing + known), self.policy["late_cost"])
        records = valued(given, **self.policy)
        self.publish(given, records)
        self.keep_orders(given, records)
        self.closing = self.orders_in_work() + [self.carried(*piece) for piece in closing_pieces(records)]
        self.records += [r for r in records if r["record_kind"] in ("movement", "error")]
        self.last = records

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

    def keep_orders(self, rows: list[Row], records: list[dict[str, Any]]) -> None:
        """What the ledger says went into each order; once a receipt has shared in it, it stands."""
        said = defaultdict(list)
        for record in of_kind(records, "movement"):
            said[record["sequence_no"]].append(record)
        for row in rows:
            slot = row.order_slot
            if row.op == PRODUCED:
                self.shared.add(slot)
            for record in said[row.sequence_no]:
                if record["event_type"] == "negative_true_up":
                    slot = self.order_of.get(record["original_event_id"], -1)
                elif row.op not in MATERIAL:
                    continue
                self.add_to_order(slot, -record["out_amount"])
            if row.op == CARRIED_ORDER and row.event_id != "order":
                self.add_to_order(slot, row.amount or 0)

    def add_to_order(self, slot: int, amount: int) -> None:
        if slot >= 0 and slot not in self.shared:
            self.orders[slot] = self.orders.get(slot, 0) + amount

    def orders_in_work(self) -> list[Row]:
        return [
            Row(CARRIED_ORDER, amount=amount, component_key=slot // ORDERS, order_slot=slot, event_id="order")
            for slot, amount in self.orders.items()
        ]

    def carried(self, op: int, record: dict[str, Any]) -> Row:
        """A closing record as the next period's carried row."""
        key = {name: record[name] for name in ("method", "component_key", "pool_key")}
        if op == CARRIED_STATE:
            names = {"quantity": "balance_quantity", "amount": "balance_amount",
                     "unit_cost": "state_unit_cost", "last_cost_quantity": "last_cost_quantity",
                     "last_cost_amount": "last_cost_amount"}  # fmt: skip
            return Row(op, event_id="state", **key, **{name: record[of] for name, of in names.items()})
        order = self.order_of.get(record["event_id"], -1) if op == CARRIED_NEGATIVE else -1
        return Row(
            op, record["layer_quantity"], record["layer_amount"], **key,
            original_quantity=record["layer_original_quantity"], own_slot=self.slot_of[record["event_id"]],
            order_slot=-1 if order in self.shared else order, event_id=record["event_id"],
        )  # fmt: skip


def closing_pieces(records: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    ops = {"state": CARRIED_STATE, "layer": CARRIED_LAYER, "negative": CARRIED_NEGATIVE}
    return [(ops[kind], record) for kind in ops for record in of_kind(records, kind)]
