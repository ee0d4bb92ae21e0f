"""Invents histories of movements from bytes: any operation in any order, small figures and figures near the
edge of 64 bits. What they are worth is for `oracle` and the kernel to say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.costing.oracle import half_up
from tests.costing.rows import (
    CARRIED_NEGATIVE,
    CARRIED_ORDER,
    CARRIED_STATE,
    FIFO,
    IN_AMOUNT,
    IN_CURRENT,
    IN_ORIGINAL,
    MOVING_AVERAGE,
    NEUTRAL,
    OUT,
    OUT_ORIGINAL,
    PERIODIC_AVERAGE,
    PRODUCED,
    REVALUE,
    STANDARD,
    VALUE,
    Row,
    numbered,
)  # fmt: skip

TRANSFER, TO_ORDER, FROM_ORDER = 100, 101, 102  # an issue and its arrival; material out and back
OPERATIONS = (
    [IN_AMOUNT] * 8 + [OUT] * 9 + [TO_ORDER] * 4 + [TRANSFER] * 3 + [IN_ORIGINAL] * 3 + [OUT_ORIGINAL] * 3
    + [PRODUCED] * 3 + [VALUE] * 3 + [IN_CURRENT] * 2 + [NEUTRAL] * 2 + [FROM_ORDER] * 1 + [REVALUE] * 1
)  # fmt: skip
BYTES_IN_A_ROW = 10
QUARTERS, ANY, MIXED, EDGE = range(4)  # how large quantities are
ORDERS = 3

policies = st.fixed_dictionaries(
    {
        "late_cost": st.sampled_from(["stock", "on_hand_share", "expense"]),
        "negative_stock": st.sampled_from(["estimate_and_true_up", "estimate_and_true_up", "refuse"]),
        "unit_cost_decimals": st.sampled_from([None, None, None, 2, 3, 4, 6, 8]),
        "amount_decimals": st.sampled_from([2, 2, 0, 3]),
    }
)


def histories(method: int, count: int, rows: int = 24, *, edge: bool = True) -> st.SearchStrategy[list[Row]]:
    """`count` histories of up to `rows` draws each, as one list of rows: every history is a component of its
    own, with three pools of one method and one of another, references to earlier rows of the same component and
    orders of its own; `edge`: some with figures near the edge of 64 bits."""
    sizes = st.sampled_from([0, rows // 3, rows, rows]).flatmap(
        lambda most: st.binary(min_size=2 + BYTES_IN_A_ROW * most // 2, max_size=2 + BYTES_IN_A_ROW * most)
    )
    return st.lists(sizes, min_size=count, max_size=count).map(
        lambda given: Histories(
            numbered(
                row for place, data in enumerate(given) for row in _History(data, method, place, edge).rows
            )
        )
    )


class Histories(list[Row]):
    """Rows whose description stays readable: few enough when a failing example has been made small."""

    def __repr__(self) -> str:
        return super().__repr__()[:20_000]


@dataclass
class _History:
    """One component, read from bytes."""

    data: bytes
    method: int
    component: int
    edge: bool = True
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        first, second = self.data[:2]
        self.size = (QUARTERS, QUARTERS, MIXED, EDGE)[first % 4] if self.edge else (QUARTERS, ANY)[first % 2]
        self.other = [MOVING_AVERAGE, FIFO, STANDARD, self.method][second % 4]
        self.shares: dict[int, int] = defaultdict(int)
        self.fed = {0} if second // 4 % 4 == 0 else set()
        self.open(second // 4)
        for start in range(2, len(self.data) - BYTES_IN_A_ROW + 1, BYTES_IN_A_ROW):
            self.add(self.data[start : start + BYTES_IN_A_ROW])

    def open(self, kind: int) -> None:
        """What earlier periods left: an order in work, and a periodic average with stock or below zero."""
        if kind % 4 == 0:
            self.rows.append(self.row(CARRIED_ORDER, 0, amount=1_000 * kind, order=0))
        if self.method == PERIODIC_AVERAGE and kind % 3:
            quantity, amount = self.quantity(kind, kind * 997), self.amount(kind, kind * 991)
            if kind % 3 == 1:
                self.rows.append(self.row(CARRIED_STATE, 0, quantity, amount))
            else:
                self.rows.append(self.row(CARRIED_STATE, 0, -quantity, -amount))
                self.rows.append(self.row(CARRIED_NEGATIVE, 0, quantity, amount, own=self.slot(), order=0))

    def quantity(self, choice: int, number: int) -> int:
        """Quarter units; anything up to 1,000 units; near the edge of 64 bits."""
        size = (QUARTERS, ANY, EDGE)[choice % 3] if self.size == MIXED else self.size
        if size == EDGE:
            return 2**57 + number * 2**35
        return 1 + number % 10**7 if size == ANY else (1 + number % 12) * 2_500

    def amount(self, choice: int, number: int) -> int:
        if choice % 8 == 0:
            return number % 3
        return number % 5_001 if self.size == QUARTERS else self.quantity(choice // 8, number)

    def slot(self) -> int:
        """Each draw of a component makes at most two rows and so needs at most two slots."""
        return self.component * 1_000 + len(self.rows)

    def row(self, op: int, pool: int, quantity: int = 0, amount: int | None = None, **more: int) -> Row:
        order = self.component * ORDERS + more["order"] if "order" in more else -1
        method = self.other if pool == 3 else self.method
        return Row(op, quantity, amount, method, self.component, pool,
                   own_slot=more.get("own", -1), order_slot=order)  # fmt: skip

    def add(self, data: bytes) -> None:
        pool = (0, 0, 0, 0, 1, 1, 2, 3)[data[1] % 8]
        quantity = self.quantity(data[9], int.from_bytes(data[2:5], "big"))
        amount = self.amount(data[9], int.from_bytes(data[5:8], "big"))
        op, flags, order = OPERATIONS[data[0] % len(OPERATIONS)], data[8], data[1] // 8 % ORDERS
        if op == TRANSFER:
            self.transfer(pool, quantity, data[1] // 8)
        elif op in (TO_ORDER, FROM_ORDER):
            op = OUT if op == TO_ORDER else IN_ORIGINAL
            self.fed.add(order)
            self.refer(self.row(op, pool, -quantity if op == OUT else quantity, order=order), flags)
        elif op == PRODUCED:
            without = flags % 2 if order in self.fed else flags % 16 == 0
            self.produce(pool, quantity, None if without else amount + 1, order)
        elif op == REVALUE and (self.other if pool == 3 else self.method) != STANDARD:
            self.rows.append(self.row(VALUE, pool, 0, -amount))
        else:
            self.refer(self.plain(op, pool, quantity, amount, flags), flags)

    def plain(self, op: int, pool: int, quantity: int, amount: int, flags: int) -> Row:
        periodic = (self.other if pool == 3 else self.method) == PERIODIC_AVERAGE
        if op == VALUE:
            return self.row(op, pool, 0, amount if flags % 4 else -amount)
        if op == IN_AMOUNT:
            return self.row(op, pool, *((quantity, amount) if flags % 8 else (-quantity, -amount)))
        if op == OUT and periodic and flags % 4 == 0:
            return self.row(op, pool, -quantity, -amount)
        if op == NEUTRAL:
            return self.row(op, pool, quantity if flags % 2 else -quantity)
        if op == REVALUE:
            return self.row(op, pool)
        return self.row(op, pool, quantity if op in (IN_ORIGINAL, IN_CURRENT) else -quantity)

    def refer(self, row: Row, flags: int) -> None:
        """Add a row with the original it goes by: mostly what it would refer to in earnest, sometimes
        anything before it, sometimes a row of an earlier period."""
        row = replace(row, own_slot=self.slot())
        if row.op in (IN_ORIGINAL, OUT_ORIGINAL, VALUE, IN_AMOUNT) and flags // 8 % 4:
            by_figures = row.method == PERIODIC_AVERAGE and row.op != VALUE  # the totals must know them
            row = replace(row, original_slot=-1 if by_figures else self.original(row, flags // 4))
        past = flags // 16 % 4 == 0 and (row.op != VALUE or row.original_slot < 0)
        if row.op in (IN_ORIGINAL, OUT_ORIGINAL, VALUE) and past:
            whole = abs(row.quantity) + 1 if row.op != VALUE else 30_000
            row = replace(row, original_quantity=whole, original_amount=flags * 37)
        if row.method == STANDARD or (row.op != IN_AMOUNT and flags % 5 == 0):
            row = replace(row, unit_cost=(10_000_000, 3_333_333)[flags % 2])
        self.rows.append(row)

    def original(self, row: Row, number: int) -> int:
        wanted = (OUT,) if row.op == IN_ORIGINAL else (IN_AMOUNT, IN_ORIGINAL, IN_CURRENT, PRODUCED)
        earlier = [other for other in self.rows if other.own_slot >= 0]
        likely = [o.own_slot for o in earlier if o.op in wanted and o.pool_key == row.pool_key]
        known = 2 * likely[-3:] + [other.own_slot for other in earlier] or [-1]
        return known[number % len(known)]

    def transfer(self, pool: int, quantity: int, number: int) -> None:
        """The issue, and right behind it the arrival in another pool at what it left with."""
        issue = self.row(OUT, pool, -quantity, own=self.slot())
        self.refer(issue, 1)
        there = (pool + 1 + number % 3) % 4
        arrival = self.row(IN_ORIGINAL, there, quantity, own=self.slot())
        costs = 10_000_000 if arrival.method == STANDARD else None
        self.rows.append(replace(arrival, original_slot=issue.own_slot, unit_cost=costs))

    def produce(self, pool: int, quantity: int, amount: int | None, order: int) -> None:
        """A receipt that takes the order from where the last one left it, now and then back or too far."""
        row = self.row(PRODUCED, pool, quantity, amount, order=order, own=self.slot())
        before = self.shares[order]
        after = (before + 1 + quantity % 5) % 12
        self.shares[order] = after
        cost = 3_333_333 if row.method == STANDARD else None
        self.rows.append(
            replace(
                row, quantity=quantity if after >= before else -quantity, share_before=before,
                share_after=after, share_total=10, unit_cost=cost, amount=row.amount if after >= before else None,
            )
        )  # fmt: skip


def with_totals(rows: list[Row], late_cost: str = "stock") -> list[Row]:
    """What costing_input says of a pool: its opening and receipts, at what they are worth by themselves, and
    of a late cost what goes into stock."""
    total: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    opening: dict[Any, int] = {}
    for row in rows:
        key = (row.component_key, row.pool_key)
        of_pool = total[key]
        if row.op == CARRIED_STATE:
            opening[key] = row.quantity
        if row.op in (IN_AMOUNT, CARRIED_STATE):
            of_pool[0] += row.quantity
            of_pool[1] += row.amount or 0
        elif row.op == VALUE:
            of_pool[1] += _late(row, opening.get(key, 0), late_cost)
        elif row.op in (IN_ORIGINAL, OUT_ORIGINAL) and row.original_quantity:
            of_pool[0] += row.quantity
            of_pool[1] += half_up(Fraction((row.original_amount or 0) * row.quantity, row.original_quantity))
    return [_totalled(row, *total[row.component_key, row.pool_key]) for row in rows]


def _late(row: Row, opening: int, late_cost: str) -> int:
    amount, received = row.amount or 0, row.original_quantity or 0
    if late_cost == "on_hand_share" and received:
        return half_up(Fraction(amount * min(max(opening, 0), received), received))
    return 0 if late_cost == "expense" else amount


def _totalled(row: Row, quantity: int, amount: int) -> Row:
    if row.method != PERIODIC_AVERAGE or max(abs(quantity), abs(amount)) >= 2**63:
        return row
    return replace(row, pool_total_quantity=quantity, pool_total_amount=amount)
