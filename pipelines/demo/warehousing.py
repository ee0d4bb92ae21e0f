"""Opening stock, transfers, other issues and receipts, and stock counts of the example company, as stock
lines.

Purchases and sales are elsewhere; book quantities of counts are known only after `stockflow.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company, documents
from pipelines.demo.arithmetic import extended
from pipelines.demo.calendar import Calendar, workday_before
from pipelines.demo.frame import Dice, Frame, Ints
from pipelines.demo.purchasing import pick

if TYPE_CHECKING:
    from pipelines.demo.masters import Masters

_HOMES = {
    company.RAW: ((company.MAIN, 30),),
    company.MER: ((company.FINISHED, 25), (company.EAST, 9), (company.SOUTH, 8)),
    company.FIN: ((company.FINISHED, 25), (company.EAST, 8), (company.SOUTH, 7)),
    company.PKG: ((company.MAIN, 12), (company.FINISHED, 4)),
}
"""Warehouses of a category and their opening stock in tenths of a purchase lot."""


def opening_stock(masters: Masters, calendar: Calendar, seed: int) -> Frame:
    """One line per item and warehouse, dated the first day of the books, with its amount."""
    dice = Dice(seed, 4)
    places = [
        (item, wh, tenths)
        for code, homes in _HOMES.items()
        for item in masters.items_of(code)
        for wh, tenths in homes
    ]
    item, wh, tenths = np.array(places, dtype=np.int64).T
    lot, step, price = (masters.items[name][item] for name in ("lot", "step", "price"))
    count = len(item)
    quantity = documents.in_steps(lot * tenths * dice.between(80, 120, count) // 1000, step)
    return Frame(**documents.bare(count)).having(
        event=documents.OPENING,
        doc=wh,
        line=np.arange(1, count + 1),
        day=calendar.first_day,
        item=item,
        wh=wh,
        quantity=quantity,
        amount=extended(quantity, price * dice.between(930, 1050, count) // 1000),
    )


def transfers(masters: Masters, calendar: Calendar, per_period: int, seed: int) -> Frame:
    """One-row transfers: goods from the finished store to branches, packing from the main store to it."""
    dice = Dice(seed, 5)
    count = per_period * calendar.periods
    day = workday_before(documents.days_between(dice, calendar.first_day + 4, calendar.last_day, count))
    doc, line = documents.new_lines(dice, count)
    packing = dice.chance(150, count)
    branch = dice.one_of((company.EAST, company.EAST, company.SOUTH), count)
    category = np.where(
        packing[doc], company.PKG, dice.one_of((company.MER,) * 3 + (company.FIN,) * 2, len(doc))
    )
    item = pick(dice, {c: masters.items_of(c) for c in (company.MER, company.FIN, company.PKG)}, category)
    quantity = documents.in_steps(
        masters.items["lot"][item] * dice.between(15, 60, len(item)) // 100, masters.items["step"][item]
    )
    lines = Frame(**documents.bare(len(doc))).having(
        event=documents.TRANSFER,
        doc=doc,
        line=line,
        day=day[doc],
        item=item,
        quantity=quantity,
        department=4,
        wh=np.where(packing, company.MAIN, company.FINISHED)[doc],
        to_wh=np.where(packing, company.FINISHED, branch)[doc],
    )
    return documents.renumbered(lines)


_ISSUE_MIX = (company.USE_PRODUCTION,) * 12 + (
    company.USE_SALES,
    company.USE_SALES,
    company.USE_ADMIN,
    company.USE_ADMIN,
    company.USE_RESEARCH,
    company.SCRAP,
)


def other_issues(masters: Masters, calendar: Calendar, per_period: int, seed: int) -> Frame:
    """Issues by reason code: material for production and research, packing for sales, odds and ends."""
    dice = Dice(seed, 6)
    count = per_period * calendar.periods
    day = workday_before(documents.days_between(dice, calendar.first_day + 4, calendar.last_day, count))
    reason = dice.one_of(_ISSUE_MIX, count)
    doc, line = documents.new_lines(dice, count)
    goods = np.isin(reason, (company.USE_ADMIN, company.SCRAP))[doc] & dice.chance(700, len(doc))
    packing = (reason == company.USE_SALES)[doc] | dice.chance(180, len(doc))
    category = np.where(
        goods, dice.one_of((company.MER, company.FIN), len(doc)), np.where(packing, company.PKG, company.RAW)
    )
    item = pick(dice, {c: masters.items_of(c) for c in _HOMES}, category)
    percent = np.where(goods, dice.between(1, 6, len(doc)), dice.between(60, 165, len(doc)))
    quantity = documents.in_steps(masters.items["lot"][item] * percent // 100, masters.items["step"][item])
    lines = Frame(**documents.bare(len(doc))).having(
        event=documents.OTHER_OUT,
        doc=doc,
        line=line,
        day=day[doc],
        item=item,
        quantity=quantity,
        reason=reason[doc],
        wh=np.where(goods, company.FINISHED, company.MAIN),
        department=_department(reason[doc]),
    )
    return documents.renumbered(lines)


def other_receipts(masters: Masters, calendar: Calendar, per_period: int, seed: int) -> Frame:
    """Finished goods from the workshop at their allocated cost, and gifts at their market price."""
    dice = Dice(seed, 7)
    count = per_period * calendar.periods
    day = workday_before(documents.days_between(dice, calendar.first_day + 2, calendar.last_day, count))
    gift = dice.chance(140, count)
    doc, line = documents.new_lines(dice, count)
    category = np.where(gift[doc], dice.one_of((company.MER, company.PKG), len(doc)), company.FIN)
    item = pick(dice, {c: masters.items_of(c) for c in (company.MER, company.FIN, company.PKG)}, category)
    lot, step, price = (masters.items[name][item] for name in ("lot", "step", "price"))
    percent = np.where(gift[doc], dice.between(1, 5, len(doc)), dice.between(60, 125, len(doc)))
    quantity = documents.in_steps(lot * percent // 100, step)
    reason = np.where(gift, company.GIFT, company.FINISHED_GOODS)[doc]
    lines = Frame(**documents.bare(len(doc))).having(
        event=documents.OTHER_IN,
        doc=doc,
        line=line,
        day=day[doc],
        item=item,
        quantity=quantity,
        reason=reason,
        wh=np.where(category == company.PKG, company.MAIN, company.FINISHED),
        department=_department(reason),
        amount=extended(quantity, price * dice.between(960, 1040, len(doc)) // 1000),
    )
    return documents.renumbered(lines)


def counts(masters: Masters, stock: Frame, calendar: Calendar, per_period: int, seed: int) -> Frame:
    """Counted places of each month's last day: most are right (quantity 0), some gain, some lose.

    `stock` is the opening stock: its rows are the places that can be counted. `price` holds the sign of
    the difference.
    """
    dice = Dice(seed, 8)
    rows = dice.between(0, len(stock) - 1, max(per_period, 4) * calendar.periods)
    period = np.sort(dice.between(0, calendar.periods - 1, len(rows)))
    _, first = np.unique(period * len(stock) + rows, return_index=True)
    rows, period = rows[first], period[first]
    item, wh = stock["item"][rows], stock["wh"][rows]
    step = masters.items["step"][item]
    difference = dice.one_of((-3, -2, -1, -1, 0, 0, 0, 0, 0, 0, 1, 1, 2), len(rows))
    lines = Frame(**documents.bare(len(rows))).having(
        event=np.where(difference >= 0, documents.GAIN, documents.LOSS),
        doc=wh,
        line=np.arange(len(rows), dtype=np.int64),
        day=calendar.end_of(period),
        item=item,
        wh=wh,
        quantity=np.abs(difference) * step,
        price=np.sign(difference),
    )
    return documents.renumbered(lines)


def _department(reason: Ints) -> Ints:
    departments = np.array([row[4] for row in company.REASONS], dtype=np.int64)
    return departments[reason]
