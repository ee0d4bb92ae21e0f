"""Worked cases of other systems as rows for the kernel: each event by the rule its own system follows.
What a case expects is compared in `test_cases`; a rule that is not offered here is a reason to skip, said
per case."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.costing.oracle import half_up
from tests.costing.rows import (
    CARRIED_NEGATIVE,
    CARRIED_STATE,
    FIFO,
    IN_AMOUNT,
    IN_CURRENT,
    IN_ORIGINAL,
    MOVING_AVERAGE,
    OUT,
    OUT_ORIGINAL,
    REVALUE,
    STANDARD,
    VALUE,
    Row,
    movements,
    numbered,
    of_kind,
    true_ups,
    valued,
)  # fmt: skip

FOLDER = Path(os.environ.get("TIEOUT_COSTING_CASES", Path(__file__).parents[3] / "shared" / "cases"))
METHODS = {"moving_average": MOVING_AVERAGE, "fifo": FIFO, "standard": STANDARD, "specific": MOVING_AVERAGE}
NO_STOCK = {"invoice_in", "invoice_out", "dropship", "credit_note_out", "cancel"}

OVERWRITES = "a count that overwrites the balance; here a count is a difference"
NOT_OFFERED = {
    "erp-fifo-025-backdated-count-cascades": OVERWRITES,
    "erp-lc-046-foreign-currency": "landed cost in foreign currency",
    "erp-qty-011-backdated-count-is-a-barrier": OVERWRITES,
    "erp-serial-033-landed-cost-after-delivery": "a late cost restates the delivery; here it is expensed",
    "erp-mfg-052-additional-cost-finished-only": "allocates landed cost over lines, not a movement",
    "mf-grni-004-bill-variance-when-oversold": "starts in the middle of a history it does not give",
    "mf-ma-001-explicit-cost-on-count": "a count whose cost replaces the average without a value",
    "mf-ma-003-price-only-first": "a count whose cost replaces the average without a value",
    "odoo-avco-028-cost-change-while-negative": "sets a moving average by hand",
    "odoo-avco-031-price-digits-2": "sets a moving average by hand, unit cost cut to 2 decimals",
    "odoo-fifo-021-negative-with-full-gl": "estimates below zero at an older price than the last receipt's",
    "tryton-avg-003-recompute-backdated": "one average for all movements of a day",
    "odoo-lc-005-fifo-corrected-receipt": "late_cost on_hand_share",
    "odoo-lc-010-avco-negative": "late_cost on_hand_share",
}
"""Case → the rule of its system that is not offered here."""


def load(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def case_files() -> list[Path]:
    return (
        sorted(path for path in FOLDER.glob("*.json") if path.name != "golden.json")
        if FOLDER.is_dir()
        else []
    )


def reason_to_skip(case: dict[str, Any]) -> str | None:
    if case["id"] in NOT_OFFERED:
        return NOT_OFFERED[case["id"]]
    kinds = {event["type"] for event in case["events"]}
    if case["method"] not in METHODS:
        return f"method {case['method']}"
    if "method_change" in kinds:
        return "a change of method inside a history"
    if kinds <= NO_STOCK:
        return "no stock movement"
    if any("unit_cost_fc" in event for event in case["events"]):
        return "foreign currency: only the ledger is asserted"
    return None


def cents(value: Any) -> int:
    return half_up(Fraction(str(value)) * 100)


def units(value: Any) -> int:
    return half_up(Fraction(str(value)) * 10_000)


def worth(event: dict[str, Any]) -> int:
    """Quantity × unit cost, with the taxes that belong to the goods."""
    total = Fraction(str(event["qty"])) * Fraction(str(event["unit_cost"])) + event.get("valuation_taxes", 0)
    return cents(total)


class Translation:
    """The rows of the first events of a case, in the order of their days."""

    def __init__(self, case: dict[str, Any], last_seq: int) -> None:
        self.case, self.method = case, METHODS[case["method"]]
        self.erp, self.odoo = case["system"] == "erpnext", case["system"].startswith("odoo")
        self.items: dict[str, int] = {}
        self.pools: dict[Any, int] = {}
        self.rows: list[Row] = []
        events = [event for event in case["events"] if event["seq"] <= last_seq]
        cancelled = {event["ref"] for event in events if event["type"] == "cancel"}
        events = [event for event in events if event["seq"] not in cancelled]
        self.by_seq = {event["seq"]: event for event in events}
        standard = case.get("initial_standard_cost")
        self.known = None if standard is None else half_up(Fraction(str(standard)) * 10**6)
        self.start()
        for event in sorted(events, key=lambda event: (event.get("day", 0), event["seq"])):
            if event["type"] not in NO_STOCK:
                getattr(self, event["type"])(event)

    def start(self) -> None:
        """Stock below zero that the case begins with."""
        for queue in self.case.get("initial", {}).values():
            for quantity, rate in queue["queue"]:
                amount = cents(quantity * rate)
                self.rows += [
                    Row(CARRIED_STATE, units(quantity), amount, self.method),
                    Row(CARRIED_NEGATIVE, -units(quantity), -amount, self.method, event_id="initial"),
                ]
                self.items["I"], self.pools["I", "W", None] = 0, 0

    def add(
        self, event: dict[str, Any], op: int, quantity: int, amount: int | None = None, **more: Any
    ) -> None:
        item = self.items.setdefault(event.get("item", "I"), len(self.items))
        place = (event.get("item", "I"), event.get("warehouse", "W"), event.get("batch"))
        pool = self.pools.setdefault(place, sum(1 for name, _, _ in self.pools if name == place[0]))
        more.setdefault("unit_cost", self.known if op != IN_AMOUNT or self.method == STANDARD else None)
        more.setdefault("own_slot", event["seq"])
        self.rows.append(
            Row(op, quantity, amount, self.method, item, pool, event_id=str(event["seq"]), **more)
        )

    def receipt(self, event: dict[str, Any]) -> None:
        quantity = units(Fraction(str(event["qty"])) * Fraction(str(event.get("uom_factor", 1))))
        self.add(event, IN_AMOUNT, quantity, worth(event) if "unit_cost" in event else None)

    adjust = receipt  # the first count of an empty place

    def adjust_in(self, event: dict[str, Any]) -> None:
        self.add(event, IN_CURRENT, units(event["qty"]))

    def issue(self, event: dict[str, Any]) -> None:
        quantity = units(Fraction(str(event["qty"])) * Fraction(str(event.get("uom_factor", 1))))
        named = [
            seq for seq, other in self.by_seq.items() if other.get("unit_cost") == event.get("out_rate", ())
        ]
        op, slot = (OUT_ORIGINAL, named[0]) if named else (OUT, -1)
        self.add(event, op, -quantity, original_slot=slot)

    def return_in(self, event: dict[str, Any]) -> None:
        op = IN_CURRENT if event.get("at") == "current" else IN_ORIGINAL
        self.add(event, op, units(event["qty"]), original_slot=event["ref"])

    correct_issue = return_in

    def return_out(self, event: dict[str, Any]) -> None:
        """ERPNext: at the receipt's rate; Odoo: at the current average, or from the oldest layer."""
        self.add(event, OUT_ORIGINAL if self.erp else OUT, -units(event["qty"]), original_slot=event["ref"])

    def correct_receipt(self, event: dict[str, Any]) -> None:
        self.add(event, OUT, -units(event["qty"]))

    def landed_cost(self, event: dict[str, Any]) -> None:
        of_item = self.by_seq[event["ref"]].get("item", "I")
        self.add(event | {"item": of_item}, VALUE, 0, cents(event["amount"]), original_slot=event["ref"])

    def revalue(self, event: dict[str, Any]) -> None:
        if self.method == STANDARD:
            self.add(event, REVALUE, 0, unit_cost=half_up(Fraction(str(event["new_standard_cost"])) * 10**6))
        elif "factor" in event:
            balance = Figures(self).records[-1]["balance_amount"]
            self.add(event, VALUE, 0, half_up(balance * (Fraction(str(event["factor"])) - 1)))
        elif "amount" in event:
            self.add(event, VALUE, 0, cents(event["amount"]))

    def transfer(self, event: dict[str, Any]) -> None:
        quantity, slot = units(event["qty"]), event["seq"]
        self.add(event | {"warehouse": event["from"]}, OUT, -quantity)
        self.add(event | {"warehouse": event["to"]}, IN_ORIGINAL, quantity, original_slot=slot, own_slot=-1)

    def repack(self, event: dict[str, Any]) -> None:
        for part in event["consume"]:
            self.add(part | {"seq": event["seq"]}, OUT, -units(part["qty"]))


