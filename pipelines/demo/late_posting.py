"""Ledger entries of late price differences of goods that have left: on the account of what took the goods.

Which issue takes how much is in `late_costs.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company, documents, posting
from pipelines.demo.posting import account, pair

if TYPE_CHECKING:
    from pipelines.demo.calendar import Calendar
    from pipelines.demo.costing import Costs
    from pipelines.demo.frame import Frame
    from pipelines.demo.invoicing import Billing
    from pipelines.demo.masters import Masters


def late_cost_entries(
    stock: Frame, billing: Billing, costs: Costs, masters: Masters, calendar: Calendar
) -> Frame:
    """Dr what the issue was debited to (cost of sales when none is known), Cr stock, on the invoice."""
    accounts, issue = posting.Accounts(masters), costs.followed["stock_row"]
    lines = billing.invoices.take(costs.followed["invoice_row"])
    lines = lines.having(
        cause=posting.LATE_EXPENSE, kind=documents.D_INVOICE, day=calendar.end_of(lines["settled"])
    )
    reasons = np.array([account(row[3]) for row in company.REASONS], dtype=np.int64)
    event = np.where(issue < 0, documents.DELIVERY, stock["event"][issue])
    target = np.select(
        [event == documents.OTHER_OUT, event == documents.LOSS, event == documents.PRODUCTION_ISSUE],
        [reasons[stock["reason"][issue]], account("1901"), account("500101")],
        accounts.cost[lines["item"]],
    )
    return pair(lines, target, accounts.stock[lines["item"]], costs.followed["amount"])
