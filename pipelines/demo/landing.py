"""Freight and duty of the example company: charges on receipts of material, their invoices, their shares.

A charge belongs to a receipt, most to one of its own month, one a month to one of the month before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company, currency, documents
from pipelines.demo.arithmetic import sums
from pipelines.demo.calendar import Calendar, month_code, workday, workday_before
from pipelines.demo.frame import Dice, Frame, Ints, dense, filled, rank_within
from pipelines.demo.shapes import UNIT

if TYPE_CHECKING:
    from pipelines.demo.masters import Masters

BY_AMOUNT, BY_QUANTITY, BY_WEIGHT = range(3)
_KEYS = (BY_AMOUNT, BY_AMOUNT, BY_QUANTITY, BY_WEIGHT)


def make_charges(stock: Frame, masters: Masters, calendar: Calendar, seed: int, width: int) -> Frame:
    """A row per charge, numbered: `row` is the first stock line of its receipt, `key` how it is split."""
    dice = Dice(seed, 15)
    is_material = masters.items["category"][stock["item"]] == company.MAT
    lines = np.flatnonzero(is_material & (stock["event"] == documents.RECEIPT)).astype(np.int64)
    receipt, first = dense(stock["no"][lines])
    rows, worth = lines[first], sums(receipt, stock["amount"][lines], len(first))
    count, day = len(rows), stock["day"][rows]
    period = calendar.period_of(day)
    is_last = np.append(period[1:] != period[:-1], True)
    chosen = dice.chance(550, count) | is_last
    end = workday_before(calendar.end_of(period))
    soon = np.maximum(np.minimum(workday(day + dice.between(0, 5, count)), end), day)
    late = workday(calendar.end_of(period) + dice.between(2, 9, count))
    party, item = masters.suppliers_of(company.FRT), masters.items_of(company.LND)
    charges = Frame(
        row=rows,
        day=np.where(is_last, late, soon),
        amount=worth * dice.between(8, 40, count) // 1000 + dice.between(10_00, 99_99, count),
        key=dice.one_of(_KEYS, count),
        party=party[dice.between(0, len(party) - 1, count)],
        service=item[dice.between(0, len(item) - 1, count)],
    )
    charges = charges.take(chosen & (charges["day"] <= calendar.last_day)).ordered("day", "row")
    month = month_code(charges["day"])
    return charges.having(
        no=documents.number(month, rank_within(month), width), kind=documents.D_LANDED, line=1
    )


def charge_invoices(charges: Frame, masters: Masters) -> Frame:
    """Invoice lines for charges or fees (day, amount, party, service), one each, on their day."""
    count = len(charges)
    return Frame(
        goods=filled(count, -1),
        day=charges["day"],
        quantity=filled(count, UNIT),
        price=charges["amount"] * 100,
        original=charges["amount"],
        rate=filled(count, currency.ONE),
        item=charges["service"],
        party=charges["party"],
        tax_rate=masters.items["tax"][charges["service"]],
        is_red=filled(count, 0),
        bundle=np.arange(count, dtype=np.int64),
    )


def charge_shares(stock: Frame, charges: Frame, worth: Ints, masters: Masters, calendar: Calendar) -> Frame:
    """Each charge over the lines of its receipt: `charge`, `stock_row`, `amount`; `worth` in the books.

    By the amount of the document in its own month, of the books afterwards. Cents left over go to the largest
    remainders.
    """
    lines = np.flatnonzero(stock["kind"] == documents.D_RECEIPT).astype(np.int64)
    order = np.argsort(stock["no"][lines], kind="stable")
    numbers, wanted = stock["no"][lines][order], stock["no"][charges["row"]]
    first, last = np.searchsorted(numbers, wanted), np.searchsorted(numbers, wanted, side="right")
    charge = np.repeat(np.arange(len(charges), dtype=np.int64), last - first)
    row = lines[order][np.repeat(first, last - first) + rank_within(charge) - 1]
    is_late = calendar.period_of(charges["day"][charge]) > calendar.period_of(stock["day"][row])
    quantity = stock["quantity"][row]
    weight = np.select(
        [charges["key"][charge] == BY_QUANTITY, charges["key"][charge] == BY_WEIGHT],
        [quantity, quantity // UNIT * masters.items["weight"][stock["item"][row]]],
        np.where(is_late, worth[row], stock["amount"][row]),
    )
    amount = charges["amount"][charge]
    whole, rest = np.divmod(amount * weight, sums(charge, weight, len(charges))[charge])
    left = (charges["amount"] - sums(charge, whole, len(charges)))[charge]
    rank = np.empty(len(charge), dtype=np.int64)
    place = np.lexsort([stock["line"][row].astype(np.str_), -rest, charge])
    rank[place] = rank_within(charge[place])
    return Frame(charge=charge, stock_row=row, amount=whole + (rank <= left))
