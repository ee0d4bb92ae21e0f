"""From entries to the example ledger: vouchers with continuous numbers, and balances that roll.

Which entries there are is decided in `posting.py`, `settling.py` and `business.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo import company
from pipelines.demo.frame import Flags, Frame, Grid, Ints, rank_within

if TYPE_CHECKING:
    from pipelines.demo.calendar import Calendar


@dataclass(frozen=True)
class Balances:
    """Cents per period and account: opening and closing signed (debit positive), turnover by side."""

    opening: Grid
    debit: Grid
    credit: Grid
    closing: Grid


def vouchers(entries: Frame, calendar: Calendar, width: int) -> Frame:
    """Ledger lines: one voucher per cause, document and day, summed per account, party and side.

    Adds `period`, `voucher` (1, 2, … inside the month, by day) and `line`.
    """
    month, running = entries["no"] // 10**width, entries["no"] % 10**width
    head = (entries["day"] - calendar.first_day) * 32 + entries["cause"]
    head = ((head * 32 + entries["kind"]) * 2**14 + month - 200_000) * 2**24 + running
    side = (entries["debit"] == 0).astype(np.int64)
    body = (side * len(company.ACCOUNTS) + entries["account"]) * 2**16 + entries["party"] + 1
    order = np.lexsort([body, head]).astype(np.int64)
    head, body = head[order], body[order]
    first = np.flatnonzero(_changes(head) | _changes(body)).astype(np.int64)
    lines = entries.take(order[first])
    lines = lines.having(
        debit=np.add.reduceat(entries["debit"][order], first),
        credit=np.add.reduceat(entries["credit"][order], first),
        units=np.add.reduceat(entries["units"][order], first),
        head=head[first],
        period=calendar.period_of(lines["day"]),
    )
    lines = lines.take((lines["debit"] != 0) | (lines["credit"] != 0))
    every = np.cumsum(_changes(lines["head"]))
    starts = np.flatnonzero(_changes(lines["period"]))
    before = np.repeat(every[starts] - 1, np.diff(np.append(starts, len(lines))))
    return lines.having(voucher=every - before, line=rank_within(lines["head"]))


def balances(lines: Frame, opening: Ints, calendar: Calendar) -> Balances:
    """Opening, turnover and closing of every account and period."""
    shape = (calendar.periods, len(company.ACCOUNTS))
    debit, credit = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    np.add.at(debit, (lines["period"], lines["account"]), lines["debit"])
    np.add.at(credit, (lines["period"], lines["account"]), lines["credit"])
    closing = opening + np.cumsum(debit - credit, axis=0)
    return Balances(np.vstack([opening[None, :], closing[:-1]]), debit, credit, closing)


def _changes(key: Ints) -> Flags:
    changed = np.ones(len(key), dtype=np.bool_)
    changed[1:] = key[1:] != key[:-1]
    return changed
