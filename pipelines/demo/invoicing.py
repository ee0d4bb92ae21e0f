"""Purchase invoices of the example company: what they bill, when, at what price; and what stays estimated.

Receipts come from the stock flow; the vouchers of invoices and estimates are in `posting.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company, currency, documents
from pipelines.demo.arithmetic import extended, percent_of, shares, sums
from pipelines.demo.calendar import Calendar, month_code, workday, workday_before
from pipelines.demo.frame import Dice, Frame, Ints, dense, filled, rank_within, stacked
from pipelines.demo.shapes import UNIT

if TYPE_CHECKING:
    from pipelines.demo.masters import Masters

SAME_MONTH, NEXT_MONTH, TWO_MONTHS, IN_PARTS = range(4)
_PLANS = (SAME_MONTH,) * 27 + (NEXT_MONTH,) * 7 + (TWO_MONTHS,) * 2 + (IN_PARTS,) * 4
_BILLED = (
    "goods",
    "day",
    "quantity",
    "price",
    "original",
    "rate",
    "item",
    "party",
    "tax_rate",
    "is_red",
    "bundle",
)


@dataclass(frozen=True)
class Billing:
    """`goods`: receipt and return lines that are to be billed (signed), those before the books included.

    `invoices`: lines with `no`, `line`, `goods` (−1 for services), net and tax, both also as
    billed (`original`, `original_tax`) with the `rate` between them, and, for lines on goods, the estimate
    that was open `before` and `after` them. `settled` is the period of each line.
    """

    goods: Frame
    invoices: Frame


def bill(
    stock: Frame,
    prior: Frame,
    freight: Frame,
    masters: Masters,
    calendar: Calendar,
    services: int,
    seed: int,
    width: int,
) -> Billing:
    """Invoices for `stock` and `prior` receipts, credit notes for returns, `services` invoices a month
    and `freight` lines as they are.
    """
    dice = Dice(seed, 28)
    goods = _goods(stock, prior, masters, calendar)
    lines = _planned(dice, goods, masters, calendar)
    lines = stacked([lines, _services(dice, masters, calendar, services), freight], _BILLED)
    lines = lines.take((lines["day"] <= calendar.last_day) & (lines["quantity"] != 0))
    doc, _ = dense(lines["day"], lines["party"], lines["is_red"], lines["bundle"])
    lines = lines.having(doc=doc).ordered("doc", "goods")
    tax = percent_of(lines["original"], lines["tax_rate"])
    lines = lines.having(
        line=rank_within(lines["doc"]),
        no=_numbers(lines, width),
        net=currency.in_yuan(lines["original"], lines["rate"]),
        original_tax=tax,
        tax=currency.in_yuan(tax, lines["rate"]),
        settled=calendar.period_of(lines["day"]),
        invoiced=lines["day"] - dice.between(0, 3, int(doc.max()) + 1)[lines["doc"]],
    )
    return Billing(goods, _estimates(lines, goods))


def _goods(stock: Frame, prior: Frame, masters: Masters, calendar: Calendar) -> Frame:
    rows = np.flatnonzero(np.isin(stock["event"], (documents.RECEIPT, documents.SUPPLIER_RETURN))).astype(
        np.int64
    )
    names = (
        "stock_row",
        "kind",
        "no",
        "line",
        "day",
        "item",
        "pool",
        "party",
        "quantity",
        "amount",
        "price",
        "doc",
    )
    here = stock.take(rows)
    sign = np.where(here["event"] == documents.SUPPLIER_RETURN, -1, 1)
    rate = currency.rates(masters, here["party"], here["day"])
    here = here.having(
        stock_row=rows,
        quantity=here["quantity"] * sign,
        amount=currency.in_yuan(extended(here["quantity"], here["price"]), rate) * sign,
    )
    goods = stacked([prior, here], names)
    goods = goods.having(period=calendar.period_of(goods["day"]))
    return goods.having(moved=_is_moved(stock, goods, calendar))


def _is_moved(stock: Frame, goods: Frame, calendar: Calendar) -> Ints:
    """1 where the pool gave goods to another warehouse while they could still be without a bill."""
    transfers = stock.take(np.flatnonzero(stock["event"] == documents.TRANSFER).astype(np.int64))
    width = calendar.last_day + 1
    key = np.sort(transfers["pool"] * width + transfers["day"])
    until = calendar.end_of(np.minimum(goods["period"] + 2, calendar.periods - 1))
    first, last = goods["pool"] * width + goods["day"], goods["pool"] * width + until
    return (np.searchsorted(key, first) < np.searchsorted(key, last, side="right")).astype(np.int64)


def _planned(dice: Dice, goods: Frame, masters: Masters, calendar: Calendar) -> Frame:
    """One or two invoice lines per receipt line, all lines of a document by the same plan. What the company
    moves on to another warehouse is billed as ordered, in dollars in its month: no late price has to follow
    it there."""
    doc, _ = dense(goods["kind"], goods["no"])
    count = int(doc.max()) + 1
    plan = np.where(dice.chance(700, count), dice.one_of(_PLANS, count), SAME_MONTH)[doc]
    prior, red = goods["period"] < 0, goods["quantity"] < 0
    abroad = goods["moved"] * currency.is_foreign(masters, goods["party"])
    plan = np.where((sums(doc, abroad, count) > 0)[doc], SAME_MONTH, plan)
    plan = np.where(prior | (plan == IN_PARTS) & red, NEXT_MONTH, plan)
    delay, late = dice.between(1, 12, count)[doc], dice.between(1, 20, count)[doc]
    step = masters.items["step"][goods["item"]]
    part = goods["quantity"] * dice.between(350, 650, count)[doc] // 1000 // step * step
    first = np.where(plan == IN_PARTS, part, np.where(plan == SAME_MONTH, goods["quantity"], 0))
    second = goods["quantity"] - first
    price = goods["price"] * _price_change(dice, goods, masters) // 1000
    frames = []
    for quantity, day in (
        (first, _same_month(goods, delay, calendar)),
        (second, _later(goods, plan, late, calendar)),
    ):
        original = extended(np.abs(quantity), price) * np.sign(quantity)
        frames.append(
            Frame(
                goods=np.arange(len(goods), dtype=np.int64),
                day=day,
                quantity=quantity,
                price=price,
                item=goods["item"],
                original=original,
                rate=currency.rates(masters, goods["party"], np.where(red, goods["day"], day)),
                party=goods["party"],
                is_red=red.astype(np.int64),
                tax_rate=masters.items["tax"][goods["item"]],
            )
        )
    return stacked(frames, _BILLED)


def _price_change(dice: Dice, goods: Frame, masters: Masters) -> Ints:
    """Per mille of the receipt's price: most lines as ordered; nothing cheaper for items to be cleared."""
    change = np.where(dice.chance(130, len(goods)), dice.between(965, 1035, len(goods)), 1000)
    clearing = masters.items["is_clearing"][goods["item"]] == 1
    as_ordered = (goods["quantity"] < 0) | (goods["moved"] == 1)
    return np.where(as_ordered, 1000, np.where(clearing, np.maximum(change, 1000), change))


