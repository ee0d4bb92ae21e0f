"""What stands in a pool before each movement: balance, last known cost, layers, open issues below zero, the
period's totals. It follows the published amounts and values nothing; the words are in `reasons`."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pipelines.stock_card.arithmetic import rounded

if TYPE_CHECKING:
    from pipelines.stock_card.reading import Facts, Row

ZERO = Decimal(0)
RECEIVING = ("given_amount", "late_cost", "from_order", "true_up")


@dataclass
class Layer:
    """What is left of a receipt, and how much it was."""

    quantity: Decimal
    amount: Decimal
    original: Decimal


@dataclass
class Negative:
    """Units that left before they came, at an estimate."""

    event_id: str
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Fill:
    """Part of an issue below zero that a receipt filled: its estimate and what it was worth."""

    receipt: str
    quantity: Decimal
    estimate: Decimal
    worth: Decimal


@dataclass
class Pool:
    """One pool in one period, before the row that comes next."""

    period: str
    quantity: Decimal = ZERO
    amount: Decimal = ZERO
    last: tuple[Decimal, Decimal] = (ZERO, ZERO)
    """Quantity and amount of the last known cost."""
    standard: Decimal | None = None
    layers: dict[str, Layer] = field(default_factory=dict)
    negatives: list[Negative] = field(default_factory=list)
    fills: dict[tuple[str, int], Fill] = field(default_factory=dict)
    opening: tuple[Decimal, Decimal] = (ZERO, ZERO)
    received: tuple[Decimal, Decimal] = (ZERO, ZERO)
    issued: tuple[Decimal, Decimal] = (ZERO, ZERO)

    @property
    def total(self) -> tuple[Decimal, Decimal]:
        """Quantity and amount that the period's rate divides."""
        return self.opening[0] + self.received[0], self.opening[1] + self.received[1]


def open_pool(facts: Facts, period: str, code: str, rows: list[Row]) -> Pool:
    """The pool as the period before handed it over, with the totals of the period's own rows."""
    pool = Pool(period)
    for state in facts.opened.get((period, code, "cost_state"), []):
        pool.quantity, pool.amount = units(state["quantity"]), cents(state["amount"])
        pool.last = units(state["last_cost_quantity"] or 0), cents(state["last_cost_amount"] or 0)
        pool.standard = _cost(state["unit_cost"])
    for layer in facts.opened.get((period, code, "open_layer"), []):
        figures = units(layer["quantity"]), cents(layer["amount"]), units(layer["original_quantity"])
        pool.layers[layer["source_event_id"]] = Layer(*figures)
    for issue in facts.opened.get((period, code, "negative_issue"), []):
        pool.negatives.append(Negative(issue["event_id"], units(issue["quantity"]), cents(issue["amount"])))
    if pool.standard is None and not any(row["cost_basis"] == "new_standard" for row in rows):
        pool.standard = _cost(facts.closed.get((period, code), {}).get("unit_cost"))
    if rows and rows[0]["costing_method"] == "periodic_average":
        _open_period(facts, pool, rows)
    return pool


def units(scaled: int) -> Decimal:
    """A quantity from 1/10,000 units."""
    return Decimal(scaled).scaleb(-4)


def cents(minor: int) -> Decimal:
    """An amount from its minor units."""
    return Decimal(minor).scaleb(-2)


def _cost(scaled: int | None) -> Decimal | None:
    return None if scaled is None else Decimal(scaled).scaleb(-6)


def is_past(facts: Facts, row: Row) -> bool:
    """Whether the row goes by a document of an earlier period."""
    original = facts.events.get(row["original_event_id"] or "")
    return original is not None and original["period"] != row["period"]


def is_receipt(facts: Facts, row: Row) -> bool:
    """Under periodic average: whether the row is part of the rate, not valued by it."""
    return row["cost_basis"] in RECEIVING or (row["cost_basis"] == "original_cost" and is_past(facts, row))


def _open_period(facts: Facts, pool: Pool, rows: list[Row]) -> None:
    pool.opening = pool.quantity, pool.amount
    parts = [row for row in rows if is_receipt(facts, row)]
    pool.received = sum((row["quantity"] for row in parts), ZERO), sum((row["amount"] for row in parts), ZERO)
    quantity, worth = pool.received
    corrected = sum((row["amount"] for row in parts if row["cost_basis"] == "true_up"), ZERO)
    if pool.negatives and quantity > 0:
        _fill(pool, rows[0]["event_id"], rows[0]["sequence_no"], quantity, worth - corrected)
    pool.last = pool.total if pool.total[0] > 0 else (quantity, worth) if quantity > 0 else pool.last


