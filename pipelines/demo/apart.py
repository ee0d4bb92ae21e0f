"""Goods of the example company that are costed apart: bought and sold at standard cost, or lot by lot.

A lot is an item of its own in here, its number in `masters.item_lots`; what it is worth is in `costing.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipelines.demo import company, documents
from pipelines.demo.arithmetic import extended
from pipelines.demo.calendar import Calendar, workday, workday_before
from pipelines.demo.frame import Dice, Frame, Ints
from pipelines.demo.shapes import lots_of

if TYPE_CHECKING:
    from pipelines.demo.masters import Masters


class Apart(NamedTuple):
    """Stock lines of opening, receipts and deliveries."""

    opening: Frame
    receipts: Frame
    deliveries: Frame


def make_apart(masters: Masters, calendar: Calendar, seed: int) -> Apart:
    """Two receipts and four deliveries of every item a month; of lots each receipt brings a new one."""
    dice = Dice(seed, 16)
    standard, lots = masters.items_of(company.STD), masters.items_of(company.LOT)
    each = lots_of(calendar.periods)
    first = lots[::each]
    turns = calendar.periods * 2
    turn = np.arange(turns, dtype=np.int64)
    received = np.concatenate([np.repeat(standard, turns), (first[:, None] + 1 + turn).ravel()])
    at = np.tile(turn, len(standard) + len(first))
    sales = calendar.periods * 4
    when = np.tile(np.arange(sales, dtype=np.int64), len(standard) + len(first))
    known = np.tile(np.arange(sales, dtype=np.int64) // 4 * 2 + 3, len(first))
    lot = np.repeat(first, sales) + np.maximum(known - 1 - dice.between(0, 3, len(known)), 0)
    return Apart(
        _opening(dice, masters, calendar, np.concatenate([standard, first])),
        _receipts(dice, masters, calendar, received, at),
        _deliveries(dice, masters, calendar, np.concatenate([np.repeat(standard, sales), lot]), when),
    )


def _opening(dice: Dice, masters: Masters, calendar: Calendar, item: Ints) -> Frame:
    count = len(item)
    is_standard = masters.items["category"][item] == company.STD
    quantity = _quantity(dice, masters, item, (70, 130))
    price = masters.items["price"][item]
    return Frame(**documents.bare(count)).having(
        event=documents.OPENING,
        doc=0,
        line=np.arange(1, count + 1),
        day=calendar.first_day,
        item=item,
        wh=company.FINISHED,
        quantity=quantity,
        amount=extended(
            quantity, np.where(is_standard, price, price * dice.between(930, 1050, count) // 1000)
        ),
    )


def _receipts(dice: Dice, masters: Masters, calendar: Calendar, item: Ints, turn: Ints) -> Frame:
    count, suppliers = len(item), masters.suppliers_of(company.RAW)
    quantity = _quantity(dice, masters, item, (55, 125))
    price = masters.items["price"][item] * dice.between(950, 1060, count) // 1000
    lines = Frame(**documents.bare(count)).having(
        event=documents.RECEIPT,
        doc=np.arange(count, dtype=np.int64),
        line=1,
        day=workday(calendar.starts[turn // 2] + turn % 2 * 12 + dice.between(0, 9, count)),
        party=suppliers[dice.between(0, len(suppliers) - 1, count)],
        item=item,
        wh=company.FINISHED,
        quantity=quantity,
        price=price,
        amount=extended(quantity, price),
    )
    return documents.renumbered(lines)


def _deliveries(dice: Dice, masters: Masters, calendar: Calendar, item: Ints, turn: Ints) -> Frame:
    count, customers = len(item), masters.customers
    lines = Frame(**documents.bare(count)).having(
        event=documents.DELIVERY,
        doc=np.arange(count, dtype=np.int64),
        line=1,
        day=workday_before(calendar.starts[turn // 4] + turn % 4 * 7 + dice.between(3, 6, count)),
        party=customers[dice.between(0, len(customers) - 1, count)],
        item=item,
        wh=company.FINISHED,
        quantity=_quantity(dice, masters, item, (20, 60)),
        price=masters.items["price"][item] * dice.between(1300, 1500, count) // 1000,
        department=0,
    )
    lines = lines.take((lines["day"] >= calendar.first_day) & (lines["day"] <= calendar.last_day))
    return documents.renumbered(lines)


def _quantity(dice: Dice, masters: Masters, item: Ints, percent: tuple[int, int]) -> Ints:
    lot, step = masters.items["lot"][item], masters.items["step"][item]
    return documents.in_steps(lot * dice.between(*percent, len(item)) // 100, step)
