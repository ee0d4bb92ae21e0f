"""Goods that others make of the example company's material: orders, material sent out, goods that come back.

The worth of what comes back is found in `production_costing.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company, documents
from pipelines.demo.arithmetic import extended
from pipelines.demo.calendar import Calendar, month_code, workday
from pipelines.demo.frame import Dice, Frame, filled, rank_within

if TYPE_CHECKING:
    from pipelines.demo.masters import Masters


@dataclass(frozen=True)
class Subcontracting:
    """`orders`: number and item; the others are stock lines, with the fee in the `amount` of receipts."""

    orders: Frame
    issues: Frame
    receipts: Frame


def make_subcontracting(masters: Masters, calendar: Calendar, seed: int, width: int) -> Subcontracting:
    """Two orders a month for every item: material goes out and comes back made, some a month later."""
    dice = Dice(seed, 17)
    items, materials = masters.items_of(company.SUB), masters.items_of(company.MAT)
    count = len(items) * 2 * calendar.periods
    period = np.repeat(np.arange(calendar.periods, dtype=np.int64), len(items) * 2)
    turn = np.arange(count, dtype=np.int64) % 2
    item, rows = np.tile(np.repeat(items, 2), calendar.periods), np.arange(count, dtype=np.int64)
    start = calendar.starts[period]
    lot, step = masters.items["lot"][item], masters.items["step"][item]
    quantity = documents.in_steps(lot * dice.between(40, 110, count) // 100, step)
    suppliers = masters.suppliers_of(company.RAW)
    sent = Frame(**documents.bare(count)).having(
        event=documents.SUBCONTRACT_ISSUE,
        doc=rows,
        line=1,
        day=workday(start + 5 + turn * 10 + dice.between(0, 4, count)),
        item=materials[(item - items[0]) % len(materials)],
        wh=company.MAIN,
        quantity=quantity,
        party=suppliers[(item - items[0]) % len(suppliers)],
        department=3,
        production=rows,
    )
    rate = masters.items["price"][item] * dice.between(25, 40, count) // 100
    back = sent.having(
        event=documents.SUBCONTRACT_RECEIPT,
        day=workday(sent["day"] + dice.between(5, 16, count)),
        item=item,
        wh=company.FINISHED,
        amount=extended(quantity, rate),
    )
    orders = Frame(no=documents.number(month_code(start), rank_within(period), width), item=item)
    return Subcontracting(
        orders,
        documents.renumbered(sent),
        documents.renumbered(back.take(back["day"] <= calendar.last_day)),
    )


def fees_of(stock: Frame, masters: Masters) -> Frame:
    """What is billed for receipts: day, amount, party, and the service that it is."""
    lines = stock.take(stock["event"] == documents.SUBCONTRACT_RECEIPT)
    service = filled(len(lines), int(masters.items_of(company.OSF)[0]))
    return lines.having(service=service)
