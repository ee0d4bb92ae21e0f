"""The ground the oracle stands on: exact rounding, what a pool remembers, and what a row by itself is worth.
The methods are in `oracle_perpetual` and `oracle_period`, the walk over the rows in `oracle`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.costing.rows import Row

LIMIT = 2**63 - 1


class RefusedError(Exception):
    """The row cannot be valued; its text is the error code."""


def fits(value: int) -> int:
    if abs(value) > LIMIT:
        raise RefusedError("overflow")
    return value


def half_up(value: Fraction) -> int:
    """Rounded half away from zero."""
    return fits(floor(abs(value) + Fraction(1, 2)) * (1 if value >= 0 else -1))


def plus(total: int | None, amount: int) -> int | None:
    """A sum that is lost once it was beyond 64 bits."""
    return None if total is None or abs(total + amount) > LIMIT else total + amount


@dataclass
class Piece:
    """A layer, or an issue below zero: positive quantity, its worth, the row it stems from."""

    quantity: int
    amount: int
    source: int
    original: int = 0
    slot: int = -1
    order: int = -1


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
    opening: int = 0
    last_row: int = 0
    last_issue: int = 0

    def copy(self) -> Pool:
        return replace(
            self, layers=[replace(piece) for piece in self.layers], short=[replace(p) for p in self.short]
        )


class Original(NamedTuple):
    quantity: int = 0
    amount: int | None = 0
    source: int = 0


class Order(NamedTuple):
    """What went into an order, None beyond 64 bits, and whether a receipt has taken its share."""

    amount: int | None = 0
    shared: bool = False


class Ground:
    """Policies, pools, originals and results; the row at hand may expense part of what it gives."""

    def __init__(
        self,
        *,
        late_cost: str,
        negative_stock: str,
        unit_cost_decimals: int | None = None,
        amount_decimals: int = 2,
    ) -> None:
        self.late_cost = late_cost
        self.may_be_short = negative_stock != "refuse"
        self.unit_cost_decimals = unit_cost_decimals
        self.scale = 10 ** (10 - amount_decimals)  # millionths × ten-thousandths in a minor unit
        self.minor = Fraction(1, 10**amount_decimals)
        self.pools: dict[tuple[int, int], Pool] = {}
        self.originals: dict[int, Original] = {}
        self.orders: dict[int, Order] = {}
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
            return half_up(Fraction(row.quantity * row.unit_cost, self.scale))
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
        kept = self.originals.get(slot, Original())
        self.originals[slot] = kept._replace(amount=plus(kept.amount, amount))

    def add_to_order(self, slot: int, amount: int) -> None:
        """Receipts that took their share before say nothing of what comes later."""
        order = self.orders.get(slot, Order())
        if slot >= 0 and not order.shared:
            self.orders[slot] = order._replace(amount=plus(order.amount, amount))

    def rounded(self, cost: Fraction) -> Fraction:
        """A unit value (minor units per 1/10,000 unit) as the policy prints it."""
        if self.unit_cost_decimals is None:
            return cost
        printed = Fraction(10**self.unit_cost_decimals) * self.minor * 10_000
        return half_up(cost * printed) / printed

    def late_share(self, row: Row, there: int, received: int) -> int:
        """What of a late cost is for goods that are still there, as the policy sees it."""
        assert row.amount is not None
        if self.late_cost == "on_hand_share" and received > 0:
            return half_up(Fraction(row.amount * min(max(there, 0), received), received))
        return 0 if self.late_cost == "expense" else row.amount

    def received(self, row: Row) -> int:
        """The quantity of the receipt that a late cost is for."""
        return self.originals.get(row.original_slot, Original()).quantity or row.original_quantity or 0

    def known(self, pool: Pool, row: Row) -> Fraction | None:
        """Cents per 1/10,000 unit: the last known cost, else the given one."""
        if pool.last is not None:
            return self.rounded(pool.last)
        return None if row.unit_cost is None or row.unit_cost < 0 else Fraction(row.unit_cost, self.scale)

    def unit(self, pool: Pool, row: Row) -> Fraction | None:
        if pool.quantity > 0:
            return self.rounded(Fraction(pool.amount, pool.quantity))
        return self.known(pool, row)

    def current(self, pool: Pool, row: Row) -> int:
        cost = self.unit(pool, row)
        if cost is None:
            raise RefusedError("no_cost")
        return half_up(cost * abs(row.quantity))

    def learn(self, pool: Pool, quantity: int, amount: int) -> None:
        if quantity > 0 and amount > 0:
            pool.last = Fraction(amount, quantity)
