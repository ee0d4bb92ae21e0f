"""Standard cost and periodic average a second time: a planned cost, and one rate for a whole period.
Written from the costing rules, not from the kernel."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tests.costing.oracle_ground import Original, Pool, RefusedError, fits, half_up
from tests.costing.oracle_perpetual import Perpetual
from tests.costing.rows import IN_AMOUNT, IN_ORIGINAL, OUT, OUT_ORIGINAL, REVALUE, VALUE

if TYPE_CHECKING:
    from tests.costing.rows import Row


class PlannedAndPeriodic(Perpetual):
    """The two methods whose unit cost does not move with each receipt."""

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
        before, pool.amount = pool.amount, half_up(Fraction(pool.quantity * pool.standard, self.scale))
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
        pool.received, pool.opening = (quantity, amount), pool.quantity
        self.learn(pool, *((quantity, amount) if quantity > 0 else (came, worth)))

    def rate(self, pool: Pool, row: Row) -> Fraction | None:
        quantity, amount = pool.received or (0, 0)
        if quantity > 0 and amount >= 0:
            return self.rounded(Fraction(amount, quantity))
        return self.known(pool, row)

    def periodic(self, pool: Pool, row: Row) -> int:
        self.start(pool, row)
        assert pool.received is not None
        total_quantity, total_amount = pool.received
        if row.op == VALUE or (row.op == IN_AMOUNT and row.quantity == 0):
            if row.amount is None or row.quantity:
                raise RefusedError("unsupported_operation")
            put = self.late_share(row, pool.opening, self.received(row))
            if self.late_cost != "expense" and self.originals.get(row.original_slot, Original()).quantity:
                put = row.amount  # for goods of this period
            if total_quantity <= 0:
                pool.received = (total_quantity, total_amount - put)
                put = 0
            pool.amount, self.expensed = fits(pool.amount + put), fits(row.amount - put)
            self.correct(row.original_slot, put)
            return put
        if row.op == OUT and row.amount is not None:
            return self.issue(pool, row, self.given(row))
        worth = None
        if row.op == IN_AMOUNT or (row.op == OUT_ORIGINAL and row.amount is not None):
            worth = self.given(row)
        elif row.op == OUT_ORIGINAL or (row.op == IN_ORIGINAL and row.original_quantity):
            value = self.original(row)
            worth = None if value is None else value if row.quantity > 0 else -value
        if worth is None:
            return self.at_rate(pool, row)
        pool.quantity, pool.amount = fits(pool.quantity + row.quantity), fits(pool.amount + worth)
        if (
            pool.quantity == 0 and total_quantity == 0 and pool.issued[0] == 0
        ):  # nothing is there: no amount either
            self.expensed, pool.amount = pool.amount, 0
            pool.received = (0, total_amount - self.expensed)
            return worth - self.expensed
        return worth

    def produced(self, pool: Pool, row: Row) -> int:
        """A receipt that the totals did not know: they learn of it."""
        assert pool.received is not None
        worth = self.given(row)
        total = (fits(pool.received[0] + row.quantity), fits(pool.received[1] + worth))
        pool.quantity, pool.amount = fits(pool.quantity + row.quantity), fits(pool.amount + worth)
        if pool.short and row.quantity > 0 and worth >= 0:
            corrected = self.fill(pool, row, row.quantity, worth)[2]
            pool.amount, total = pool.amount + corrected, (total[0], total[1] + corrected)
        pool.received = total
        self.learn(pool, *(total if total[0] > 0 else (row.quantity, worth)))
        return worth

    def at_rate(self, pool: Pool, row: Row) -> int:
        """An issue, or with a positive quantity a return of one, at the period's rate.

        What crosses the point where everything is issued is cut there: up to it the exact rest, beyond it
        the rate.
        """
        assert pool.received is not None
        (total_quantity, total_amount), (issued_quantity, issued_amount) = pool.received, pool.issued
        before, rest = fits(total_quantity - issued_quantity), fits(total_amount - issued_amount)
        after, issuing = before + row.quantity, row.quantity <= 0
        if row.quantity == 0:
            return self.issue(pool, row, 0)
        if (issuing and before > 0 >= after) or (not issuing and before < 0 <= after):
            return self.issue(pool, row, -rest + (self.at_known_rate(pool, row, after) if after else 0))
        worth = abs(self.at_known_rate(pool, row, row.quantity))
        if issuing and before > 0 and rest >= 0:
            worth = min(worth, rest)
        if not issuing and before < 0 and rest <= 0:
            worth = min(worth, -rest)
        return self.issue(pool, row, -worth if issuing else worth)

    def at_known_rate(self, pool: Pool, row: Row, quantity: int) -> int:
        rate = self.rate(pool, row)
        if rate is None and row.quantity > 0:
            raise RefusedError("no_cost")
        return half_up((rate or Fraction(0)) * quantity)

    def issue(self, pool: Pool, row: Row, out: int) -> int:
        pool.quantity, pool.amount = fits(pool.quantity + row.quantity), fits(pool.amount + out)
        pool.issued = (fits(pool.issued[0] - row.quantity), fits(pool.issued[1] - out))
        if row.quantity <= 0:
            pool.last_issue = row.sequence_no
        return out

    def close_period(self, pool: Pool) -> tuple[int, str] | None:
        """What the totals promised must have come, and nothing may be missing where that is refused."""
        if pool.received is None:
            return None
        left = pool.received[0] - pool.issued[0], pool.received[1] - pool.issued[1]
        if (pool.quantity, pool.amount) != left:
            return pool.last_row, "pool_total_mismatch"
        if pool.quantity < 0 and not self.may_be_short:
            return pool.last_issue or pool.last_row, "negative_refused"
        return None
