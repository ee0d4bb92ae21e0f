"""Where late price differences of goods that have left go: after the issues that took the goods.

By quantity, to the cent, the cents left over to the largest remainders; entries are in `late_posting.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import documents
from pipelines.demo.arithmetic import sums
from pipelines.demo.frame import Flags, Frame, Ints, rank_within, stacked
from pipelines.demo.perpetual import VALUE_ONLY

if TYPE_CHECKING:
    from pipelines.demo.calendar import Calendar
    from pipelines.demo.perpetual import Walked

_FOLLOWED = (documents.DELIVERY, documents.OTHER_OUT, documents.LOSS, documents.PRODUCTION_ISSUE)


def follow(lines: Frame, walked: Walked, is_fifo: Flags, calendar: Calendar) -> Frame:
    """Parts of what was expensed: `invoice_row`, `stock_row` of the issue (−1: unknown) and `amount`."""
    late = np.flatnonzero(walked.expensed != 0).astype(np.int64)
    pairs = stacked(
        [_out_of_layers(lines, late, is_fifo, walked), _out_of_pools(lines, late, is_fifo, calendar)],
        ("late", "issue", "quantity"),
    )
    event = lines["event"][pairs["issue"]]
    pairs = pairs.take(np.isin(event, _FOLLOWED) & (pairs["quantity"] > 0))
    alone = late[~np.isin(late, pairs["late"])]
    pairs = stacked([pairs, Frame(late=alone, quantity=np.ones_like(alone))], ("late", "issue", "quantity"))
    amount = _split(lines, pairs, np.abs(walked.expensed)) * np.sign(walked.expensed[pairs["late"]])
    issue = np.where(pairs["issue"] < 0, -1, lines["stock_row"][pairs["issue"]])
    return Frame(invoice_row=lines["invoice_row"][pairs["late"]], stock_row=issue, amount=amount)


def _out_of_layers(lines: Frame, late: Ints, is_fifo: Flags, walked: Walked) -> Frame:
    """Takes from the layer of the receipt that is billed late, before that."""
    late = late[is_fifo[late] & (lines["origin"][late] >= 0)]
    layer, issue, quantity = walked.taken.T
    order = np.argsort(layer, kind="stable")
    place, taken = _ranges(layer[order], lines["origin"][late], lines["origin"][late] + 1)
    pairs = Frame(late=late[place], issue=issue[order][taken], quantity=quantity[order][taken])
    return pairs.take(pairs["issue"] < pairs["late"])


def _out_of_pools(lines: Frame, late: Ints, is_fifo: Flags, calendar: Calendar) -> Frame:
    """Issues of the pool between the receipt and its late bill, less what came back by the month's end."""
    late = late[~is_fifo[late]]
    rows = np.flatnonzero(np.isin(lines["pool"], lines["pool"][late]) & (lines["event"] != VALUE_ONLY))
    width = len(lines) + 1
    key = lines["pool"][rows] * width + rows
    order = np.argsort(key, kind="stable")
    start = lines["pool"][late] * width
    place, found = _ranges(key[order], start + lines["origin"][late] + 1, start + late)
    issue, period = rows[order][found].astype(np.int64), calendar.period_of(lines["day"])
    back = np.flatnonzero((lines["event"] == documents.CUSTOMER_RETURN) & np.isin(lines["origin"], issue))
    returned = np.zeros(len(issue), dtype=np.int64)
    for number in np.unique(period[late]):
        by_then = back[period[back] <= number]
        now = period[late][place] == number
        returned[now] = sums(lines["origin"][by_then], lines["quantity"][by_then], len(lines))[issue[now]]
    return Frame(late=late[place], issue=issue, quantity=lines["quantity"][issue] - returned)


def _ranges(key: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Positions of ordered keys in low ≤ key < high for each pair of bounds: (number of pair, position)."""
    first, last = np.searchsorted(key, low), np.searchsorted(key, high)
    count = np.maximum(last - first, 0)
    place = np.repeat(np.arange(len(low), dtype=np.int64), count)
    return place, (np.repeat(first, count) + rank_within(place) - 1).astype(np.int64)


def _split(lines: Frame, pairs: Frame, cents: Ints) -> Ints:
    """Each late amount over its issues by quantity; cents left over to the largest remainders."""
    late, amount = pairs["late"], cents[pairs["late"]]
    total = sums(late, pairs["quantity"], len(lines))[late]
    whole, rest = np.divmod(amount * pairs["quantity"], total)
    line = lines["line"][pairs["issue"]].astype(np.str_)
    kind = np.array(documents.CANONICAL, dtype=np.str_)[lines["kind"][pairs["issue"]]]
    order = np.lexsort([line, lines["no"][pairs["issue"]], kind, -rest, late])
    left = (cents - sums(late, whole, len(lines)))[late]
    rank = np.empty(len(late), dtype=np.int64)
    rank[order] = rank_within(late[order])
    return whole + (rank <= left)