def _fill(
    pool: Pool, receipt: str, sequence: int, quantity: Decimal, amount: Decimal
) -> tuple[Decimal, Decimal]:
    """Fill open issues below zero, oldest first; returns the quantity filled and what it is worth."""
    filled, worth = ZERO, ZERO
    while pool.negatives and filled < quantity:
        negative = pool.negatives[0]
        part = min(negative.quantity, quantity - filled)
        rest = negative.quantity - part
        estimate = negative.amount - (_part(negative.amount, rest, negative.quantity) if rest else ZERO)
        filled += part
        value = _part(amount, filled, quantity) - worth
        worth += value
        pool.fills[negative.event_id, sequence] = Fill(receipt, part, estimate, value)
        negative.quantity, negative.amount = rest, negative.amount - estimate
        if not rest:
            pool.negatives.pop(0)
    return filled, worth


def _part(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    return rounded(Fraction(amount) * Fraction(part) / Fraction(whole), 2)


def apply(facts: Facts, pool: Pool, row: Row) -> None:
    """Let the row happen."""
    method, quantity, amount = row["costing_method"], row["quantity"], row["amount"]
    if row["cost_basis"] == "inside_pool":
        return
    if method in ("moving_average", "fifo"):
        if quantity > 0:
            _receive(facts, pool, row)
        elif quantity < 0:
            _issue(facts, pool, row)
        elif row["cost_basis"] == "late_cost":
            _adjust(pool, row)
    elif not is_receipt(facts, row):
        pool.issued = pool.issued[0] - quantity, pool.issued[1] - amount
    pool.quantity, pool.amount = pool.quantity + quantity, pool.amount + amount
    if method == "moving_average" and quantity <= 0 and amount and _teaches(row) and pool.quantity > 0:
        _remember(pool, pool.quantity, pool.amount)


def _teaches(row: Row) -> bool:
    return row["cost_basis"] in ("late_cost", "original_cost", "given_amount")


def _remember(pool: Pool, quantity: Decimal, amount: Decimal) -> None:
    if quantity > 0 and amount > 0:
        pool.last = quantity, amount


def _receive(facts: Facts, pool: Pool, row: Row) -> None:
    quantity, amount = row["quantity"], row["amount"]
    before = {name: fill.estimate - fill.worth for name, fill in pool.fills.items()}
    filled, worth = _fill(pool, row["event_id"], row["sequence_no"], quantity, amount)
    corrected = sum((f.estimate - f.worth for name, f in pool.fills.items() if name not in before), ZERO)
    if row["costing_method"] == "fifo" and filled < quantity:
        pool.layers[row["event_id"]] = Layer(quantity - filled, amount - worth, quantity)
    is_known = row["cost_basis"] in ("given_amount", "from_order") or row["original_event_id"] in facts.events
    if not is_known and pool.last[0]:
        return
    after = pool.quantity + quantity
    if row["costing_method"] == "fifo" or after <= 0:
        _remember(pool, quantity, amount)
    else:
        _remember(pool, after, pool.amount + amount + corrected)


def taken_from(facts: Facts, pool: Pool, row: Row) -> list[Row]:
    """What a FIFO issue consumed of the layers that were there."""
    consumed = facts.consumed.get((row["period"], row["event_id"]), [])
    return [part for part in consumed if part["source_event_id"] in pool.layers]


def _issue(facts: Facts, pool: Pool, row: Row) -> None:
    there = min(-row["quantity"], max(pool.quantity, ZERO))
    taken = max(pool.amount, ZERO) if there else ZERO
    if row["costing_method"] == "fifo":
        parts = taken_from(facts, pool, row)
        taken = sum((part["amount"] for part in parts), ZERO)
        for part in parts:
            layer = pool.layers[part["source_event_id"]]
            layer.quantity, layer.amount = layer.quantity - part["quantity"], layer.amount - part["amount"]
            if not layer.quantity:
                del pool.layers[part["source_event_id"]]
    if -row["quantity"] > there:
        pool.negatives.append(Negative(row["event_id"], -row["quantity"] - there, -row["amount"] - taken))


def _adjust(pool: Pool, row: Row) -> None:
    layer = pool.layers.get(row["original_event_id"] or "")
    if layer is None:
        return
    layer.amount += row["amount"]
    if layer is list(pool.layers.values())[-1]:
        _remember(pool, layer.quantity, layer.amount)
