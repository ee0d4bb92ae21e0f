"""All stock lines in their total order, cut to what is in stock, numbered: from wishes to documents.

Order inside the books: day, class of the day, document number, line. Values come later, in `costing.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipelines.demo import company, documents
from pipelines.demo.arithmetic import compiled
from pipelines.demo.calendar import month_code
from pipelines.demo.documents import CUSTOMER_RETURN, GAIN, PRODUCTION_RETURN, SUPPLIER_RETURN, TRANSFER
from pipelines.demo.frame import Flags, Frame, Ints, rank_within, stacked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.demo.masters import Masters

WAREHOUSES = len(company.WAREHOUSES)


def flow(frames: Sequence[Frame], masters: Masters, width: int) -> Frame:
    """The stock lines in order with `kind`, `no` (month and running number of `width` digits), `pool` and
    `to_pool`.

    `frames` are opening, receipts, supplier returns, deliveries, customer returns, issues to production,
    returns from it, then any others. Lines
    for which
    nothing is left disappear, so numbers have no gaps; count lines stay, with quantity 0 when nothing
    differs.
    """
    lines = _ordered(_joined(frames))
    lines = lines.having(
        pool=lines["item"] * WAREHOUSES + lines["wh"],
        to_pool=np.where(lines["to_wh"] < 0, -1, lines["item"] * WAREHOUSES + lines["to_wh"]),
    )
    category = masters.items["category"][lines["item"]]
    wishes = Wishes(
        lines["event"],
        documents.DIRECTION[lines["event"]],
        lines["quantity"],
        lines["pool"],
        lines["to_pool"],
        lines["origin"],
        masters.items["step"][lines["item"]],
        category == company.PKG,
    )
    quantity = _cut_to_stock(wishes, _reserves(masters))
    lines = lines.having(quantity=quantity)
    return _numbered(_kept(lines, (quantity > 0) | (lines["kind"] == documents.D_COUNT)), width)


def _joined(frames: Sequence[Frame]) -> Frame:
    """One frame; `origin` becomes the row in it of the receipt or delivery that a return points at."""
    starts = np.concatenate([[0], np.cumsum([len(frame) for frame in frames])])
    shift = {
        documents.SUPPLIER_RETURN: starts[1],
        documents.CUSTOMER_RETURN: starts[3],
        documents.PRODUCTION_RETURN: starts[5],
    }
    lines = stacked(frames, documents.STOCK_COLUMNS)
    origin = lines["origin"]
    for event, start in shift.items():
        origin = np.where((lines["event"] == event) & (origin >= 0), origin + start, origin)
    same_day = (lines["event"] == documents.CUSTOMER_RETURN) & (lines["day"][origin] == lines["day"])
    return lines.having(
        origin=origin,
        kind=documents.KIND_OF_EVENT[lines["event"]],
        order_class=np.where(same_day, 5, documents.CLASS_OF_EVENT[lines["event"]]),
    )


def _ordered(lines: Frame) -> Frame:
    key = (lines["day"] - lines["day"].min()) * 8 + lines["order_class"]
    order = np.lexsort(
        [lines["line"], (key * 32 + lines["kind"]) * (int(lines["doc"].max()) + 1) + lines["doc"]]
    )
    return _repointed(lines, order.astype(np.int64))


def _kept(lines: Frame, keep: Flags) -> Frame:
    return _repointed(lines, np.flatnonzero(keep).astype(np.int64))


def _repointed(lines: Frame, rows: Ints) -> Frame:
    """These rows, `origin` following them; what returns a line that is gone was cut to nothing before."""
    place = np.full(len(lines) + 1, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows), dtype=np.int64)
    chosen = lines.take(rows)
    return chosen.having(origin=place[chosen["origin"]])


def _reserves(masters: Masters) -> Ints:
    """Quantity per pool that issues leave untouched; items to be cleared have none."""
    lot, step = masters.items["lot"], masters.items["step"]
    keep = np.where(masters.items["is_clearing"] == 1, 0, lot * 15 // 100 // step * step)
    keep = np.where(
        np.isin(masters.items["category"], (company.RAW, company.MAT)), np.maximum(keep, 10 * step), keep
    )
    return np.repeat(keep, WAREHOUSES)


class Wishes(NamedTuple):
    """Columns of the ordered lines before they are cut."""

    event: Ints
    direction: Ints
    quantity: Ints
    pool: Ints
    to_pool: Ints
    origin: Ints
    step: Ints
    is_fifo: Flags


class Flow(NamedTuple):
    """Per pool what is there, what ever came and went; per line what was returned of it and what had come
    before it.
    """

    balance: Ints
    came: Ints
    went: Ints
    returned: Ints
    earlier: Ints


@compiled
def _cut_to_stock(wishes: Wishes, reserve: Ints) -> Ints:
    """Walk the lines in order and cut each to what its pool, or the line it returns, still has."""
    lines, pools = len(wishes.event), len(reserve)
    quantity = wishes.quantity.copy()
    flow = Flow(
        np.zeros(pools, np.int64),
        np.zeros(pools, np.int64),
        np.zeros(pools, np.int64),
        np.zeros(lines, np.int64),
        np.zeros(lines, np.int64),
    )
    for row in range(lines):
        event, place = wishes.event[row], wishes.pool[row]
        limit = _limit(wishes, row, quantity, flow, reserve)
        moved = max(min(quantity[row], limit), 0) // wishes.step[row] * wishes.step[row]
        quantity[row] = moved
        flow.earlier[row] = flow.came[place]
        if event in (SUPPLIER_RETURN, CUSTOMER_RETURN, PRODUCTION_RETURN):
            flow.returned[wishes.origin[row]] += moved
        if wishes.direction[row] > 0:
            flow.balance[place] += moved
            flow.came[place] += moved
        else:
            flow.balance[place] -= moved
            flow.went[place] += moved
        if event == TRANSFER:
            flow.balance[wishes.to_pool[row]] += moved
            flow.came[wishes.to_pool[row]] += moved
    return quantity


@compiled
def _limit(wishes: Wishes, row: int, quantity: Ints, flow: Flow, reserve: Ints) -> int:
    """How much of the line is possible."""
    event, place, origin = wishes.event[row], wishes.pool[row], wishes.origin[row]
    if event in (CUSTOMER_RETURN, PRODUCTION_RETURN):
        return int(quantity[origin] - flow.returned[origin])
    if event == GAIN:
        return int(quantity[row]) if flow.balance[place] > 0 else 0
    if wishes.direction[row] > 0:
        return int(quantity[row])
    limit = flow.balance[place] - reserve[place]
    if event == SUPPLIER_RETURN:
        limit = min(limit, quantity[origin] - flow.returned[origin])
        if wishes.is_fifo[row]:  # only out of a layer of which more is left
            limit = min(limit, flow.earlier[origin] + quantity[origin] - flow.went[place] - wishes.step[row])
    return int(limit)


def _numbered(lines: Frame, width: int) -> Frame:
    """`no` and `line` without gaps, per kind and month in the order of day and document."""
    order = np.lexsort([lines["line"], lines["doc"], lines["day"], lines["kind"]])
    kind, day, doc = (lines[name][order] for name in ("kind", "day", "doc"))
    new_month = _changes(kind, month_code(day))
    document = np.cumsum(_changes(kind, day, doc))
    first = np.flatnonzero(new_month)
    running = document - document[first[np.cumsum(new_month) - 1]] + 1
    no, line = np.empty(len(order), dtype=np.int64), np.empty(len(order), dtype=np.int64)
    no[order] = documents.number(month_code(day), running, width)
    line[order] = rank_within(document)
    return lines.having(no=no, line=line)


def _changes(*keys: Ints) -> Ints:
    changed = np.zeros(len(keys[0]), dtype=np.int64)
    changed[:1] = 1
    for key in keys:
        changed[1:] |= key[1:] != key[:-1]
    return changed
