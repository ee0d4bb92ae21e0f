"""Worked cases of other systems as rows for the kernel: each event by the rule its own system follows.
What a case expects is compared in `test_cases`; a rule that is not offered here is a reason to skip, said
per case."""

from __future__ import annotations

import json
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.costing.case_figures import Figures
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
    PRODUCED,
    REVALUE,
    STANDARD,
    VALUE,
    Row,
)  # fmt: skip

FOLDER = Path(os.environ.get("TIEOUT_COSTING_CASES", Path(__file__).parents[3] / "shared" / "cases"))
METHODS = {"moving_average": MOVING_AVERAGE, "fifo": FIFO, "standard": STANDARD, "specific": MOVING_AVERAGE,
           "mixed": MOVING_AVERAGE}  # fmt: skip
NO_STOCK = {"invoice_in", "invoice_out", "dropship", "credit_note_out", "cancel"}

OVERWRITES = "a count overwrites the balance; here it is a difference"
REPLACES = "a count's unit cost replaces the average without a value"
LIFO = "LIFO, which the standards do not allow"
METHOD_CHANGE = "a change of method inside a history"
OWN_RATES = "receipt and bill at rates of their own, exchange difference"
NOT_OFFERED = {
    "erp-fifo-025-backdated-count-cascades": OVERWRITES,
    "erp-lifo-001-consume": LIFO,
    "erp-lifo-003-multiple": LIFO,
    "erp-mfg-052-additional-cost-finished-only": "a cost split over lines that are no movements",
    "erp-qty-011-backdated-count-is-a-barrier": OVERWRITES,
    "mf-ma-001-explicit-cost-on-count": REPLACES,
    "mf-ma-003-price-only-first": REPLACES,
    "odoo-chg-001-standard-to-fifo": METHOD_CHANGE,
    "odoo-chg-003-fifo-to-standard": METHOD_CHANGE,
    "odoo-fifo-021-negative-with-full-gl": "an estimate below zero at an older price than the last receipt's",
    "odoo-std-006-dropship": "a drop shipment passes through stock; here it moves none",
    "tryton-avg-003-recompute-backdated": "one average for all movements of a day",
}
"""Case → the rule of its system that is not offered here, as docs/decisions.md lists them."""
LEDGER_ONLY = {
    "erp-neg-049-grni-unaffected-by-negative": "what a receipt credits to goods not invoiced",
    "odoo-gl-001-bill-price-higher": "a price difference on an account of its own",
    "odoo-gl-003-fx-receipt-vs-bill": OWN_RATES,
    "odoo-gl-005-fx-two-receipts-two-bills": OWN_RATES,
    "odoo-gl-006-cogs-standard-before-delivery": "cost of sales with an invoice before its delivery",
    "tryton-gl-005-credit-note-without-goods": "cost of sales of a credit note without goods",
}
"""Case → what it asserts of the ledger, and of the value of stock nothing."""


