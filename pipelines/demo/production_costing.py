"""What the example company's production orders are worth: what receipts take over, what stays in process.

Material goes by quantity, labour and overhead by equivalent units; what stays is carried into the next month.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import documents
from pipelines.demo.arithmetic import shares, sums
from pipelines.demo.frame import Frame, Ints, filled

if TYPE_CHECKING:
    from pipelines.demo.calendar import Calendar
    from pipelines.demo.producing import Production


@dataclass
class InProcess:
    """Cents per order: material and conversion that have gone into it and not into a receipt."""

    material: Ints
    conversion: Ints


def receipt_values(stock: Frame, value: Ints, production: Production, calendar: Calendar) -> Ints:
    """Cents of every stock line that comes out of an order, 0 elsewhere; `value` holds what went in."""
    result, count = filled(len(stock), 0), len(production.orders)
    state = InProcess(filled(count, 0), filled(count, 0))
    sign = np.where(stock["event"] == documents.PRODUCTION_ISSUE, 1, -1)
    moves = np.isin(stock["event"], (documents.PRODUCTION_ISSUE, documents.PRODUCTION_RETURN))
    period = calendar.period_of(stock["day"])
    for number in range(calendar.periods):
        used = np.flatnonzero(moves & (period == number))
        state.material += sums(stock["production"][used], (value * sign)[used], count)
        work = production.work.take(production.work["period"] == number)
        state.conversion += sums(work["production"], work["labour"] + work["overhead"], count)
        made = np.flatnonzero((stock["event"] == documents.PRODUCTION_RECEIPT) & (period == number))
        result[made] = _month(stock.take(made.astype(np.int64)), work, state)
    return result


def _month(receipts: Frame, work: Frame, state: InProcess) -> Ints:
    """Shares of a month's receipts, taken out of `state`: differences of rounded parts of what went in."""
    order, count = receipts["production"], len(state.material)
    done = _done_so_far(order, receipts["quantity"])
    total = sums(order, receipts["quantity"], count)
    left = sums(work["production"], work["left"], count)
    equivalent = sums(work["production"], (work["left"] * work["stage"] + 50) // 100, count)
    taken = filled(len(receipts), 0)
    for pot, whole in ((state.material, total + left), (state.conversion, total + equivalent)):
        before = shares(pot[order], done - receipts["quantity"], whole[order])
        part = shares(pot[order], done, whole[order]) - before
        np.subtract(pot, sums(order, part, count), out=pot)
        taken += part
    return taken


def _done_so_far(order: Ints, quantity: Ints) -> Ints:
    """Quantity of the order's receipts up to each of them."""
    rows = np.argsort(order, kind="stable")
    running = np.cumsum(quantity[rows])
    first = np.searchsorted(order[rows], order[rows])
    result = np.empty(len(order), dtype=np.int64)
    result[rows] = running - (running[first] - quantity[rows][first])
    return result


def subcontract_values(stock: Frame, value: Ints) -> Ints:
    """Cents of every stock line from a subcontractor: all the material of its order and the fee."""
    sent = np.flatnonzero(stock["event"] == documents.SUBCONTRACT_ISSUE)
    back = np.flatnonzero(stock["event"] == documents.SUBCONTRACT_RECEIPT)
    result, orders = filled(len(stock), 0), int(stock["production"].max(initial=0)) + 1
    material = sums(stock["production"][sent], value[sent], orders)
    result[back] = material[stock["production"][back]] + stock["amount"][back]
    return result
