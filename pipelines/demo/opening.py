"""What was open before the first period of the example company: receivables, payables, advances, receipts
not yet billed.

Opening stock is in `warehousing.py`; the opening balances of other accounts are in `business.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company, currency, documents
from pipelines.demo.arithmetic import extended
from pipelines.demo.calendar import Calendar, month_code, workday_before
from pipelines.demo.frame import Dice, Frame, Ints, filled, rank_within
from pipelines.demo.settling import ITEM_COLUMNS
from pipelines.demo.stockflow import WAREHOUSES

if TYPE_CHECKING:
    from pipelines.demo.masters import Masters


@dataclass(frozen=True)
class Opening:
    """Open items before the books: `receipts` not yet billed (goods lines), and documents of the four money
    kinds.
    """

    receipts: Frame
    payables: Frame
    receivables: Frame
    prepayments: Frame
    advances: Frame


def make_opening(
    masters: Masters, calendar: Calendar, documents_per_period: int, seed: int, width: int
) -> Opening:
    """Open items of the two months before the first period; numbers carry those months."""
    dice = Dice(seed, 12)
    size = max(documents_per_period, 40)
    suppliers = np.concatenate([masters.suppliers_of(c) for c in (company.RAW, company.MER, company.PKG)])
    return Opening(
        receipts=_receipts(dice, masters, calendar, max(size // 16, 4), width),
        payables=_money(
            dice, calendar, documents.D_INVOICE, suppliers, size // 12, (300_000, 40_000_000), width
        ),
        receivables=_money(
            dice, calendar, documents.D_DELIVERY, masters.customers, size // 9, (200_000, 60_000_000), width
        ),
        prepayments=_money(
            dice, calendar, documents.D_PREPAYMENT, suppliers, max(size // 90, 3), (100_000, 9_000_000), width
        ),
        advances=_money(
            dice,
            calendar,
            documents.D_ADVANCE,
            masters.customers,
            max(size // 80, 3),
            (100_000, 9_000_000),
            width,
        ),
    )


def _money(
    dice: Dice, calendar: Calendar, kind: int, parties: Ints, count: int, amounts: tuple[int, int], width: int
) -> Frame:
    day = np.sort(workday_before(calendar.first_day - dice.between(2, 58, count)))
    party = parties[dice.between(0, len(parties) - 1, count)]
    columns = {
        "kind": filled(count, kind),
        "no": _numbers(day, width, 7),
        "party": party,
        "day": day,
        "amount": dice.between(*amounts, count),
    }
    return Frame(**{name: columns[name] for name in ITEM_COLUMNS})


def _numbers(day: Ints, width: int, spread: int) -> Ints:
    """Numbers with gaps: only some documents of those months are still open."""
    month = month_code(day)
    return documents.number(month, rank_within(month) * spread, width)


def _receipts(dice: Dice, masters: Masters, calendar: Calendar, count: int, width: int) -> Frame:
    """Receipt lines of the month before, to be billed in the first period."""
    day = np.sort(workday_before(calendar.first_day - dice.between(2, 24, count)))
    doc, line = documents.new_lines(dice, count)
    is_raw = dice.chance(500, count)
    raw, goods = masters.suppliers_of(company.RAW), masters.suppliers_of(company.MER)
    party = np.where(
        is_raw, raw[dice.below(filled(count, len(raw)))], goods[dice.below(filled(count, len(goods)))]
    )
    items_raw, items_goods = masters.items_of(company.RAW), masters.items_of(company.MER)
    size = len(doc)
    item = np.where(
        is_raw[doc],
        items_raw[dice.below(filled(size, len(items_raw)))],
        items_goods[dice.below(filled(size, len(items_goods)))],
    )
    quantity = documents.in_steps(
        masters.items["lot"][item] * dice.between(50, 150, size) // 100, masters.items["step"][item]
    )
    price = currency.quoted(
        masters, party[doc], masters.items["price"][item] * dice.between(950, 1050, size) // 1000
    )
    wh = np.where(is_raw, company.MAIN, company.FINISHED)[doc]
    return Frame(
        stock_row=filled(size, -1),
        kind=filled(size, documents.D_RECEIPT),
        no=_numbers(day, width, 5)[doc],
        line=line,
        day=day[doc],
        item=item,
        wh=wh,
        pool=item * WAREHOUSES + wh,
        party=party[doc],
        quantity=quantity,
        price=price,
        amount=currency.in_yuan(extended(quantity, price), currency.rates(masters, party[doc], day[doc])),
        doc=doc,
    )
