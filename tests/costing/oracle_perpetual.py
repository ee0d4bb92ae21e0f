"""Moving average and FIFO a second time, obviously: lists of layers and of open issues, row after row.
Written from the costing rules, not from the kernel."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tests.costing.oracle_ground import Ground, Original, Piece, Pool, RefusedError, fits, half_up
from tests.costing.rows import FIFO, IN_AMOUNT, IN_ORIGINAL, OUT_ORIGINAL, VALUE

if TYPE_CHECKING:
    from tests.costing.rows import Row


class Perpetual(Ground):
    """Receipts, issues, returns and late costs as they come."""

    def perpetual(self, pool: Pool, row: Row) -> int:
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

    def fill(self, pool: Pool, row: Row, quantity: int, amount: int) -> tuple[int, int, int]:
        """A receipt covers what was issued below zero, oldest first, at differences of its rounded shares."""
        filled, worth, corrected = 0, 0, 0
        while pool.short and filled < quantity:
            issue = pool.short[0]
            part = min(issue.quantity, quantity - filled)
            estimate = issue.amount - half_up(
                Fraction(issue.amount * (issue.quantity - part), issue.quantity)
            )
            filled += part
            share = half_up(Fraction(amount * filled, quantity)) - worth
            worth, corrected = worth + share, corrected + estimate - share
            if row.method == FIFO:
                self.consumptions.append((issue.source, row.sequence_no, part, share))
            if estimate != share:
                self.true_ups.append((issue.source, row.sequence_no, estimate - share))
            self.correct(issue.slot, share - estimate)
            self.add_to_order(issue.order, share - estimate)
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
        if not short:
            estimate = 0
        elif worth is None:
            estimate = half_up((self.known(pool, row) or Fraction(0)) * short)
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
            taken = self.share(pool, there)
        pool.quantity, pool.amount = fits(pool.quantity - quantity), fits(pool.amount - taken - estimate)
        if short:
            order = -1 if row.op == IN_AMOUNT else row.order_slot
            pool.short.append(Piece(short, estimate, row.sequence_no, slot=row.own_slot, order=order))
        elif worth is not None and row.method != FIFO:
            self.learn(pool, pool.quantity, pool.amount)
        return taken + estimate

    def share(self, pool: Pool, there: int) -> int:
        """The difference of two balances, or by policy quantity × unit cost."""
        if self.unit_cost_decimals is None:
            return pool.amount - half_up(Fraction(pool.amount * (pool.quantity - there), pool.quantity))
        return min(half_up(self.rounded(Fraction(pool.amount, pool.quantity)) * there), pool.amount)

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
            amount = layer.amount
            if part < layer.quantity:
                cost = self.rounded(Fraction(layer.amount, layer.quantity))
                amount = min(half_up(cost * part), layer.amount)
            self.consumptions.append((row.sequence_no, layer.source, part, amount))
            layer.quantity, layer.amount = layer.quantity - part, layer.amount - amount
            quantity, worth = quantity - part, worth + amount
        pool.layers = [layer for layer in pool.layers if layer.quantity]
        return worth

    def late(self, pool: Pool, row: Row) -> int:
        """Value without quantity: stock while something is there to carry it, never below zero; the rest
        expense."""
        if row.amount is None or row.quantity:
            raise RefusedError("unsupported_operation")
        put = 0
        if self.late_cost != "expense" and row.method == FIFO:
            source = self.originals.get(row.original_slot, Original()).source
            for place, layer in enumerate(pool.layers):
                if layer.source == source:
                    put = max(self.late_share(row, layer.quantity, layer.original), -layer.amount)
                    layer.amount += put
                    if place == len(pool.layers) - 1:
                        self.learn(pool, layer.quantity, layer.amount)
        elif pool.quantity > 0:
            put = max(self.late_share(row, pool.quantity, self.received(row)), -pool.amount)
        pool.amount = fits(pool.amount + put)
        if row.method != FIFO and put:
            self.learn(pool, pool.quantity, pool.amount)
        self.correct(row.original_slot, put)
        self.expensed = fits(row.amount - put)
        return put
