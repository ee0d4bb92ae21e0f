"""Production orders of the example company: what they need, use and make, as stock lines and cost lines.

Their materials and products are items of their own; what the orders are worth is in `production_costing.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company, documents
from pipelines.demo.arithmetic import extended
from pipelines.demo.calendar import Calendar, month_code, workday, workday_before
from pipelines.demo.frame import Dice, Frame, filled, rank_within, stacked
from pipelines.demo.production_goods import opening, sales, supplies
from pipelines.demo.shapes import UNIT

if TYPE_CHECKING:
    from pipelines.demo.masters import Masters

_MATERIALS = 2
"""Different materials in a product."""
_ALL_DONE, _PARTLY_DONE, _NOT_DONE = range(3)
_FATES = (_ALL_DONE,) * 7 + (_PARTLY_DONE,) * 9 + (_NOT_DONE,) * 4


@dataclass(frozen=True)
class Production:
    """`orders`: number, product, what is planned and its parts of the first and the second month.

    `work`: per order and month labour, overhead, what is done, what stays in process and its stage in
    percent. The others are stock lines; `returns` point at rows of `issues`.
    """

    orders: Frame
    work: Frame
    opening: Frame
    supplies: Frame
    issues: Frame
    returns: Frame
    receipts: Frame
    sales: Frame


def make_production(masters: Masters, calendar: Calendar, seed: int, width: int) -> Production:
    """One order a month for each product: finished in its month, finished in the next, or partly in both."""
    dice = Dice(seed, 14)
    bill = _bill(dice, masters)
    orders = _orders(dice, masters, calendar, width)
    issues = _issues(dice, masters, calendar, orders, bill)
    return Production(
        orders,
        _work(dice, masters, calendar, orders),
        opening(dice, masters, calendar),
        supplies(dice, masters, calendar, issues),
        issues,
        _returns(dice, masters, calendar, issues),
        _receipts(dice, calendar, orders),
        sales(dice, masters, calendar),
    )


def _bill(dice: Dice, masters: Masters) -> Frame:
    """Materials of every product, one row each, and how many units of it go into one."""
    products, materials = masters.items_of(company.PRD), masters.items_of(company.MAT)
    place = np.arange(len(products) * _MATERIALS, dtype=np.int64)
    return Frame(
        product=products[place // _MATERIALS],
        item=materials[(place + place // len(materials) // 2) % len(materials)],
        units=dice.between(1, 6, len(place)),
    )


def _orders(dice: Dice, masters: Masters, calendar: Calendar, width: int) -> Frame:
    products = masters.items_of(company.PRD)
    count = len(products) * calendar.periods
    period = np.repeat(np.arange(calendar.periods, dtype=np.int64), len(products))
    lot = masters.items["lot"][np.tile(products, calendar.periods)]
    planned = documents.in_steps(lot * dice.between(60, 140, count) // 100, filled(count, UNIT))
    fate = dice.one_of(_FATES, count)
    part = documents.in_steps(planned * dice.between(30, 80, count) // 100, filled(count, UNIT))
    first = np.where(fate == _ALL_DONE, planned, np.where(fate == _NOT_DONE, 0, part))
    start = calendar.starts[period]
    return Frame(
        no=documents.number(month_code(start), rank_within(period), width),
        item=np.tile(products, calendar.periods),
        period=period,
        day=workday(start + dice.between(3, 8, count)),
        planned=planned,
        first=first,
        second=planned - first,
    )


def _work(dice: Dice, masters: Masters, calendar: Calendar, orders: Frame) -> Frame:
    """The first month of every order, and the second of those that are not done in it."""
    count, rows = len(orders), np.arange(len(orders), dtype=np.int64)
    stage = np.where(orders["first"] < orders["planned"], dice.between(2, 8, count) * 10, 0)
    rate = masters.items["price"][orders["item"]]
    made = orders["first"] + orders["second"] * stage // 100
    months = []
    for month, share in ((0, made), (1, orders["planned"] - made)):
        labour = extended(share, rate * dice.between(8, 14, count) // 100)
        months.append(
            Frame(
                production=rows,
                period=orders["period"] + month,
                labour=labour,
                overhead=labour * dice.between(40, 90, count) // 100 + dice.between(10_00, 99_99, count),
                done=orders["second"] if month else orders["first"],
                left=filled(count, 0) if month else orders["second"],
                stage=filled(count, 0) if month else stage,
            ).take((orders["second"] > 0) | (month == 0))
        )
    both = stacked(months, list(months[0].columns))
    return both.take(both["period"] < calendar.periods).ordered("period", "production")


def _issues(dice: Dice, masters: Masters, calendar: Calendar, orders: Frame, bill: Frame) -> Frame:
    """Two documents an order, a line per material: most at its start, the rest some days later."""
    place = np.repeat(np.arange(len(orders), dtype=np.int64), 2 * _MATERIALS)
    turn = np.tile(np.repeat(np.arange(2, dtype=np.int64), _MATERIALS), len(orders))
    material = np.tile(np.arange(_MATERIALS, dtype=np.int64), len(orders) * 2)
    first = int(masters.items_of(company.PRD)[0])
    used = bill.take((orders["item"][place] - first) * _MATERIALS + material)
    needed = orders["planned"][place] // UNIT * used["units"] * UNIT
    soon = needed * 7 // 10 // UNIT * UNIT
    lines = Frame(**documents.bare(len(place))).having(
        event=documents.PRODUCTION_ISSUE,
        doc=place * 2 + turn,
        line=material + 1,
        day=workday(orders["day"][place] + turn * dice.between(3, 6, len(orders))[place]),
        item=used["item"],
        wh=company.MAIN,
        quantity=np.where(turn == 0, soon, needed - soon),
        department=3,
        production=place,
    )
    return documents.renumbered(lines.take(lines["day"] <= calendar.last_day))


def _returns(dice: Dice, masters: Masters, calendar: Calendar, issues: Frame) -> Frame:
    """One issue line in nine gives a little back before its month ends."""
    rows = np.flatnonzero(dice.chance(110, len(issues))).astype(np.int64)
    lines = issues.take(rows)
    end = workday_before(calendar.end_of(calendar.period_of(lines["day"])))
    lines = lines.having(
        event=documents.PRODUCTION_RETURN,
        origin=rows,
        day=np.minimum(workday(lines["day"] + dice.between(2, 8, len(rows))), end),
        quantity=documents.in_steps(
            lines["quantity"] * dice.between(20, 120, len(rows)) // 1000, masters.items["step"][lines["item"]]
        ),
    )
    return documents.renumbered(lines)


def _receipts(dice: Dice, calendar: Calendar, orders: Frame) -> Frame:
    """What is done in a month comes in one document, in the first month sometimes in two."""
    count, rows = len(orders), np.arange(len(orders), dtype=np.int64)
    split = np.where(dice.chance(400, count), orders["first"] * 6 // 10 // UNIT * UNIT, 0)
    month_end = workday_before(calendar.end_of(orders["period"]))
    next_start = calendar.starts[orders["period"] + 1]
    parts = (
        (split, orders["day"] + 9),
        (
            orders["first"] - split,
            np.minimum(workday(orders["day"] + dice.between(12, 20, count)), month_end),
        ),
        (orders["second"], workday(next_start + dice.between(4, 18, count))),
    )
    frames = [
        Frame(**documents.bare(count)).having(
            event=documents.PRODUCTION_RECEIPT,
            doc=rows * len(parts) + number,
            line=1,
            day=workday(day),
            item=orders["item"],
            wh=company.FINISHED,
            quantity=quantity,
            department=3,
            production=rows,
        )
        for number, (quantity, day) in enumerate(parts)
    ]
    lines = stacked(frames, documents.STOCK_COLUMNS)
    return documents.renumbered(lines.take((lines["quantity"] > 0) & (lines["day"] <= calendar.last_day)))
