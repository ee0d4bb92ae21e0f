"""Sales orders, deliveries and customer returns of the example company, as stock lines.

What stock allows to deliver is decided in `stockflow.py`; collecting the money is in `settling.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company, documents
from pipelines.demo.calendar import Calendar, workday
from pipelines.demo.frame import Dice, Frame, filled
from pipelines.demo.purchasing import pick

if TYPE_CHECKING:
    from pipelines.demo.masters import Masters

_CATEGORY_MIX = (company.MER,) * 11 + (company.FIN,) * 8 + (company.PKG,)
_LOT_SHARE = {company.MER: (20, 90), company.FIN: (20, 60), company.PKG: (10, 40)}
"""Ordered quantity as a share of the item's purchase lot, in percent."""


@dataclass(frozen=True)
class Sales:
    """Order lines and the delivery and return lines that followed; returns point at rows of `deliveries`."""

    orders: Frame
    deliveries: Frame
    returns: Frame


def make_sales(masters: Masters, calendar: Calendar, per_period: int, seed: int) -> Sales:
    """About `per_period` orders a month, delivered within a week, one in twelve in two parts."""
    dice = Dice(seed, 3)
    orders = _orders(dice, masters, calendar, per_period)
    deliveries = _deliveries(dice, masters, calendar, orders)
    return Sales(orders, deliveries, _returns(dice, masters, calendar, deliveries))


def _orders(dice: Dice, masters: Masters, calendar: Calendar, per_period: int) -> Frame:
    count = per_period * calendar.periods + per_period // 8
    day = workday(documents.days_between(dice, calendar.first_day - 4, calendar.last_day, count))
    customers = masters.customers
    party = customers[dice.between(0, len(customers) - 1, count)]
    doc, line = documents.new_lines(dice, count)
    category = dice.one_of(_CATEGORY_MIX, len(doc))
    item = pick(dice, {code: masters.items_of(code) for code in _LOT_SHARE}, category)
    lot, step, price = (masters.items[name][item] for name in ("lot", "step", "price"))
    low, high = (
        np.array([_LOT_SHARE.get(c, (0, 0))[side] for c in range(6)], dtype=np.int64)[category]
        for side in (0, 1)
    )
    quantity = documents.in_steps(lot * (low + dice.below(high - low)) // 100, step)
    branch = dice.one_of((company.FINISHED,) * 6 + (company.EAST, company.EAST, company.SOUTH), count)[doc]
    return Frame(
        doc=doc,
        line=line,
        day=day[doc],
        party=party[doc],
        item=item,
        quantity=quantity,
        price=price * dice.between(1430, 1690, len(item)) // 1000,
        wh=np.where(category == company.PKG, company.MAIN, branch),
    )


def _deliveries(dice: Dice, masters: Masters, calendar: Calendar, orders: Frame) -> Frame:
    count = int(orders["doc"].max()) + 1
    split = dice.chance(80, count)
    lead, gap = dice.between(0, 6, count), dice.between(3, 10, count)
    step = masters.items["step"][orders["item"]]
    first = np.where(
        split[orders["doc"]], documents.in_steps(orders["quantity"] * 7 // 10, step), orders["quantity"]
    )
    rest = orders["quantity"] - first
    parts = []
    for part, (quantity, days) in enumerate(((first, lead), (rest, lead + gap))):
        lines = orders.having(
            quantity=quantity,
            order=orders["doc"],
            order_line=orders["line"],
            day=workday(orders["day"] + days[orders["doc"]]),
            doc=orders["doc"] * 2 + part,
        )
        parts.append(lines.take(quantity > 0))
    both = Frame(**{name: np.concatenate([p[name] for p in parts]) for name in parts[0].columns})
    kept = documents.renumbered(
        both.take((both["day"] >= calendar.first_day) & (both["day"] <= calendar.last_day))
    )
    empty = filled(len(kept), -1)
    return kept.having(
        event=documents.DELIVERY,
        amount=empty,
        to_wh=empty,
        origin=empty,
        reason=empty,
        department=0,
    )


def _returns(dice: Dice, masters: Masters, calendar: Calendar, deliveries: Frame) -> Frame:
    """One delivery in sixteen gets something back: on the same day up to forty days later."""
    count = int(deliveries["doc"].max()) + 1
    chosen = dice.chance(62, count)[deliveries["doc"]] & (deliveries["line"] <= 2)
    rows = np.flatnonzero(chosen).astype(np.int64)
    lines = deliveries.take(rows)
    wait = np.maximum(dice.between(-4, 40, count), 0)[lines["doc"]]
    quantity = lines["quantity"] * dice.between(50, 700, len(rows)) // 1000
    lines = lines.having(
        event=documents.CUSTOMER_RETURN,
        origin=rows,
        day=np.where(wait == 0, lines["day"], workday(lines["day"] + wait)),
        quantity=documents.in_steps(quantity, masters.items["step"][lines["item"]]),
    )
    return documents.renumbered(lines.take(lines["day"] <= calendar.last_day))
