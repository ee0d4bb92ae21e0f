"""Ledger entries of production: materials, labour and overhead into the orders, products out of them.

Documents of purchase and sale are in `posting.py`, business without a document in `business.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import business, documents, posting
from pipelines.demo.arithmetic import sums
from pipelines.demo.calendar import workday
from pipelines.demo.frame import Frame, filled, ints
from pipelines.demo.posting import account, pair

if TYPE_CHECKING:
    from pipelines.demo.calendar import Calendar
    from pipelines.demo.costing import Costs
    from pipelines.demo.masters import Masters
    from pipelines.demo.producing import Production


def production_entries(
    stock: Frame, production: Production, costs: Costs, masters: Masters, calendar: Calendar, width: int
) -> list[Frame]:
    """Entries of all production documents, of labour and overhead, and what these were made of."""
    return [
        *_movements(stock, costs, posting.Accounts(masters), calendar),
        _fees(stock),
        *_conversion(production, calendar),
        *_workshop(production, calendar, width),
    ]


def _movements(stock: Frame, costs: Costs, accounts: posting.Accounts, calendar: Calendar) -> list[Frame]:
    """Dr orders, Cr stock for issues; the other way round for returns and products; at the month's end."""
    entries = []
    for event, cause, code in (
        (documents.PRODUCTION_ISSUE, posting.USED, "500101"),
        (documents.PRODUCTION_RETURN, posting.GIVEN_BACK, "500101"),
        (documents.PRODUCTION_RECEIPT, posting.COMPLETED, "500101"),
        (documents.SUBCONTRACT_ISSUE, posting.SENT_OUT, "1408"),
        (documents.SUBCONTRACT_RECEIPT, posting.COME_BACK, "1408"),
    ):
        rows = np.flatnonzero(stock["event"] == event).astype(np.int64)
        lines = stock.take(rows)
        lines = lines.having(cause=cause, day=calendar.end_of(calendar.period_of(lines["day"])))
        goods, value, units = accounts.stock[lines["item"]], costs.value[rows], lines["quantity"]
        if documents.DIRECTION[event] > 0:
            entries.append(pair(lines, goods, account(code), value, units))
        else:
            entries.append(pair(lines, account(code), goods, value, units))
    return entries


def _fees(stock: Frame) -> Frame:
    """Dr goods with subcontractors, Cr fees to be billed, when the goods come back."""
    lines = stock.take(stock["event"] == documents.SUBCONTRACT_RECEIPT).having(cause=posting.FEE)
    return pair(lines, account("1408"), account("220204"), lines["amount"])


def _conversion(production: Production, calendar: Calendar) -> list[Frame]:
    """Dr orders, Cr wages for labour and Cr overhead for overhead, by order at the month's end."""
    lines = production.work.having(
        day=calendar.end_of(production.work["period"]),
        cause=posting.CONVERTED,
        kind=documents.D_PRODUCTION_ORDER,
        no=production.orders["no"][production.work["production"]],
        party=filled(len(production.work), -1),
    )
    orders = account("500101")
    return [
        pair(lines, orders, account("2211"), lines["labour"]),
        pair(lines, orders, account("5101"), lines["overhead"]),
    ]


def _workshop(production: Production, calendar: Calendar, width: int) -> list[Frame]:
    """Overhead as it arises, two thirds of it depreciation; wages of the orders paid in the next month."""
    work, vouchers, owed = production.work, list[Frame](), 0
    overhead = sums(work["period"], work["overhead"], calendar.periods)
    labour = sums(work["period"], work["labour"], calendar.periods)
    for period in range(calendar.periods):
        first, last = int(calendar.starts[period]), int(calendar.starts[period + 1]) - 1
        pay_day, spent = int(workday(ints([first + 9]))[0]), int(overhead[period])
        worn = spent * 2 // 3
        paid = [("2211", owed, 0), ("1002", 0, owed)]
        arisen = [("5101", spent, 0), ("1602", 0, worn), ("2211", 0, spent - worn)]
        vouchers.append(business.voucher(pay_day, posting.BUSINESS, business.PAY_WORKSHOP, paid, width))
        vouchers.append(business.voucher(last, posting.BUSINESS, business.OVERHEAD, arisen, width))
        owed = int(labour[period]) + spent - worn
    return vouchers
