"""The ground the oracle stands on: exact rounding, what a pool remembers, and what a row by itself is worth.
The methods are in `oracle_perpetual` and `oracle_period`, the walk over the rows in `oracle`."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.costing.rows import Row

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
    amount: int | None = 0
    source: int = 0


class Ground:
    """Policies, pools, originals and results; the row at hand may expense part of what it gives."""

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
        if amount is None:
            raise RefusedError("overflow")
        if quantity == 0 and row.original_quantity and row.original_amount is not None:
            quantity, amount = row.original_quantity, fits(amount + row.original_amount)
        if quantity == 0:
            return None
        return half_up(Fraction(max(amount, 0) * abs(row.quantity), quantity))

    def correct(self, slot: int, amount: int) -> None:
        """The original turned out to be worth more; beyond 64 bits nobody can go by it any more."""
        if slot < 0 or amount == 0:
            return
        kept = self.originals.setdefault(slot, Original())
        total = LIMIT + 1 if kept.amount is None else kept.amount + amount
        kept.amount = None if abs(total) > LIMIT else total

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

    def learn(self, pool: Pool, quantity: int, amount: int) -> None:
        if quantity > 0 and amount > 0:
            pool.last = Fraction(amount, quantity)
