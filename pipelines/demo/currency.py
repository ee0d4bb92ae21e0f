"""Dollars of the example company: who bills in them, the rate of a month, and what an amount is in yuan.

Who is foreign is in `masters.py`; documents say their currency and rate in `extracts.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo.calendar import month_code

if TYPE_CHECKING:
    from pipelines.demo.frame import Ints
    from pipelines.demo.masters import Masters

CODES = ("CNY", "USD")
ONE = 10_000
"""The rate of yuan; rates are 1e-4 yuan for one unit of the document's currency."""
_FIRST = 2026 * 12


def is_foreign(masters: Masters, party: Ints) -> Ints:
    """1 where the party (−1: none) trades in dollars: the row of its currency in `CODES`."""
    return np.where(party >= 0, masters.parties["is_foreign"][party], 0)


def rates(masters: Masters, party: Ints, day: Ints) -> Ints:
    """The rate of each party's currency in the month of the day.

    The dollar rises, so that nothing gets cheaper between a receipt and its invoice by the rate alone.
    """
    month = month_code(day)
    months = month // 100 * 12 + month % 100 - _FIRST
    return np.where(is_foreign(masters, party) == 1, 70_000 + months * 60 + months * 7 % 5 * 10, ONE)


def quoted(masters: Masters, party: Ints, price: Ints) -> Ints:
    """A price in yuan (1e-4) as the party quotes it."""
    return np.where(is_foreign(masters, party) == 1, price * 10 // 71, price)


def in_yuan(amount: Ints, rate: Ints) -> Ints:
    """Cents of an amount at a rate, half up, away from zero for red amounts; |amount| × rate < 4e18."""
    size = (2 * np.abs(amount) * rate + ONE) // (2 * ONE)
    return np.where(amount < 0, -size, size)