class Figures:
    """What the kernel makes of a translation, by event."""

    def __init__(self, translation: Translation) -> None:
        rows = numbered(translation.rows)
        self.all = valued(rows, negative_stock="estimate_and_true_up")
        self.records = movements(self.all)
        self.delta: dict[int, int] = defaultdict(int)
        self.into: dict[int, int] = defaultdict(int)
        self.adjusted: dict[int, int] = defaultdict(int)
        self.quantity: dict[int, int] = defaultdict(int)
        self.balance: dict[int, tuple[int, int]] = {}
        for record in self.records:
            seq = int(record["event_id"])
            self.delta[seq] += record["out_amount"]
            self.into[seq] += max(record["out_amount"], 0)
            self.quantity[seq] = abs(record["quantity"])
            self.balance[seq] = (record["balance_quantity"], record["balance_amount"])
        for record in true_ups(self.all):
            self.adjusted[int(record["event_id"].split("/")[1])] += record["out_amount"]
        states = of_kind(self.all, "state")
        self.value = sum(state["balance_amount"] for state in states)
        self.on_hand = sum(state["balance_quantity"] for state in states)
        self.layers = [(r["layer_quantity"], r["layer_amount"]) for r in of_kind(self.all, "layer")]
        self.short = [(r["layer_quantity"], r["layer_amount"]) for r in of_kind(self.all, "negative")]
        self.errors = of_kind(self.all, "error")
