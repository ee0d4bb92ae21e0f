"""One movement to explain, with what stands around it, and the sentences that more than one method says."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from pipelines.stock_card.arithmetic import (
    Equation,
    count,
    equation,
    less,
    money,
    quotient,
    share,
    sum_of,
    times,
)

if TYPE_CHECKING:
    from pipelines.books import Costing
    from pipelines.evidence.labels import Labels
    from pipelines.stock_card.pool import Pool
    from pipelines.stock_card.reading import Facts, Row

ZERO = Decimal(0)


class Told(NamedTuple):
    """Sentences, and the amount into stock (below zero: out of it) that they arrive at."""

    sentences: list[str]
    value: Decimal


@dataclass(frozen=True)
class Case:
    """The row, the pool before it, the published facts, the policies and the words."""

    row: Row
    pool: Pool
    facts: Facts
    policy: Costing
    labels: Labels

    @property
    def moved(self) -> Decimal:
        """The quantity without its sign."""
        return abs(Decimal(self.row["quantity"]))

    @property
    def own(self) -> Decimal:
        """What the row was worth by itself: what went into stock and what did not."""
        return Decimal(self.row["amount"] + self.row["expensed_amount"])

    @property
    def original(self) -> Row | None:
        """The movement that the row goes by."""
        return self.facts.events.get(self.row["original_event_id"] or "")

    def units(self, quantity: Decimal) -> str:
        """A quantity with the item's unit."""
        return f"{count(quantity)} {self.facts.item.unit}".rstrip()

    def say(self, key: str, **fields: object) -> str:
        """A sentence of the catalogue."""
        return self.labels(f"card.why.{key}", **fields)

    def document(self, row: Row | None) -> str:
        """The document of a movement, by type and number."""
        return self.labels.movement(row) if row else ""

    def source(self) -> str:
        """The document that the row goes by; one that is not published by what its event is called."""
        if self.original is not None:
            return self.document(self.original)
        kind, _, number = str(self.row["original_event_id"] or "").partition(":")
        number = number.rpartition(":")[0] or number
        return self.labels.document(kind, number) if number else self.say("no_receipt")

    def at_unit_cost(self, amount: Decimal, quantity: Decimal, whole: Decimal) -> Equation:
        """`quantity` at amount ÷ whole, or at that quotient rounded as the books say."""
        if self.policy.unit_cost_decimals == "exact":
            return share(amount, quantity, whole)
        unit = quotient(amount, whole, int(self.policy.unit_cost_decimals))
        value = times(quantity, unit.value)
        return Equation(f"{unit.text}; {value.text}", value.value)

    def estimate(self, short: Decimal, taken: Decimal) -> tuple[str, Decimal]:
        """What leaves below zero: at the last known cost, else as the row itself says."""
        quantity, amount = self.pool.last
        if quantity > 0:
            value = self.at_unit_cost(amount, short, quantity)
            return self.say("estimate", quantity=self.units(short), equation=value.text), value.value
        rest = -Decimal(self.row["amount"]) - taken
        return self.say("estimate_given", quantity=self.units(short), amount=money(rest)), rest

    def with_estimate(self, sentences: list[str], taken: Decimal, short: Decimal) -> Told:
        """What was there and, when that was not enough, an estimate of the rest."""
        if short <= 0:
            return Told(sentences, -taken)
        sentence, value = self.estimate(short, taken)
        if not sentences:
            return Told([sentence], -value)
        return Told([*sentences, sentence, sum_of([taken, value]).text], -taken - value)

    def rate(self) -> tuple[str, Equation] | None:
        """The period's average and what the row is worth at it; None where there is nothing to divide."""
        quantity, amount = self.pool.total
        if quantity <= 0 or amount < 0:
            return None
        (had, worth), (came, cost) = self.pool.opening, self.pool.received
        left = f"({money(worth)} + {money(cost)}) ÷ ({count(had)} + {count(came)})" if had or worth else ""
        places = 6 if self.policy.unit_cost_decimals == "exact" else int(self.policy.unit_cost_decimals)
        left = left or f"{money(cost)} ÷ {count(came)}"
        unit = equation(left, Fraction(amount) / Fraction(quantity), places)
        exact = self.policy.unit_cost_decimals == "exact"
        value = share(amount, self.moved, quantity) if exact else times(self.moved, unit.value)
        return self.say("rate", equation=unit.text), value

    def original_value(self, original: Row) -> Told:
        """The row's quantity at the cost of the movement that it goes by, with later corrections of that."""
        is_past = original["period"] != self.row["period"]
        base = abs(original["amount"] + (ZERO if is_past else original["expensed_amount"]))
        parts = [base, *self._corrections(original)]
        amount, quantity = sum(parts, ZERO), abs(original["quantity"])
        document = self.document(original)
        shown = sum_of(parts).text if len(parts) > 1 else money(amount)
        sentence = self.say("original", document=document, quantity=self.units(quantity), amount=shown)
        if quantity == self.moved:
            return Told([sentence], amount)
        value = share(amount, self.moved, quantity)
        return Told([sentence, value.text], value.value)

    def _corrections(self, original: Row) -> list[Decimal]:
        later = [
            row
            for row in self.facts.rows
            if row["original_event_id"] == original["event_id"]
            and (row["period"], row["quantity"]) == (self.row["period"], 0)
            and row["sequence_no"] < self.row["sequence_no"]
        ]
        return [
            row["amount"] * (-1 if row["cost_basis"] == "true_up" else 1) for row in later if row["amount"]
        ]

    def not_in_stock(self) -> list[str]:
        """What did not go into stock, where anything did not."""
        if not self.row["expensed_amount"]:
            return []
        follows = self.row["cost_basis"] == "late_cost" and self.policy.late_cost != "expense"
        key = "followed" if follows else "expensed"
        if self.row["costing_method"] == "standard":
            key = "variance"
        in_stock = self.row["amount"]
        text = less(self.own, in_stock).text if in_stock else f"{self.own:,.2f}"
        return [self.say(key, equation=text)]
