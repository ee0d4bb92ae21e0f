"""The ledger entries that the example company's documents cause, one function per kind of document.

Payments are in `settling.py`, entries without a document in `business.py`, numbering in `ledger.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company, currency, documents
from pipelines.demo.arithmetic import extended, percent_of
from pipelines.demo.frame import Frame, Ints, filled, stacked
from pipelines.demo.invoicing import Billing, estimate, open_at

if TYPE_CHECKING:
    from pipelines.demo.calendar import Calendar
    from pipelines.demo.costing import Costs
    from pipelines.demo.masters import Masters

ENTRY_COLUMNS = ("day", "cause", "kind", "no", "account", "party", "debit", "credit", "units")
"""An entry: `cause` says why, `kind` and `no` name the document; debit or credit may be negative (red), and
`units` with it; accounts that are not kept by quantity have none."""

(
    REVERSED,
    INVOICED,
    REVENUE,
    RECEIVED_OTHER,
    PAID,
    PREPAID,
    COLLECTED,
    ADVANCED,
    PREPAYMENT_APPLIED,
    ADVANCE_APPLIED,
    BUSINESS,
    ESTIMATED,
    COSTED,
    ISSUED,
    COUNTED,
    RETURN_DIFFERENCE,
    LATE_EXPENSE,
    USED,
    GIVEN_BACK,
    CONVERTED,
    COMPLETED,
    LANDED,
    VARIANCE,
    ALLOCATED,
    SENT_OUT,
    FEE,
    COME_BACK,
    TAX_TRANSFER,
    CLOSING,
    YEAR_END,
) = range(30)
CAUSE_NAMES = (
    "冲回暂估",
    "采购发票",
    "销售收入",
    "其他入库",
    "付供应商款",
    "预付货款",
    "收客户款",
    "预收货款",
    "预付冲应付",
    "预收冲应收",
    "",
    "暂估入库",
    "结转销售成本",
    "领用出库",
    "盘点差异",
    "退货成本差异",
    "入库成本差异",
    "生产领料",
    "生产退料",
    "分配人工和制造费用",
    "产成品入库",
    "采购费用分摊",
    "材料成本差异",
    "分摊材料成本差异",
    "委外发料",
    "委外加工费",
    "委外入库",
    "转出未交增值税",
    "结转本期损益",
    "结转本年利润",
)


def account(code: str) -> int:
    """Row of an account in the chart."""
    return company.INDEX[code]


class Accounts:
    """Account rows per item: stock, revenue, cost of sales (for services the expense)."""

    def __init__(self, masters: Masters) -> None:
        category = masters.items["category"]

        def per_category(codes: list[str]) -> Ints:
            return np.array([account(code) if code else -1 for code in codes], dtype=np.int64)[category]

        self.stock = per_category([c.stock for c in company.CATEGORIES])
        self.revenue = per_category([c.revenue for c in company.CATEGORIES])
        self.cost = per_category([c.cost for c in company.CATEGORIES])


PARTY_ACCOUNTS = np.array([account(code) for code in ("1122", "1123", "220201", "220202", "2203")])
"""Accounts kept by customer or supplier."""
QUANTITY_ACCOUNTS = np.array([account(code) for code in ("140501", "140502")])
"""Accounts kept by quantity and amount (数量金额式)."""


def pair(
    source: Frame, debit: Ints | int, credit: Ints | int, amount: Ints, quantity: Ints | int = 0
) -> Frame:
    """Debit one account, credit another with each row's amount, and a quantity of its sign.

    Accounts without parties lose the party, those not kept by quantity the quantity.
    """
    zero = filled(len(source), 0)
    both = stacked(
        [
            source.having(account=debit, debit=amount, credit=zero, units=quantity),
            source.having(account=credit, debit=zero, credit=amount, units=quantity),
        ],
        ENTRY_COLUMNS,
    )
    has_party = np.isin(both["account"], PARTY_ACCOUNTS)
    return both.having(
        party=np.where(has_party, both["party"], -1),
        units=np.where(np.isin(both["account"], QUANTITY_ACCOUNTS), both["units"], 0),
    )


def document_entries(
    stock: Frame, billing: Billing, costs: Costs, masters: Masters, calendar: Calendar
) -> list[Frame]:
    """Entries of all stock documents, invoices and estimates."""
    accounts = Accounts(masters)
    return [
        *estimate_entries(billing, accounts, calendar),
        invoice_entries(billing, accounts),
        *delivery_entries(stock, costs, accounts, calendar),
        return_difference_entries(stock, costs, masters, calendar),
        *movement_entries(stock, costs, accounts, calendar),
    ]


def estimate_entries(billing: Billing, accounts: Accounts, calendar: Calendar) -> list[Frame]:
    """Dr stock, Cr estimated payables for what is not billed at each close, and its red mirror on the next
    first day.
    """
    goods = billing.goods
    entries = []
    for period in range(-1, calendar.periods):
        quantity = open_at(billing, period)
        rows = np.flatnonzero(quantity != 0).astype(np.int64)
        amount, lines, units = estimate(goods, quantity)[rows], goods.take(rows), quantity[rows]
        stock, payable = accounts.stock[lines["item"]], account("220202")
        if period >= 0:
            at_close = lines.having(day=int(calendar.starts[period + 1]) - 1, cause=ESTIMATED)
            entries.append(pair(at_close, stock, payable, amount, units))
        if period + 1 < calendar.periods:
            at_start = lines.having(day=int(calendar.starts[period + 1]), cause=REVERSED)
            entries.append(pair(at_start, stock, payable, -amount, -units))
    return entries


def invoice_entries(billing: Billing, accounts: Accounts) -> Frame:
    """Dr stock (services: expense) N, Dr input VAT T, Cr payables G; credit notes red on the same sides."""
    lines = billing.invoices.having(cause=INVOICED, kind=documents.D_INVOICE)
    on_goods = lines["goods"] >= 0
    target = np.where(on_goods, accounts.stock[lines["item"]], accounts.cost[lines["item"]])
    payable = account("220201")
    return stacked(
        [
            pair(lines, target, payable, lines["net"], lines["quantity"]),
            pair(lines, account("22210101"), payable, lines["tax"]),
        ],
        ENTRY_COLUMNS,
    )


def sales_amounts(lines: Frame) -> tuple[Ints, Ints]:
    """Net and tax of delivery and customer return lines, negative for returns."""
    net = extended(lines["quantity"], lines["price"]) * -documents.DIRECTION[lines["event"]]
    return net, percent_of(net, company.VAT)


def delivery_entries(stock: Frame, costs: Costs, accounts: Accounts, calendar: Calendar) -> list[Frame]:
    """Revenue and output VAT on the document's day, cost of sales at the month's end."""
    rows = np.flatnonzero(np.isin(stock["event"], (documents.DELIVERY, documents.CUSTOMER_RETURN)))
    lines = stock.take(rows.astype(np.int64))
    net, tax = sales_amounts(lines)
    sign = -documents.DIRECTION[lines["event"]]
    sold = lines.having(cause=REVENUE)
    costed = lines.having(cause=COSTED, day=calendar.end_of(calendar.period_of(lines["day"])))
    receivable, item = account("1122"), lines["item"]
    return [
        pair(sold, receivable, accounts.revenue[item], net),
        pair(sold, receivable, account("22210107"), tax),
        pair(
            costed,
            accounts.cost[item],
            accounts.stock[item],
            costs.value[rows] * sign,
            lines["quantity"] * sign,
        ),
    ]


def return_difference_entries(stock: Frame, costs: Costs, masters: Masters, calendar: Calendar) -> Frame:
    """Dr purchase variance, Cr stock: what a supplier return cost above what the supplier credits."""
    rows = np.flatnonzero(stock["event"] == documents.SUPPLIER_RETURN)
    lines = stock.take(rows.astype(np.int64))
    rate = currency.rates(masters, lines["party"], lines["day"])
    difference = costs.value[rows] - currency.in_yuan(extended(lines["quantity"], lines["price"]), rate)
    lines = lines.having(cause=RETURN_DIFFERENCE, day=calendar.end_of(calendar.period_of(lines["day"])))
    return pair(lines, account("640202"), Accounts(masters).stock[lines["item"]], difference)


def movement_entries(stock: Frame, costs: Costs, accounts: Accounts, calendar: Calendar) -> list[Frame]:
    """Other issues and receipts by reason code, count differences against pending property; transfers cause
    nothing.
    """
    reasons = np.array([account(row[3]) for row in company.REASONS], dtype=np.int64)
    pending, entries = account("1901"), []
    for event, cause in (
        (documents.OTHER_OUT, ISSUED),
        (documents.OTHER_IN, RECEIVED_OTHER),
        (documents.GAIN, COUNTED),
        (documents.LOSS, COUNTED),
    ):
        rows = np.flatnonzero((stock["event"] == event) & (costs.value != 0))
        lines = stock.take(rows.astype(np.int64))
        counted = event in (documents.GAIN, documents.LOSS)
        other = filled(len(rows), pending) if counted else reasons[lines["reason"]]
        day = (
            lines["day"] if event == documents.OTHER_IN else calendar.end_of(calendar.period_of(lines["day"]))
        )
        lines, goods = lines.having(cause=cause, day=day), accounts.stock[lines["item"]]
        into = documents.DIRECTION[event] > 0
        debit, credit = (goods, other) if into else (other, goods)
        entries.append(pair(lines, debit, credit, costs.value[rows], lines["quantity"]))
    return entries