def load(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def case_files() -> list[Path]:
    return (
        sorted(path for path in FOLDER.glob("*.json") if path.name != "golden.json")
        if FOLDER.is_dir()
        else []
    )


def reason_to_skip(case: dict[str, Any]) -> str | None:
    ledger = LEDGER_ONLY.get(case["id"])
    return NOT_OFFERED.get(case["id"]) or (ledger and f"ledger only: {ledger}")


def moves(event: dict[str, Any]) -> bool:
    """An invoice whose difference to the receipt is known moves value."""
    return event["type"] not in NO_STOCK or "variance" in event


def cents(value: Any) -> int:
    return half_up(Fraction(str(value)) * 100)


def units(value: Any) -> int:
    return half_up(Fraction(str(value)) * 10_000)


def millionths(value: Any) -> int:
    return half_up(Fraction(str(value)) * 10**6)


def worth(event: dict[str, Any]) -> int:
    """Quantity × unit cost, with the taxes that belong to the goods."""
    total = Fraction(str(event["qty"])) * Fraction(str(event["unit_cost"])) + event.get("valuation_taxes", 0)
    return cents(total)


class Translation:
    """The rows of the first events of a case, in the order of their days."""

    def __init__(self, case: dict[str, Any], last_seq: int) -> None:
        self.case, self.method = case, METHODS[case["method"]]
        self.erp, self.odoo = case["system"] == "erpnext", case["system"].startswith("odoo")
        self.late_cost = "on_hand_share" if self.odoo else "stock"
        self.pools: dict[tuple[str, str, Any], int] = {}
        self.rows: list[Row] = []
        events = [event for event in case["events"] if event["seq"] <= last_seq]
        cancelled = {event["ref"] for event in events if event["type"] == "cancel"}
        events = [event for event in events if event["seq"] not in cancelled]
        self.by_seq = {event["seq"]: event for event in events}
        standard = case.get("initial_standard_cost")
        self.known = None if standard is None else millionths(standard)
        self.standards = {e["item"]: millionths(e["standard_cost"]) for e in events if "standard_cost" in e}
        self.start()
        for event in sorted(events, key=lambda event: (event.get("day", 0), event["seq"])):
            if moves(event):
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
                self.pools["I", "W", None] = 0

    def add(
        self, event: dict[str, Any], op: int, quantity: int, amount: int | None = None, **more: Any
    ) -> None:
        item = event.get("item", "I")
        place = (item, event.get("warehouse", "W"), event.get("batch"))
        pool = self.pools.setdefault(place, len(self.pools))
        method, known = self.of_item(item)
        more.setdefault("unit_cost", known if op != IN_AMOUNT or method == STANDARD else None)
        more.setdefault("own_slot", event["seq"])
        self.rows.append(Row(op, quantity, amount, method, pool_key=pool, event_id=str(event["seq"]), **more))

    def of_item(self, item: str) -> tuple[int, int | None]:
        """Its method and the price that is set for it."""
        return (STANDARD, self.standards[item]) if item in self.standards else (self.method, self.known)

    def receipt(self, event: dict[str, Any]) -> None:
        quantity = units(Fraction(str(event["qty"])) * Fraction(str(event.get("uom_factor", 1))))
        priced = "unit_cost" in event or self.of_item(event.get("item", "I"))[0] == STANDARD
        self.add(
            event,
            IN_AMOUNT if priced else IN_CURRENT,
            quantity,
            worth(event) if "unit_cost" in event else None,
        )

    def adjust(self, event: dict[str, Any]) -> None:
        """The first count of an empty place is a receipt, a later one the difference to what is there."""
        place = self.pools.get((event.get("item", "I"), event.get("warehouse", "W"), event.get("batch")))
        if place is None or "unit_cost" in event:
            self.receipt(event)
            return
        difference = units(event["qty"]) - Figures(self.rows, self.late_cost).pools[place][0]
        self.add(event, OUT if difference < 0 else IN_CURRENT, difference)

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
        """By quantity over the receipts it is for, the rest to the last."""
        refs = [*event.get("also_refs", []), event["ref"]]
        left = cents(Fraction(str(event["amount"])) * Fraction(str(event.get("fx", 1))))
        for place, ref in enumerate(refs):
            quantity = [Fraction(str(self.by_seq[seq]["qty"])) for seq in refs[place:]]
            share = half_up(left * quantity[0] / sum(quantity))
            left -= share
            of_item = {"item": self.by_seq[ref].get("item", "I")}
            self.add(event | of_item, VALUE, 0, share, original_slot=ref, own_slot=-1)

    def invoice_in(self, event: dict[str, Any]) -> None:
        self.rows.append(Row(CARRIED_STATE, units(event["on_hand"]), 0, self.method))
        matched = units(event["matched_qty"])
        self.add(event, VALUE, 0, cents(event["variance"]), original_quantity=matched, original_amount=0)

    def revalue(self, event: dict[str, Any]) -> None:
        if self.of_item(event.get("item", "I"))[0] == STANDARD:
            self.add(event, REVALUE, 0, unit_cost=millionths(event["new_standard_cost"]))
        elif "new_standard_cost" in event:
            self.set_average(event)
        elif "factor" in event:
            balance = Figures(self.rows, self.late_cost).records[-1]["balance_amount"]
            self.add(event, VALUE, 0, half_up(balance * (Fraction(str(event["factor"])) - 1)))
        elif "amount" in event:
            self.add(event, VALUE, 0, cents(event["amount"]))

    def set_average(self, event: dict[str, Any]) -> None:
        """A new price by hand, to the digits its system keeps: the difference on what is there is value."""
        price = round(Fraction(str(event["new_standard_cost"])), self.case["precision"]["unit_cost"])
        self.known = millionths(price)
        if self.rows:
            quantity, amount = Figures(self.rows, self.late_cost).pools[0]
            self.add(event, VALUE, 0, cents(price * quantity / 10_000) - amount if quantity > 0 else 0)

    def transfer(self, event: dict[str, Any]) -> None:
        quantity, slot = units(event["qty"]), event["seq"]
        self.add(event | {"warehouse": event["from"]}, OUT, -quantity)
        self.add(event | {"warehouse": event["to"]}, IN_ORIGINAL, quantity, original_slot=slot, own_slot=-1)

    def repack(self, event: dict[str, Any]) -> None:
        seq = {"seq": event["seq"]}
        for part in event["consume"]:
            self.add(part | seq, OUT, -units(part["qty"]), own_slot=-1, order_slot=event["seq"])
        extra = cents(event.get("additional_cost", 0))
        shares = {"order_slot": event["seq"], "share_before": 0, "share_after": 1, "share_total": 1}
        self.add(event["produce"] | seq, PRODUCED, units(event["produce"]["qty"]), extra, **shares)
