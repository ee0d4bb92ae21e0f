"""The whole life of the example company in memory: documents, their worth, the ledger, the balances.

Writing it as extracts is in `extracts.py`; the order of the steps below is the order in which facts
become known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.demo import business, company, documents, posting
from pipelines.demo.apart import Apart, make_apart
from pipelines.demo.apart_posting import apart_entries
from pipelines.demo.arithmetic import sums
from pipelines.demo.calendar import Calendar, make_calendar
from pipelines.demo.costing import Costs, cost
from pipelines.demo.frame import Frame, Ints, dense, stacked
from pipelines.demo.invoicing import Billing, bill
from pipelines.demo.landing import charge_invoices, make_charges
from pipelines.demo.late_posting import late_cost_entries
from pipelines.demo.ledger import Balances, balances, vouchers
from pipelines.demo.masters import Masters, make_masters
from pipelines.demo.opening import Opening, make_opening
from pipelines.demo.producing import Production, make_production
from pipelines.demo.production_posting import production_entries
from pipelines.demo.purchasing import Purchases, make_purchases
from pipelines.demo.selling import Sales, make_sales
from pipelines.demo.settling import (
    CUSTOMERS,
    ITEM_COLUMNS,
    SUPPLIERS,
    Settlement,
    numbered_applications,
    settle,
    settlement_entries,
)
from pipelines.demo.stockflow import flow
from pipelines.demo.subcontracting import Subcontracting, fees_of, make_subcontracting
from pipelines.demo.warehousing import counts, opening_stock, other_issues, other_receipts, transfers


@dataclass(frozen=True)
class History:
    """Everything that happened; `width` digits number the documents of a month."""

    calendar: Calendar
    masters: Masters
    width: int
    purchases: Purchases
    sales: Sales
    production: Production
    subcontracting: Subcontracting
    opening: Opening
    stock: Frame
    billing: Billing
    charges: Frame
    costs: Costs
    payables: Settlement
    receivables: Settlement
    applications: Frame
    lines: Frame
    balances: Balances


def make_history(periods: int, per_period: int, seed: int, first_period: str) -> History:
    """Let the company trade for `periods` months with about `per_period` business documents each.

    Half of them are orders, receipts, deliveries and movements, drawn at a fixed share of `per_period`;
    invoices,
    payments and applications follow from those.
    """
    calendar, masters = make_calendar(first_period, periods), make_masters(per_period, periods, seed)
    width = max(4, len(str(per_period)) + 1)
    purchases = make_purchases(masters, calendar, _share(per_period, 130), seed)
    sales = make_sales(masters, calendar, _share(per_period, 170), seed)
    opening = make_opening(masters, calendar, per_period, seed, width)
    production = make_production(masters, calendar, seed, width)
    apart = make_apart(masters, calendar, seed)
    subcontracting = make_subcontracting(masters, calendar, seed, width)
    trades = (purchases, sales, production, apart, subcontracting)
    stock = _stock(trades, masters, calendar, per_period, seed, width)
    charges = make_charges(stock, masters, calendar, seed, width)
    services = [charge_invoices(lines, masters) for lines in (charges, fees_of(stock, masters))]
    freight = stacked(services, list(services[0].columns))
    billing = bill(stock, opening.receipts, freight, masters, calendar, _share(per_period, 20), seed, width)
    costs = cost(stock, billing, production, charges, masters, calendar)
    payable = stacked([opening.payables, _invoice_items(billing)], ITEM_COLUMNS)
    receivable = stacked([opening.receivables, _delivery_items(stock)], ITEM_COLUMNS)
    payables = settle(SUPPLIERS, payable, opening.prepayments, calendar, seed, width)
    receivables = settle(CUSTOMERS, receivable, opening.advances, calendar, seed, width)
    applications = numbered_applications([payables, receivables], width)
    start = _opening_balances(stock, opening, masters, per_period)
    entries = [
        *posting.document_entries(stock, billing, costs, masters, calendar),
        *apart_entries(stock, billing, charges, costs, masters, calendar),
        late_cost_entries(stock, billing, costs, masters, calendar),
        *production_entries(stock, production, costs, masters, calendar, width),
        *settlement_entries([payables, receivables], applications),
        *business.routine(calendar, per_period, start, seed, width),
    ]
    lines = _closed(entries, calendar, start, width)
    return History(
        calendar,
        masters,
        width,
        purchases,
        sales,
        production,
        subcontracting,
        opening,
        stock,
        billing,
        charges,
        costs,
        payables,
        receivables,
        applications,
        lines,
        balances(lines, start, calendar),
    )


def _closed(entries: list[Frame], calendar: Calendar, opening: Ints, width: int) -> Frame:
    """Ledger lines of all entries and of the taxes and transfers that close each month after them."""
    every = business.stacked_entries(entries)
    movement = business.signed_movement(every, calendar)
    closing = business.closing(calendar, movement, opening, width)
    return vouchers(business.stacked_entries([every, *closing]), calendar, width)


def _share(per_period: int, per_thousand: int) -> int:
    return max(per_period * per_thousand * 3 // 4000, 2)


def _stock(
    trades: tuple[Purchases, Sales, Production, Apart, Subcontracting],
    masters: Masters,
    calendar: Calendar,
    per_period: int,
    seed: int,
    width: int,
) -> Frame:
    purchases, sales, production, apart, subcontracting = trades
    first = opening_stock(masters, calendar, seed)
    return flow(
        [
            documents.after(first, production.opening, apart.opening),
            documents.after(purchases.receipts, production.supplies, apart.receipts),
            purchases.returns,
            documents.after(sales.deliveries, production.sales, apart.deliveries),
            sales.returns,
            production.issues,
            production.returns,
            production.receipts,
            subcontracting.issues,
            subcontracting.receipts,
            transfers(masters, calendar, _share(per_period, 30), seed),
            other_issues(masters, calendar, _share(per_period, 70), seed),
            other_receipts(masters, calendar, _share(per_period, 35), seed),
            counts(masters, first, calendar, _share(per_period, 60), seed),
        ],
        masters,
        width,
    )


def _per_document(kind: Ints, no: Ints, party: Ints, day: Ints, amount: Ints) -> Frame:
    group, first = dense(kind, no)
    total = sums(group, amount, len(first))
    return Frame(kind=kind[first], no=no[first], party=party[first], day=day[first], amount=total).ordered(
        "day", "kind", "no"
    )


def _invoice_items(billing: Billing) -> Frame:
    lines = billing.invoices
    kind = np.full(len(lines), documents.D_INVOICE, dtype=np.int64)
    return _per_document(kind, lines["no"], lines["party"], lines["day"], lines["net"] + lines["tax"])


def _delivery_items(stock: Frame) -> Frame:
    rows = np.isin(stock["event"], (documents.DELIVERY, documents.CUSTOMER_RETURN))
    lines = stock.take(rows)
    net, tax = posting.sales_amounts(lines)
    return _per_document(lines["kind"], lines["no"], lines["party"], lines["day"], net + tax)


def _opening_balances(stock: Frame, opening: Opening, masters: Masters, per_period: int) -> Ints:
    lines = stock.take(stock["event"] == documents.OPENING)
    rows = posting.Accounts(masters).stock[lines["item"]]
    value = sums(rows, lines["amount"], len(company.ACCOUNTS))
    totals = {
        "220201": -int(opening.payables["amount"].sum()),
        "220202": -int(opening.receipts["amount"].sum()),
        "1122": int(opening.receivables["amount"].sum()),
        "1123": int(opening.prepayments["amount"].sum()),
        "2203": -int(opening.advances["amount"].sum()),
    }
    return business.opening_balances({row: int(value[row]) for row in np.unique(rows)}, totals, per_period)
