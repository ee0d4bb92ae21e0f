"""What movements are worth, a second time: plain fractions and lists, a few lines per method, slow and
obvious. The kernel must agree with it on everything the tests invent."""

from __future__ import annotations

from copy import deepcopy
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.costing.oracle_ground import LIMIT, SCALE, Original, Piece, Pool, RefusedError, fits, half_up
from tests.costing.oracle_period import PlannedAndPeriodic
from tests.costing.rows import (
    CARRIED_LAYER,
    CARRIED_NEGATIVE,
    CARRIED_STATE,
    NEUTRAL,
    PERIODIC_AVERAGE,
    STANDARD,
)

if TYPE_CHECKING:
    from tests.costing.rows import Row

__all__ = ["LIMIT", "Oracle", "RefusedError", "half_up"]


class Oracle(PlannedAndPeriodic):
    """Values rows one by one; the results are lists that tests compare."""

    def value_all(self, rows: list[Row]) -> Oracle:
        for row in rows:
            self.value(row)
        return self

    def value(self, row: Row) -> None:
        key = (row.component_key, row.pool_key)
        pool = self.pools.setdefault(key, Pool())
        if row.op >= CARRIED_STATE:
            self.carry(pool, row)
            return
        kept = deepcopy(pool), deepcopy(self.originals), len(self.true_ups), len(self.consumptions)
        out, self.expensed = 0, 0
        try:
            out = self.amount_of(pool, row)
            fits(pool.quantity), fits(pool.amount), fits(out)
            if row.own_slot >= 0 and row.quantity:
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
            pool.layers.append(
                Piece(row.quantity, row.amount or 0, row.sequence_no, row.original_quantity or 0)
            )
        elif row.op == CARRIED_NEGATIVE:
            pool.short.append(Piece(row.quantity, row.amount or 0, row.sequence_no, slot=slot))
        if slot >= 0:
            self.originals[slot] = Original(0, 0, row.sequence_no)

    def amount_of(self, pool: Pool, row: Row) -> int:
        if row.op == NEUTRAL:
            return self.inside(pool, row)
        if row.method == STANDARD:
            return self.standard(pool, row)
        if row.method == PERIODIC_AVERAGE:
            return self.periodic(pool, row)
        return self.perpetual(pool, row)

    def inside(self, pool: Pool, row: Row) -> int:
        if (
            self.moved
            and row.quantity > 0
            and row.pool_key == self.moved[0].pool_key
            and (row.component_key == self.moved[0].component_key and row.quantity == -self.moved[0].quantity)
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
