"""Goods around production in the example company: materials bought, products sold, what there was before.

The orders that use and make them are in `producing.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company, documents
from pipelines.demo.arithmetic import extended, sums
from pipelines.demo.calendar import Calendar, workday, workday_before
from pipelines.demo.frame import Dice, Frame, filled
from pipelines.demo.shapes import UNIT

if TYPE_CHECKING:
    from pipelines.demo.masters import Masters

_TOGETHER = 3
"""Materials on one receipt."""


def opening(dice: Dice, masters: Masters, calendar: Calendar) -> Frame:
    """Material for the first weeks, and some of every product."""
    materials, products = masters.items_of(company.MAT), masters.items_of(company.PRD)
    item = np.concatenate([materials, products])
    count = len(item)
    quantity = documents.in_steps(
        masters.items["lot"][item] * dice.between(60, 120, count) // 100, filled(count, UNIT)
    )
    return Frame(**documents.bare(count)).having(
        event=documents.OPENING,
        doc=0,
        line=np.arange(1, count + 1),
        day=calendar.first_day,
        item=item,
        wh=np.where(np.isin(item, materials), company.MAIN, company.FINISHED),
        quantity=quantity,
        amount=extended(quantity, masters.items["price"][item] * dice.between(930, 1050, count) // 1000),
    )


def supplies(dice: Dice, masters: Masters, calendar: Calendar, issues: Frame) -> Frame:
    """Each month two receipts of every material, some together, in all about what its orders need."""
    materials, suppliers = masters.items_of(company.MAT), masters.suppliers_of(company.RAW)
    pools = len(masters.items)
    cell = calendar.period_of(issues["day"]) * pools + issues["item"]
    need = sums(cell, issues["quantity"], calendar.periods * pools).reshape(calendar.periods, pools)[
        :, materials
    ]
    count, group = need.size * 2, np.arange(len(materials), dtype=np.int64) // _TOGETHER
    item = np.tile(np.repeat(materials, 2), calendar.periods)
    period = np.repeat(np.arange(calendar.periods, dtype=np.int64), len(materials) * 2)
    turn = np.tile(np.arange(2, dtype=np.int64), need.size)
    price = masters.items["price"][item] * dice.between(940, 1060, count) // 1000
    quantity = documents.in_steps(
        np.repeat(need.ravel(), 2) * dice.between(48, 62, count) // 100, filled(count, UNIT)
    )
    doc = (period * 2 + turn) * (int(group[-1]) + 1) + np.tile(np.repeat(group, 2), calendar.periods)
    documents_ = int(doc.max()) + 1
    lines = Frame(**documents.bare(count)).having(
        event=documents.RECEIPT,
        doc=doc,
        line=np.tile(
            np.repeat(np.arange(len(materials), dtype=np.int64) % _TOGETHER + 1, 2), calendar.periods
        ),
        day=workday(calendar.starts[period] + turn * 10 + dice.between(0, 5, documents_)[doc]),
        party=suppliers[dice.between(0, len(suppliers) - 1, documents_)[doc]],
        item=item,
        wh=company.MAIN,
        quantity=quantity,
        price=price,
        amount=extended(quantity, price),
    )
    return documents.renumbered(lines)


def sales(dice: Dice, masters: Masters, calendar: Calendar) -> Frame:
    """Three deliveries a month for two products, of one line."""
    products = np.concatenate([masters.items_of(company.PRD), masters.items_of(company.SUB)])
    customers = masters.customers
    count = max(len(products) * 3 // 2, 2) * calendar.periods
    item = products[dice.between(0, len(products) - 1, count)]
    lot = masters.items["lot"][item]
    lines = Frame(**documents.bare(count)).having(
        event=documents.DELIVERY,
        doc=np.arange(count, dtype=np.int64),
        line=1,
        day=workday_before(documents.days_between(dice, calendar.first_day + 4, calendar.last_day, count)),
        party=customers[dice.between(0, len(customers) - 1, count)],
        item=item,
        wh=company.FINISHED,
        quantity=documents.in_steps(lot * dice.between(20, 70, count) // 100, filled(count, UNIT)),
        price=masters.items["price"][item] * dice.between(1430, 1690, count) // 1000,
        department=0,
    )
    return documents.renumbered(lines)
