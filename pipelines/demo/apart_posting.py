"""Ledger entries of landed cost, and of what goods at standard cost were worth beyond it.

What they amount to is found in `costing.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company, documents, posting
from pipelines.demo.arithmetic import extended, share, sums
from pipelines.demo.frame import Frame, filled
from pipelines.demo.invoicing import estimate, open_at
from pipelines.demo.perpetual import VALUE_ONLY
from pipelines.demo.posting import account, pair

if TYPE_CHECKING:
    from pipelines.demo.calendar import Calendar
    from pipelines.demo.costing import Costs
    from pipelines.demo.invoicing import Billing
    from pipelines.demo.masters import Masters


def apart_entries(
    stock: Frame,
    billing: Billing,
    charges: Frame,
    costs: Costs,
    masters: Masters,
    calendar: Calendar,
) -> list[Frame]:
    """Dr stock, Cr freight to be billed; Dr variance, Cr stock; what goods sold take of the variance."""
    accounts, landed = posting.Accounts(masters), costs.landed
    charged = landed.having(
        kind=documents.D_LANDED,
        no=charges["no"][landed["charge"]],
        cause=posting.LANDED,
        party=filled(len(landed), -1),
    )
    return [
        pair(charged, accounts.stock[landed["item"]], account("220203"), landed["amount"]),
        _beyond_standard(costs.variance, billing, accounts, calendar),
        _allocated(stock, billing, costs, masters, calendar),
    ]


def _beyond_standard(lines: Frame, billing: Billing, accounts: posting.Accounts, calendar: Calendar) -> Frame:
    """On the receipt, or on the invoice of a later month."""
    is_late = lines["event"] == VALUE_ONLY
    invoices = billing.invoices["no"][lines["invoice_row"]]
    lines = lines.having(
        kind=np.where(is_late, documents.D_INVOICE, lines["kind"]),
        no=np.where(is_late, invoices, lines["no"]),
        day=calendar.end_of(calendar.period_of(lines["day"])),
        cause=posting.VARIANCE,
        party=filled(len(lines), -1),
    )
    return pair(lines, account("1404"), accounts.stock[lines["item"]], lines["amount"])


def _allocated(stock: Frame, billing: Billing, costs: Costs, masters: Masters, calendar: Calendar) -> Frame:
    """Dr cost of sales, Cr variance at each month's end: by what was sold of what there was. What is only
    estimated at that end is in neither.
    """
    is_standard = masters.items["category"] == company.STD
    sold = np.flatnonzero(is_standard[stock["item"]] & (stock["event"] == documents.DELIVERY)).astype(
        np.int64
    )
    issued = sums(calendar.period_of(stock["day"][sold]), costs.value[sold], calendar.periods)
    moved = sums(calendar.period_of(costs.variance["day"]), costs.variance["amount"], calendar.periods)
    held = costs.closing[:, np.repeat(is_standard, len(company.WAREHOUSES))].sum(axis=1)
    goods, price = billing.goods, masters.items["price"][billing.goods["item"]]
    taken, left = filled(calendar.periods, 0), 0
    for period in range(calendar.periods):
        left += int(moved[period])
        unbilled = np.where(is_standard[goods["item"]], open_at(billing, period), 0)
        planned = int(extended(unbilled, price).sum())
        unsettled = int(estimate(goods, unbilled).sum()) - planned
        whole = int(issued[period] + held[period]) - planned
        taken[period] = share(left - unsettled, int(issued[period]), whole) if whole > 0 else 0
        left -= int(taken[period])
    ends = Frame(
        day=calendar.starts[1:] - 1,
        cause=filled(calendar.periods, posting.ALLOCATED),
        kind=filled(calendar.periods, documents.D_ALLOCATION),
        no=filled(calendar.periods, 0),
        party=filled(calendar.periods, -1),
    )
    cost = account(company.CATEGORIES[company.STD].cost)
    return pair(ends, cost, account("1404"), taken)
