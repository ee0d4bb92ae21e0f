"""Purchase orders, receipts and returns to suppliers of the example company, as stock lines.

Their invoices are in `invoicing.py`; what can really leave the warehouse is decided in `stockflow.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company, currency, documents
from pipelines.demo.arithmetic import extended
from pipelines.demo.calendar import Calendar, workday
from pipelines.demo.frame import Dice, Frame, Ints, filled

if TYPE_CHECKING:
    from pipelines.demo.masters import Masters

_CATEGORY_MIX = (company.RAW,) * 8 + (company.MER,) * 9 + (company.PKG,) * 3
_LEAD_DAYS = 12


@dataclass(frozen=True)
class Purchases:
    """Order lines and the receipt and return lines that followed; returns point at rows of `receipts`."""

    orders: Frame
    receipts: Frame
    returns: Frame


def make_purchases(masters: Masters, calendar: Calendar, per_period: int, seed: int) -> Purchases:
    """About `per_period` orders a month, received two to nine workdays later, one in eight in two parts."""
    dice = Dice(seed, 2)
    orders = _orders(dice, masters, calendar, per_period)
    receipts = _receipts(dice, masters, calendar, orders)
    return Purchases(orders, receipts, _returns(dice, masters, calendar, receipts))


def pick(dice: Dice, choices: dict[int, Ints], category: Ints) -> Ints:
    """One member of the category's list per row."""
    result = np.zeros(len(category), dtype=np.int64)
    for code, members in choices.items():
        rows = np.flatnonzero(category == code)
        result[rows] = members[dice.between(0, len(members) - 1, len(rows))]
    return result


def _orders(dice: Dice, masters: Masters, calendar: Calendar, per_period: int) -> Frame:
    count = per_period * calendar.periods + per_period * _LEAD_DAYS // 30
    day = workday(documents.days_between(dice, calendar.first_day - _LEAD_DAYS, calendar.last_day, count))
    category = dice.one_of(_CATEGORY_MIX, count)
    codes = (company.RAW, company.MER, company.PKG)
    party = pick(dice, {code: masters.suppliers_of(code) for code in codes}, category)
    doc, line = documents.new_lines(dice, count)
    item = pick(dice, {code: masters.items_of(code) for code in codes}, category[doc])
    lot, step, price = (masters.items[name][item] for name in ("lot", "step", "price"))
    quantity = documents.in_steps(lot * dice.between(55, 125, len(item)) // 100, step)
    home = np.where(category[doc] == company.MER, company.FINISHED, company.MAIN)
    branch = dice.one_of((company.FINISHED,) * 8 + (company.EAST, company.SOUTH), count)[doc]
    return Frame(
        doc=doc,
        line=line,
        day=day[doc],
        party=party[doc],
        item=item,
        quantity=quantity,
        price=currency.quoted(masters, party[doc], price * dice.between(940, 1060, len(item)) // 1000),
        wh=np.where(category[doc] == company.MER, branch, home),
    )


def _receipts(dice: Dice, masters: Masters, calendar: Calendar, orders: Frame) -> Frame:
    count = int(orders["doc"].max()) + 1
    split = dice.chance(120, count)
    lead, gap = dice.between(2, 9, count), dice.between(4, 15, count)
    step = masters.items["step"][orders["item"]]
    first = np.where(
        split[orders["doc"]], documents.in_steps(orders["quantity"] * 6 // 10, step), orders["quantity"]
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
    kept = both.take((both["day"] >= calendar.first_day) & (both["day"] <= calendar.last_day))
    kept = documents.renumbered(kept)
    rate = currency.rates(masters, kept["party"], kept["day"])
    amount = currency.in_yuan(extended(kept["quantity"], kept["price"]), rate)
    empty = filled(len(kept), -1)
    return kept.having(
        event=documents.RECEIPT, amount=amount, to_wh=empty, origin=empty, reason=empty, department=empty
    )


def _returns(dice: Dice, masters: Masters, calendar: Calendar, receipts: Frame) -> Frame:
    """One receipt document in twenty sends part of one or two lines back; packing material within a day."""
    count = int(receipts["doc"].max()) + 1
    chosen = dice.chance(50, count)[receipts["doc"]] & (receipts["line"] <= 2) & (receipts["quantity"] > 0)
    rows = np.flatnonzero(chosen).astype(np.int64)
    lines = receipts.take(rows)
    wait = dice.between(3, 24, count)[lines["doc"]]
    is_fifo = masters.items["category"][lines["item"]] == company.PKG
    quantity = lines["quantity"] * dice.between(50, 300, len(rows)) // 1000
    day = workday(lines["day"] + np.where(is_fifo, wait % 2, wait))
    lines = lines.having(
        event=documents.SUPPLIER_RETURN,
        origin=rows,
        day=day,
        quantity=documents.in_steps(quantity, masters.items["step"][lines["item"]]),
    )
    return documents.renumbered(lines.take(lines["day"] <= calendar.last_day))
