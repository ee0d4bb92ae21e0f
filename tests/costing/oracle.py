"""What movements are worth, a second time: plain fractions and lists, a few lines per method, slow and obvious.
Written from the costing rules, not from the kernel; the kernel must agree with it on everything the tests invent."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from tests.costing.rows import (
    CARRIED_LAYER, CARRIED_NEGATIVE, CARRIED_STATE, FIFO, IN_AMOUNT, IN_CURRENT, IN_ORIGINAL, NEUTRAL, OUT,
    OUT_ORIGINAL, PERIODIC_AVERAGE, REVALUE, STANDARD, VALUE, Row,
)  # fmt: skip

LIMIT = 2**63 - 1
SCALE = 10**8  # millionths × ten-thousandths in a cent


class RefusedError(Exception):
    """The row cannot be valued; its text is the error code."""


def fits(value: int) -> int:
    if abs(value) > LIMIT:
        raise RefusedError("overflow")
    return value


def half_up(value: Fraction) -> int:
    """Rounded half away from zero."""
    return fits(floor(abs(value) + Fraction(1, 2)) * (1 if value >= 0 else -1))


@dataclass
class Piece:
    """A layer, or an issue below zero: positive quantity, its worth, the row it stems from."""

    quantity: int
    amount: int
    source: int
    original: int = 0
    slot: int = -1


@dataclass
class Pool:
    quantity: int = 0
    amount: int = 0
    last: Fraction | None = None
    standard: int | None = None
    layers: list[Piece] = field(default_factory=list)
    short: list[Piece] = field(default_factory=list)
    received: tuple[int, int] | None = None  # periodic average: the totals of the period
    issued: tuple[int, int] = (0, 0)
    last_issue: int = 0


@dataclass
class Original:
    quantity: int = 0
    amount: int = 0
    source: int = 0


class Oracle:
    """Values rows one by one; the results are lists that tests compare."""

    def __init__(self, *, late_cost: str, negative_stock: str) -> None:
        self.late_to_stock = late_cost == "stock"
        self.may_be_short = negative_stock != "refuse"
        self.pools: dict[tuple[int, int], Pool] = {}
        self.originals: dict[int, Original] = {}
        self.movements: list[tuple[int, int, int, int, int]] = []
        self.true_ups: list[tuple[int, int, int]] = []
        self.consumptions: list[tuple[int, int, int, int]] = []
        self.errors: list[tuple[int, str]] = []
        self.expensed = 0
        self.moved: tuple[Row, int] | None = None

    def value_all(self, rows: list[Row]) -> Oracle:
        for row in rows:
            self.value(row)
        return self

    def value(self, row: Row) -> None:
        key = (row.item_key, row.pool_key)
        pool = self.pools.setdefault(key, Pool())
        if row.op >= CARRIED_STATE:
            self.carry(pool, row)
            return
        kept = deepcopy(pool), deepcopy(self.originals), len(self.true_ups), len(self.consumptions)
        out, self.expensed = 0, 0
        try:
            out = self.amount_of(pool, row)
            fits(pool.quantity), fits(pool.amount)
            if row.own_slot >= 0:
                whole = abs(out + self.expensed)
                self.originals[row.own_slot] = Original(abs(row.quantity), whole, row.sequence_no)
        except RefusedError as error:
            self.errors.append((row.sequence_no, str(error)))
            pool, self.originals, self.expensed, out = kept[0], kept[1], 0, 0
            del self.true_ups[kept[2] :], self.consumptions[kept[3] :]
            if str(error) == "no_cost" and row.quantity > 0:  # the goods are there all the same
                self.put_unpriced(pool, row)
            self.pools[key] = pool
        self.movements.append((row.sequence_no, out, self.expensed, pool.quantity, pool.amount))
        if row.op != NEUTRAL:
            self.moved = None

    def put_unpriced(self, pool: Pool, row: Row) -> None:
        if row.method != PERIODIC_AVERAGE:
            self.put(pool, row, 0, learn=False)
            return
        pool.quantity += row.quantity
        pool.issued = (pool.issued[0] - row.quantity, pool.issued[1])

    def carry(self, pool: Pool, row: Row) -> None:
        slot = row.own_slot
        if row.op == CARRIED_STATE:
            pool.quantity, pool.amount, pool.standard = row.quantity, row.amount or 0, row.unit_cost
            if row.last_cost_quantity:
                pool.last = Fraction(row.last_cost_amount or 0, row.last_cost_quantity)
        elif row.op == CARRIED_LAYER:
            pool.layers.append(Piece(row.quantity, row.amount or 0, row.sequence_no, row.original_quantity or 0))
        elif row.op == CARRIED_NEGATIVE:
            pool.short.append(Piece(row.quantity, row.amount or 0, row.sequence_no, slot=slot))
        if slot >= 0:
            self.originals[slot] = Original(0, 0, row.sequence_no)

    # ---- which rule values the row -------------------------------------------------------------------------------

    def amount_of(self, pool: Pool, row: Row) -> int:
        if row.op == NEUTRAL:
            return self.inside(pool, row)
        if row.method == STANDARD:
            return self.standard(pool, row)
        if row.method == PERIODIC_AVERAGE:
            return self.periodic(pool, row)
        if row.op == VALUE or (row.op == IN_AMOUNT and row.quantity == 0):
            return self.late(pool, row)
        if row.quantity == 0:
            return 0
        if row.op == IN_AMOUNT:
            amount = self.given(row)
            if row.quantity > 0:
                self.put(pool, row, amount, learn=True)
                return amount
            out = -self.take(pool, row, worth=-amount)
            self.expensed = amount - out
            return out
        worth = self.original(row) if row.op in (IN_ORIGINAL, OUT_ORIGINAL) else None
        if row.quantity < 0:
            return -self.take(pool, row, worth=worth)
        if worth is not None:
            self.put(pool, row, worth, learn=True)
            return worth
        unknown = pool.last is None
        worth = self.current(pool, row)
        self.put(pool, row, worth, learn=unknown)
        return worth

    def given(self, row: Row) -> int:
        if row.amount is None:
            if row.unit_cost is None or row.unit_cost < 0:
                raise RefusedError("no_cost")
            return half_up(Fraction(row.quantity * row.unit_cost, SCALE))
        if row.amount * row.quantity < 0:
            raise RefusedError("negative_cost")
        return row.amount

    def original(self, row: Row) -> int | None:
        kept = self.originals.get(row.original_slot, Original())
        quantity, amount = kept.quantity, kept.amount
        if quantity == 0 and row.original_quantity and row.original_amount is not None:
            quantity, amount = row.original_quantity, fits(amount + row.original_amount)
        if quantity == 0:
            return None
        return half_up(Fraction(max(amount, 0) * abs(row.quantity), quantity))

    def known(self, pool: Pool, row: Row) -> Fraction | None:
        """Cents per 1/10,000 unit: the last known cost, else the given one."""
        if pool.last is not None:
            return pool.last
        return None if row.unit_cost is None or row.unit_cost < 0 else Fraction(row.unit_cost, SCALE)

    def current(self, pool: Pool, row: Row) -> int:
        cost = Fraction(pool.amount, pool.quantity) if pool.quantity > 0 else self.known(pool, row)
        if cost is None:
            raise RefusedError("no_cost")
        return half_up(cost * abs(row.quantity))

    def inside(self, pool: Pool, row: Row) -> int:
        if self.moved and row.quantity > 0 and row.pool_key == self.moved[0].pool_key and (
            row.item_key == self.moved[0].item_key and row.quantity == -self.moved[0].quantity
        ):
            out = -self.moved[1]
            self.moved = None
            return out
        if row.method == STANDARD and pool.standard is not None:
            cost: Fraction | None = Fraction(pool.standard, SCALE)
        elif row.method == PERIODIC_AVERAGE:
            self.start(pool, row)
            cost = self.rate(pool, row)
        else:
            cost = Fraction(pool.amount, pool.quantity) if pool.quantity > 0 else self.known(pool, row)
        worth = half_up((cost or Fraction(0)) * abs(row.quantity))
        if row.quantity < 0:
            self.moved = (row, -worth)
            return -worth
        return worth

    # ---- moving average and FIFO ---------------------------------------------------------------------------------

    def put(self, pool: Pool, row: Row, amount: int, *, learn: bool) -> None:
        before = pool.quantity, pool.amount
        filled, worth, corrected = self.fill(pool, row, row.quantity, amount)
        pool.quantity, pool.amount = fits(before[0] + row.quantity), fits(before[1] + amount + corrected)
        if row.method == FIFO and filled < row.quantity:
            left = Piece(row.quantity - filled, amount - worth, row.sequence_no, row.quantity)
            pool.layers.append(left)
        if learn and row.method != FIFO and pool.quantity > 0:
            self.learn(pool, pool.quantity, pool.amount)
        elif learn:
            self.learn(pool, row.quantity, amount)

    def learn(self, pool: Pool, quantity: int, amount: int) -> None:
        if quantity > 0 and amount > 0:
            pool.last = Fraction(amount, quantity)

    def fill(self, pool: Pool, row: Row, quantity: int, amount: int) -> tuple[int, int, int]:
        """A receipt covers what was issued below zero, oldest first, at differences of its rounded shares."""
        filled, worth, corrected = 0, 0, 0
        while pool.short and filled < quantity:
            issue = pool.short[0]
            part = min(issue.quantity, quantity - filled)
            estimate = issue.amount - half_up(Fraction(issue.amount * (issue.quantity - part), issue.quantity))
            filled += part
            share = half_up(Fraction(amount * filled, quantity)) - worth
            worth, corrected = worth + share, corrected + estimate - share
            if row.method == FIFO:
                self.consumptions.append((issue.source, row.sequence_no, part, share))
            if estimate != share:
                self.true_ups.append((issue.source, row.sequence_no, estimate - share))
            if issue.slot in self.originals:
                self.originals[issue.slot].amount -= estimate - share
            issue.quantity, issue.amount = issue.quantity - part, issue.amount - estimate
            if issue.quantity == 0:
                pool.short.pop(0)
        return filled, worth, corrected

    def take(self, pool: Pool, row: Row, worth: int | None) -> int:
        quantity = -row.quantity
        there = min(quantity, max(pool.quantity, 0))
        short = quantity - there
        if short and not self.may_be_short:
            raise RefusedError("negative_refused")
        if worth is None:
            estimate = half_up((self.known(pool, row) or Fraction(0)) * short) if row.op != IN_AMOUNT else 0
        else:
            estimate = half_up(Fraction(worth * short, quantity))
        fits(max(pool.amount, 0) + estimate)
        if row.method == FIFO:
            taken = self.take_layers(pool, row, there)
        elif there == pool.quantity:
            taken = pool.amount
        elif there == 0:
            taken = 0
        elif worth is not None:
            taken = min(worth, pool.amount)
        else:
            taken = pool.amount - half_up(Fraction(pool.amount * (pool.quantity - there), pool.quantity))
        pool.quantity, pool.amount = fits(pool.quantity - quantity), fits(pool.amount - taken - estimate)
        if short:
            pool.short.append(Piece(short, estimate, row.sequence_no, slot=row.own_slot))
        elif worth is not None and row.method != FIFO:
            self.learn(pool, pool.quantity, pool.amount)
        return taken + estimate

    def take_layers(self, pool: Pool, row: Row, quantity: int) -> int:
        ordered = list(pool.layers)
        if row.op in (IN_AMOUNT, OUT_ORIGINAL) and row.original_slot >= 0:
            source = self.originals.get(row.original_slot, Original()).source
            ordered.sort(key=lambda layer: layer.source != source)
        worth = 0
        for layer in ordered:
            part = min(layer.quantity, quantity)
            if part == 0:
                break
            amount = half_up(Fraction(layer.amount * part, layer.quantity))
            self.consumptions.append((row.sequence_no, layer.source, part, amount))
            layer.quantity, layer.amount = layer.quantity - part, layer.amount - amount
            quantity, worth = quantity - part, worth + amount
        pool.layers = [layer for layer in pool.layers if layer.quantity]
        return worth

    def late(self, pool: Pool, row: Row) -> int:
        """Value without quantity: stock while something is there to carry it, never below zero; the rest expense."""
        if row.amount is None or row.quantity:
            raise RefusedError("unsupported_operation")
        put = 0
        if self.late_to_stock and row.method == FIFO:
            source = self.originals.get(row.original_slot, Original()).source
            for place, layer in enumerate(pool.layers):
                if layer.source == source:
                    put = max(row.amount, -layer.amount)
                    layer.amount += put
                    if place == len(pool.layers) - 1:
                        self.learn(pool, layer.quantity, layer.amount)
        elif self.late_to_stock and pool.quantity > 0:
            put = max(row.amount, -pool.amount)
        pool.amount = fits(pool.amount + put)
        if row.method != FIFO and put:
            self.learn(pool, pool.quantity, pool.amount)
        if put and row.original_slot >= 0:
            original = self.originals.setdefault(row.original_slot, Original())
            original.amount = fits(original.amount + put)
        self.expensed = fits(row.amount - put)
        return put

    # ---- standard cost -------------------------------------------------------------------------------------------

    def standard(self, pool: Pool, row: Row) -> int:
        if row.op == VALUE or (row.op == IN_AMOUNT and row.quantity == 0):
            if row.amount is None or row.quantity:
                raise RefusedError("unsupported_operation")
            self.expensed = row.amount
            return 0
        if row.op == REVALUE or pool.standard is None:
            pool.standard = row.unit_cost
        if pool.standard is None or pool.standard < 0:
            raise RefusedError("standard_cost_missing")
        if row.op != REVALUE:
            pool.quantity = fits(pool.quantity + row.quantity)
        before, pool.amount = pool.amount, half_up(Fraction(pool.quantity * pool.standard, SCALE))
        out = fits(pool.amount - before)
        worth = None
        if row.op == IN_AMOUNT and row.amount is not None:
            worth = self.given(row)
        elif row.op == IN_ORIGINAL and row.quantity > 0:
            worth = self.original(row)
        if pool.quantity < 0 and row.quantity < 0 and row.op != REVALUE and not self.may_be_short:
            raise RefusedError("negative_refused")
        self.expensed = 0 if worth is None else fits(worth - out)
        return out

    # ---- periodic average ----------------------------------------------------------------------------------------

    def start(self, pool: Pool, row: Row) -> None:
        if pool.received is not None:
            return
        if row.pool_total_quantity is None or row.pool_total_amount is None:
            raise RefusedError("pool_total_missing")
        quantity, amount = row.pool_total_quantity, row.pool_total_amount
        came, worth = quantity - pool.quantity, amount - pool.amount
        if pool.short and came > 0 and worth >= 0:
            corrected = self.fill(pool, row, came, worth)[2]
            pool.amount, amount = pool.amount + corrected, amount + corrected
        pool.received = (quantity, amount)
        self.learn(pool, *((quantity, amount) if quantity > 0 else (came, worth)))

    def rate(self, pool: Pool, row: Row) -> Fraction | None:
        quantity, amount = pool.received or (0, 0)
        return Fraction(amount, quantity) if quantity > 0 and amount >= 0 else self.known(pool, row)

    def periodic(self, pool: Pool, row: Row) -> int:
        self.start(pool, row)
        assert pool.received is not None
        total_quantity, total_amount = pool.received
        if row.op == VALUE or (row.op == IN_AMOUNT and row.quantity == 0):
            if row.amount is None or row.quantity:
                raise RefusedError("unsupported_operation")
            if not self.late_to_stock or total_quantity <= 0:
                self.expensed = row.amount
                pool.received = (total_quantity, total_amount - row.amount * self.late_to_stock)
                return 0
            pool.amount += row.amount
            if row.original_slot >= 0:
                self.originals.setdefault(row.original_slot, Original()).amount += row.amount
            return row.amount
        worth = None
        if row.op == IN_AMOUNT or (row.op == OUT_ORIGINAL and row.amount is not None):
            worth = self.given(row)
        elif row.op == OUT_ORIGINAL or (row.op == IN_ORIGINAL and row.original_quantity):
            value = self.original(row)
            worth = None if value is None else value if row.quantity > 0 else -value
        if worth is None:
            return self.at_rate(pool, row)
        pool.quantity, pool.amount = fits(pool.quantity + row.quantity), fits(pool.amount + worth)
        if pool.quantity == 0 and total_quantity == 0 and pool.issued[0] == 0:  # nothing is there: no amount either
            self.expensed, pool.amount = pool.amount, 0
            pool.received = (0, total_amount - self.expensed)
            return worth - self.expensed
        return worth

    def at_rate(self, pool: Pool, row: Row) -> int:
        """An issue, or with a positive quantity a return of one, at the period's rate.

        What crosses the point where everything is issued is cut there: up to it the exact rest, beyond it the rate.
        """
        assert pool.received is not None
        (total_quantity, total_amount), (issued_quantity, issued_amount) = pool.received, pool.issued
        before, after = total_quantity - issued_quantity, total_quantity - issued_quantity + row.quantity
        rest, rate = total_amount - issued_amount, self.rate(pool, row)
        issuing = row.quantity <= 0
        if rate is None and not issuing and not (before < 0 and after == 0):
            raise RefusedError("no_cost")
        rate = rate or Fraction(0)
        if issuing:
            pool.last_issue = row.sequence_no
        if (issuing and before > 0 >= after) or (not issuing and before < 0 <= after):
            out = -rest + (half_up(rate * after) if after else 0)
        else:
            worth = half_up(rate * abs(row.quantity))
            if issuing and before > 0 and rest >= 0:
                worth = min(worth, rest)
            if not issuing and before < 0 and rest <= 0:
                worth = min(worth, -rest)
            out = -worth if issuing else worth
        if row.quantity == 0:
            out = 0
        pool.quantity, pool.amount = fits(pool.quantity + row.quantity), fits(pool.amount + out)
        pool.issued = (fits(issued_quantity - row.quantity), fits(issued_amount - out))
        return out


__all__ = ["IN_CURRENT", "OUT", "Oracle", "RefusedError", "half_up"]
