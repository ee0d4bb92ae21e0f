"""Invents histories of movements: any operation in any order, small figures and figures near the edge of 64
bits. What they are worth is for `oracle` and the kernel to say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from tests.costing.oracle import half_up
from tests.costing.rows import (
    FIFO,
    IN_AMOUNT,
    IN_CURRENT,
    IN_ORIGINAL,
    MOVING_AVERAGE,
    NEUTRAL,
    OUT,
    OUT_ORIGINAL,
    PERIODIC_AVERAGE,
    REVALUE,
    STANDARD,
    VALUE,
    Row,
    numbered,
)  # fmt: skip

thorough = settings(max_examples=300, deadline=None, database=None, derandomize=True)

small = st.integers(1, 12).map(lambda units: units * 2_500)
large = st.integers(2**57, 2**60)
any_size = small | st.integers(1, 10**7) | large


@st.composite
def _operation(draw: Any, sizes: st.SearchStrategy[int]) -> tuple[int, int, int | None]:
    """(operation, signed quantity, amount)."""
    op = draw(
        st.sampled_from(
            [IN_AMOUNT] * 4 + [OUT] * 5 + [IN_ORIGINAL, OUT_ORIGINAL, IN_CURRENT, VALUE, VALUE, NEUTRAL]
        )
    )
    quantity, amount = draw(sizes), draw(st.integers(0, 5_000) | sizes)
    if op == VALUE:
        return op, 0, amount if draw(st.booleans()) else -amount
    if op == IN_AMOUNT:
        red = draw(st.integers(0, 7)) == 0
        return (op, -quantity, -amount) if red else (op, quantity, amount)
    if op == NEUTRAL:
        return op, draw(st.sampled_from([quantity, -quantity])), None
    return op, quantity if op in (IN_ORIGINAL, IN_CURRENT) else -quantity, None


def _originals(row: Row, earlier: list[Row]) -> list[int]:
    """Slots that the row may refer to: mostly what it would refer to in earnest, sometimes anything before
    it."""
    wanted = (OUT,) if row.op == IN_ORIGINAL else (IN_AMOUNT, IN_ORIGINAL, IN_CURRENT)
    likely = [other.own_slot for other in earlier if other.op in wanted and other.pool_key == row.pool_key]
    return 2 * likely[-3:] + [other.own_slot for other in earlier] or [-1]


@st.composite
def histories(
    draw: Any,
    methods: tuple[int, ...] = (MOVING_AVERAGE, FIFO, STANDARD),
    sizes: st.SearchStrategy[int] = small,
    most: int = 40,
) -> list[Row]:
    """Rows of one to three items in one or two pools each, with references to earlier rows of the same
    item."""
    items = draw(st.integers(1, 3))
    method = {item: draw(st.sampled_from(methods)) for item in range(items)}
    rows = []
    earlier: dict[int, list[Row]] = defaultdict(list)
    least = draw(st.sampled_from([0, most // 2]))
    for slot, (op, quantity, amount) in enumerate(
        draw(st.lists(_operation(sizes), min_size=least, max_size=most))
    ):
        item, pool = draw(st.integers(0, items - 1)), draw(st.sampled_from([0, 0, 0, 1]))
        row = Row(op, quantity, amount, method[item], item, pool, own_slot=slot)
        if op in (IN_ORIGINAL, OUT_ORIGINAL, VALUE, IN_AMOUNT) and draw(st.integers(0, 4)):
            row = replace(row, original_slot=draw(st.sampled_from(_originals(row, earlier[item]))))
        if op in (IN_ORIGINAL, OUT_ORIGINAL) and draw(st.integers(0, 3)) == 0:
            row = replace(
                row, original_quantity=abs(quantity) + 1, original_amount=draw(st.integers(0, 9_999))
            )
        if method[item] == STANDARD or (op != IN_AMOUNT and draw(st.integers(0, 3)) == 0):
            row = replace(row, unit_cost=draw(st.sampled_from([10_000_000, 3_333_333])))
        if method[item] == STANDARD and draw(st.integers(0, 9)) == 0:
            row = replace(row, op=REVALUE, quantity=0, amount=None)
        rows.append(row)
        earlier[item].append(row)
    return numbered(rows)


@st.composite
def periods(draw: Any, sizes: st.SearchStrategy[int] = small) -> list[Row]:
    """One period under periodic average, with the totals of each pool."""
    rows = []
    for op, quantity, amount in draw(st.lists(_operation(sizes), max_size=25)):
        row = Row(op, quantity, amount, PERIODIC_AVERAGE, pool_key=draw(st.integers(0, 1)))
        if op in (IN_ORIGINAL, OUT_ORIGINAL) and draw(st.booleans()):
            row = replace(
                row, original_quantity=abs(quantity) + 1, original_amount=draw(st.integers(0, 9_999))
            )
        if draw(st.integers(0, 3)) == 0:
            row = replace(row, unit_cost=10_000_000)
        rows.append(row)
    return with_totals(numbered(rows))


def with_totals(rows: list[Row], opening: dict[int, tuple[int, int]] | None = None) -> list[Row]:
    """What costing_input says of a pool: its opening and receipts, at what they are worth by themselves."""
    total: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for pool, (quantity, amount) in (opening or {}).items():
        total[pool] = [quantity, amount]
    for row in rows:
        of_pool = total[row.pool_key]
        if row.op in (IN_AMOUNT, VALUE):
            of_pool[0] += row.quantity
            of_pool[1] += row.amount or 0
        elif row.op in (IN_ORIGINAL, OUT_ORIGINAL) and row.original_quantity:
            of_pool[0] += row.quantity
            of_pool[1] += half_up(Fraction((row.original_amount or 0) * row.quantity, row.original_quantity))
    return [
        replace(row, pool_total_quantity=total[row.pool_key][0], pool_total_amount=total[row.pool_key][1])
        for row in rows
    ]
