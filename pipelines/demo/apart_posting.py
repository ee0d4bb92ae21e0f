"""Ledger entries of landed cost, and of what goods at standard cost were worth beyond it.

What they amount to is found in `costing.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import business, company, documents, posting
from pipelines.demo.arithmetic import share, sums
from pipelines.demo.frame import Frame, filled
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
    width: int,
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
        *_allocated(stock, costs, masters, calendar, width),
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


def _allocated(stock: Frame, costs: Costs, masters: Masters, calendar: Calendar, width: int) -> list[Frame]:
    """Dr variance expense, Cr variance at each month's end: by what was sold of what there was."""
    is_standard = masters.items["category"] == company.STD
    sold = np.flatnonzero(is_standard[stock["item"]] & (stock["event"] == documents.DELIVERY)).astype(
        np.int64
    )
    issued = sums(calendar.period_of(stock["day"][sold]), costs.value[sold], calendar.periods)
    moved = sums(calendar.period_of(costs.variance["day"]), costs.variance["amount"], calendar.periods)
    held = costs.closing[:, np.repeat(is_standard, len(company.WAREHOUSES))].sum(axis=1)
    vouchers, left = list[Frame](), 0
    for period in range(calendar.periods):
        left += int(moved[period])
        taken = share(left, int(issued[period]), max(int(issued[period] + held[period]), 1))
        left -= taken
        last, lines = int(calendar.starts[period + 1]) - 1, [("640203", taken, 0), ("1404", 0, taken)]
        vouchers.append(business.voucher(last, posting.BUSINESS, business.ALLOCATE, lines, width))
    return vouchers
