"""What movements are worth, a second time: plain fractions and lists, a few lines per method, slow and
obvious. The kernel must agree with it on everything the tests invent."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.costing.oracle_ground import LIMIT, Order, Original, Piece, Pool, RefusedError, fits, half_up
from tests.costing.oracle_period import PlannedAndPeriodic
from tests.costing.rows import (
    CARRIED_LAYER,
    CARRIED_NEGATIVE,
    CARRIED_ORDER,
    CARRIED_STATE,
    IN_AMOUNT,
    IN_CURRENT,
    IN_ORIGINAL,
    NEUTRAL,
    OUT,
    OUT_ORIGINAL,
    PERIODIC_AVERAGE,
    PRODUCED,
    STANDARD,
)

if TYPE_CHECKING:
    from tests.costing.rows import Row

MATERIAL = (OUT, OUT_ORIGINAL, IN_ORIGINAL, IN_CURRENT)

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
        if row.op == CARRIED_ORDER:
            self.add_to_order(row.order_slot, row.amount or 0)
            return
        pool.last_row = row.sequence_no
        if row.op >= CARRIED_STATE:
            self.carry(pool, row)
            return
        if row.op != NEUTRAL:
            self.moved = None
        if row.op == PRODUCED and row.order_slot >= 0:
            self.orders[row.order_slot] = self.orders.get(row.order_slot, Order())._replace(shared=True)
        kept, out, self.expensed = self.snapshot(pool), 0, 0
        try:
            checked = self.checked(row)
            if row.method == PERIODIC_AVERAGE:  # the period has begun, whatever becomes of the row
                self.start(pool, row)
                kept = self.snapshot(pool)
            if row.op == PRODUCED and row.method == PERIODIC_AVERAGE and row.quantity:
                out = self.produced(pool, checked)
            else:
                out = self.amount_of(pool, checked)
            fits(pool.quantity), fits(pool.amount), fits(out)
        except RefusedError as error:
            self.errors.append((row.sequence_no, str(error)))
            pool, self.originals, self.orders = kept[:3]
            del self.true_ups[kept[3] :], self.consumptions[kept[4] :]
            self.expensed, out = 0, 0
            if str(error) == "no_cost" and row.quantity > 0:  # the goods are there all the same
                self.put_unpriced(pool, row)
            self.pools[key] = pool
        else:
            self.remember(row, out)
        self.movements.append((row.sequence_no, out, self.expensed, pool.quantity, pool.amount))

    def snapshot(self, pool: Pool) -> tuple[Pool, dict[int, Original], dict[int, Order], int, int]:
        ups, consumed = len(self.true_ups), len(self.consumptions)
        return pool.copy(), dict(self.originals), dict(self.orders), ups, consumed

    def remember(self, row: Row, out: int) -> None:
        if row.own_slot >= 0 and row.quantity:
            whole = abs(out + self.expensed)
            self.originals[row.own_slot] = Original(abs(row.quantity), whole, row.sequence_no)
        if row.op in MATERIAL:
            self.add_to_order(row.order_slot, -out)

    def checked(self, row: Row) -> Row:
        """The row, or what it means: a receipt from an order is a receipt at what the order gives."""
        order = self.orders.get(row.order_slot, Order())
        if row.op in MATERIAL and row.order_slot >= 0 and order.shared:
            raise RefusedError("order_changed")
        if row.op != PRODUCED:
            return row
        cost = Fraction(row.amount or 0)
        if row.order_slot >= 0:
            before, after, total = row.share_before or 0, row.share_after or 0, row.share_total or 0
            if order.amount is None:
                raise RefusedError("overflow")
            if total <= 0 or not 0 <= before <= total or not 0 <= after <= total:
                raise RefusedError("bad_reference")
            if order.amount:
                cost += half_up(Fraction(order.amount * after, total))
                cost -= half_up(Fraction(order.amount * before, total))
        if not row.amount and (row.order_slot < 0 or order.amount == 0):
            raise RefusedError("no_cost")
        return replace(row, op=IN_AMOUNT, amount=fits(int(cost)))

    def put_unpriced(self, pool: Pool, row: Row) -> None:
        if row.method == STANDARD or (row.method == PERIODIC_AVERAGE and row.op in (IN_AMOUNT, PRODUCED)):
            return
        if row.method != PERIODIC_AVERAGE:
            self.put(pool, row, 0, learn=False)
            return
        pool.quantity += row.quantity
        pool.issued = (pool.issued[0] - row.quantity, pool.issued[1])

    def close(self) -> Oracle:
        for _, pool in sorted(self.pools.items()):
            error = self.close_period(pool)
            if error:
                self.errors.append(error)
        return self

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
            pool.short.append(
                Piece(row.quantity, row.amount or 0, row.sequence_no, slot=slot, order=row.order_slot)
            )
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
            cost: Fraction | None = Fraction(pool.standard, self.scale)
        elif row.method == PERIODIC_AVERAGE:
            self.start(pool, row)
            cost = self.rate(pool, row)
        else:
            cost = self.unit(pool, row)
        worth = half_up((cost or Fraction(0)) * abs(row.quantity))
        if row.quantity < 0:
            self.moved = (row, -worth)
            return -worth
        return worth
