"""What every stock line of the example company is worth, independent of the pipeline's kernel.

Here lines and price differences are put in order and the periodic average is taken, one rate per pool and
month;
moving average and FIFO walk the lines one by one in `perpetual.py`. All integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company, documents
from pipelines.demo.arithmetic import extended, shares, sums
from pipelines.demo.frame import Flags, Frame, Grid, Ints, filled, stacked
from pipelines.demo.landing import charge_shares
from pipelines.demo.late_costs import follow
from pipelines.demo.perpetual import VALUE_ONLY, Moves, walk
from pipelines.demo.production_costing import receipt_values, subcontract_values
from pipelines.demo.stockflow import WAREHOUSES

if TYPE_CHECKING:
    from pipelines.demo.calendar import Calendar
    from pipelines.demo.invoicing import Billing
    from pipelines.demo.masters import Masters
    from pipelines.demo.producing import Production

_COLUMNS = (
    "event",
    "day",
    "order_class",
    "pool",
    "to_pool",
    "quantity",
    "amount",
    "origin",
    "invoice_row",
    "item",
    "stock_row",
    "production",
    "kind",
    "no",
    "line",
    "charge",
)


_SIGN = np.ones(VALUE_ONLY + 1, dtype=np.int64)
_SIGN[: len(documents.DIRECTION)] = documents.DIRECTION
_MADE = (documents.PRODUCTION_RECEIPT, documents.SUBCONTRACT_RECEIPT)


@dataclass(frozen=True)
class Costs:
    """Cents. `value`: what each stock line put into or took out of stock, ≥ 0; `closing`: per period, pool.

    `differences`: invoice rows with what of a price difference went into stock (`amount`) or was `expensed`;
    `followed`: those expensed over the stock lines (−1: none) that took the goods;
    `landed`: lines of charges; `variance`: lines whose `amount` goes beyond standard cost.
    """

    value: Ints
    differences: Frame
    followed: Frame
    landed: Frame
    variance: Frame
    closing: Grid


def cost(
    stock: Frame,
    billing: Billing,
    production: Production,
    charges: Frame,
    masters: Masters,
    calendar: Calendar,
) -> Costs:
    """Value every stock line and every late price difference; what orders make after what they use."""
    lines = _costed_lines(stock, billing, charges, masters, calendar)
    category = masters.items["category"][lines["item"]]
    is_periodic = np.isin(category, (company.RAW, company.MAT))
    value = filled(len(lines), 0)
    _periodic(lines, is_periodic, calendar, value)
    made = receipt_values(lines, value, production, calendar) + subcontract_values(lines, value)
    lines = lines.having(amount=np.where(np.isin(lines["event"], _MADE), made, lines["amount"]))
    moves = Moves(
        lines["event"],
        _SIGN[lines["event"]],
        lines["pool"],
        lines["to_pool"],
        lines["quantity"],
        lines["amount"],
        lines["origin"],
        category == company.PKG,
    )
    walked = walk(
        moves,
        np.flatnonzero(~is_periodic & (category != company.STD)).astype(np.int64),
        len(masters.items) * WAREHOUSES,
    )
    value = np.where(is_periodic, value, walked.value)
    is_standard = category == company.STD
    value[is_standard] = extended(lines["quantity"], masters.items["price"][lines["item"]])[is_standard]
    at_stock = lines["stock_row"] >= 0
    stock_value = filled(len(stock), 0)
    stock_value[lines["stock_row"][at_stock]] = value[at_stock]
    late = np.flatnonzero(lines["invoice_row"] >= 0)
    differences = Frame(
        invoice_row=lines["invoice_row"][late], amount=value[late], expensed=walked.expensed[late]
    )
    gone = follow(lines, walked, moves.is_fifo, calendar)
    landed = lines.take(lines["charge"] >= 0)
    variance = lines.having(amount=lines["amount"] - value).take(
        is_standard & (lines["amount"] >= 0) | is_standard & (lines["event"] == VALUE_ONLY)
    )
    return Costs(stock_value, differences, gone, landed, variance, _closing(lines, value, masters, calendar))


def _costed_lines(
    stock: Frame, billing: Billing, charges: Frame, masters: Masters, calendar: Calendar
) -> Frame:
    """Stock lines and price differences in one order; receipts at what they are worth in their period."""
    goods, invoices = billing.goods, billing.invoices
    rows = np.flatnonzero(invoices["goods"] >= 0).astype(np.int64)
    on_goods = invoices.take(rows)
    is_late = on_goods["settled"] > goods["period"][on_goods["goods"]]
    prompt = on_goods.take(~is_late)
    # What same-period invoices replace: their net, less the share of the estimate that they settle.
    change = sums(prompt["goods"], prompt["net"] - (prompt["before"] - prompt["after"]), len(goods))
    here = goods["stock_row"] >= 0
    amount = stock["amount"].copy()
    amount[goods["stock_row"][here]] = np.abs(goods["amount"][here] + change[here])
    base = stock.having(amount=amount, stock_row=np.arange(len(stock), dtype=np.int64))
    difference = on_goods["net"] - (on_goods["before"] - on_goods["after"])
    late = np.flatnonzero(is_late & (difference != 0))
    billed = goods.take(on_goods["goods"][late])
    values = Frame(
        event=filled(len(late), VALUE_ONLY),
        day=on_goods["day"][late],
        order_class=filled(len(late), 2),
        pool=billed["pool"],
        amount=difference[late],
        origin=billed["stock_row"],
        invoice_row=rows[late],
        quantity=filled(len(late), 0),
        item=billed["item"],
    )
    landed = charge_shares(stock, charges, amount, masters, calendar)
    charged = stock.take(landed["stock_row"]).having(
        event=VALUE_ONLY,
        day=charges["day"][landed["charge"]],
        order_class=2,
        to_pool=-1,
        quantity=0,
        amount=landed["amount"],
        origin=landed["stock_row"],
        charge=landed["charge"],
        kind=-1,
    )
    both = stacked([base, values, charged], _COLUMNS)
    # What an order makes is worth something at the month's end only, so it comes before that month's issues.
    made = np.isin(both["event"], _MADE)
    day = np.where(made, calendar.starts[calendar.period_of(both["day"])], both["day"]) - calendar.first_day
    key = day * 8 + np.where(made, -1, both["order_class"])
    order = np.argsort(key, kind="stable").astype(np.int64)
    place = np.full(len(both) + 1, -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    both = both.take(order)
    return both.having(origin=np.where(both["origin"] < 0, -1, place[both["origin"]]))


def _periodic(lines: Frame, chosen: Flags, calendar: Calendar, value: Ints) -> None:
    """One rate per pool and month: opening and receipts, less supplier returns at their own amount."""
    rows = np.flatnonzero(chosen).astype(np.int64)
    mine = lines.take(rows)
    pools = int(mine["pool"].max(initial=0)) + 1
    period = calendar.period_of(mine["day"])
    own = np.isin(mine["event"], (documents.OPENING, documents.RECEIPT, documents.OTHER_IN, VALUE_ONLY))
    back = mine["event"] == documents.SUPPLIER_RETURN
    sign = np.where(own, 1, np.where(back, -1, 0))
    direction = _SIGN[mine["event"]]
    held, worth = filled(pools, 0), filled(pools, 0)
    for number in range(calendar.periods):
        now = period == number
        fixed, free = now & (sign != 0), now & (sign == 0)
        held += sums(mine["pool"][fixed], (mine["quantity"] * sign)[fixed], pools)
        worth += sums(mine["pool"][fixed], (mine["amount"] * sign)[fixed], pools)
        place = mine["pool"][free]
        amount = shares(worth[place], mine["quantity"][free], held[place])
        value[rows[free]] = amount
        held_now = sums(place, mine["quantity"][free] * direction[free], pools)
        worth += sums(place, amount * direction[free], pools)
        held += held_now
    value[rows[sign != 0]] = mine["amount"][sign != 0]


def _closing(lines: Frame, value: Ints, masters: Masters, calendar: Calendar) -> Grid:
    """Value per period and pool at its end."""
    pools = len(masters.items) * WAREHOUSES
    signs = _SIGN[lines["event"]]
    cell = calendar.period_of(lines["day"]) * pools + lines["pool"]
    moved = sums(cell, value * signs, calendar.periods * pools)
    into = lines["to_pool"] >= 0
    moved += sums((cell - lines["pool"] + lines["to_pool"])[into], value[into], calendar.periods * pools)
    return np.cumsum(moved.reshape(calendar.periods, pools), axis=0)