def _same_month(goods: Frame, delay: Ints, calendar: Calendar) -> Ints:
    """A billing day (every third) after the receipt, not after the month's last workday."""
    period = np.maximum(goods["period"], 0)
    day = workday((goods["day"] + delay + 2) // 3 * 3)
    return np.maximum(np.minimum(day, workday_before(calendar.end_of(period))), goods["day"])


def _later(goods: Frame, plan: Ints, late: Ints, calendar: Calendar) -> Ints:
    """A billing day of the next month, or of the one after it."""
    months = np.where(plan == TWO_MONTHS, 2, 1) + goods["period"]
    start = np.append(calendar.starts, calendar.last_day + 400 + np.arange(2))[
        np.minimum(months, calendar.periods + 1)
    ]
    return workday(start + 1 + late // 3 * 3)


def _services(dice: Dice, masters: Masters, calendar: Calendar, per_period: int) -> Frame:
    count = max(per_period, 2) * calendar.periods * 2
    category = dice.one_of((company.SVC, company.FRT), count // 2).repeat(2)
    day = workday_before(dice.between(calendar.first_day + 4, calendar.last_day, count // 2).repeat(2))
    item, party = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for code in (company.SVC, company.FRT):
        rows, members, suppliers = (
            np.flatnonzero(category == code),
            masters.items_of(code),
            masters.suppliers_of(code),
        )
        item[rows] = members[dice.between(0, len(members) - 1, len(rows))]
        party[rows] = suppliers[dice.between(0, len(suppliers) - 1, len(rows) // 2).repeat(2)]
    price = masters.items["price"][item] * dice.between(600, 1400, count) // 1000
    quantity = filled(count, UNIT)
    return Frame(
        goods=filled(count, -1),
        day=day,
        quantity=quantity,
        price=price,
        original=extended(quantity, price),
        rate=filled(count, currency.ONE),
        item=item,
        party=party,
        tax_rate=masters.items["tax"][item],
        is_red=filled(count, 0),
        bundle=np.arange(count, dtype=np.int64) // 2,
    )


def _numbers(lines: Frame, width: int) -> Ints:
    month = month_code(lines["day"])
    first = np.flatnonzero(np.append(True, month[1:] != month[:-1]))
    start = np.repeat(lines["doc"][first], np.diff(np.append(first, len(lines))))
    return documents.number(month, lines["doc"] - start + 1, width)


def _estimates(lines: Frame, goods: Frame) -> Frame:
    """Open estimate of the receipt line before and after each invoice line: differences settle it exactly."""
    rows = lines["goods"]
    order = np.lexsort([lines["line"], lines["no"], lines["day"], rows])
    total = np.cumsum(lines["quantity"][order])
    before = total - lines["quantity"][order]
    key = rows[order]
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
    base = np.repeat(before[first], np.diff(np.append(first, len(key))))
    done = np.empty(len(order), dtype=np.int64)
    done[order] = total - base
    return lines.having(before=_open(goods, rows, done - lines["quantity"]), after=_open(goods, rows, done))


def _open(goods: Frame, rows: Ints, settled: Ints) -> Ints:
    quantity = np.where(rows < 0, 1, np.abs(goods["quantity"][rows]))
    amount = np.where(rows < 0, 0, goods["amount"][rows])
    return shares(amount, np.where(rows < 0, 0, quantity - np.abs(settled)), quantity)


def open_at(billing: Billing, period: int) -> Ints:
    """Signed quantity of each goods line that is not billed at the end of a period; 0 for later ones."""
    goods, invoices = billing.goods, billing.invoices
    done = invoices.take((invoices["settled"] <= period) & (invoices["goods"] >= 0))
    left = goods["quantity"] - sums(done["goods"], done["quantity"], len(goods))
    return np.where(goods["period"] <= period, left, 0)


def estimate(goods: Frame, quantity: Ints) -> Ints:
    """Cents at which an open quantity of each goods line is estimated, signed like the line."""
    return shares(goods["amount"], np.abs(quantity), np.abs(goods["quantity"]))
