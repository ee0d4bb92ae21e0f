"""The months of the example company: periods, their first and last days, workdays.

Days are counted since 1970-01-01; document numbers carry the month of their day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pipelines.demo.frame import Ints


@dataclass(frozen=True)
class Calendar:
    """Calendar months from `first` on; `starts` has one more entry, the day after the last period."""

    labels: tuple[str, ...]
    starts: Ints

    @property
    def periods(self) -> int:
        """How many periods the books hold."""
        return len(self.labels)

    @property
    def first_day(self) -> int:
        """The first day of the first period."""
        return int(self.starts[0])

    @property
    def last_day(self) -> int:
        """The last day of the last period."""
        return int(self.starts[-1]) - 1

    def period_of(self, day: Ints) -> Ints:
        """Number of the period, −1 for days before the first."""
        return np.searchsorted(self.starts, day, side="right").astype(np.int64) - 1

    def end_of(self, period: Ints) -> Ints:
        """Last day of each period number."""
        return self.starts[period + 1] - 1


def make_calendar(first_period: str, periods: int) -> Calendar:
    """`periods` months from first_period ('2026-01') on."""
    first = np.datetime64(first_period, "M")
    months = first + np.arange(periods + 1)
    return Calendar(
        labels=tuple(str(month) for month in months[:-1]),
        starts=months.astype("datetime64[D]").astype(np.int64),
    )


def workday(day: Ints) -> Ints:
    """The day itself, or the Monday after it."""
    weekday = (day + 3) % 7
    return day + np.where(weekday >= 5, 7 - weekday, 0)


def workday_before(day: Ints) -> Ints:
    """The day itself, or the Friday before it."""
    weekday = (day + 3) % 7
    return day - np.where(weekday >= 5, weekday - 4, 0)


def month_code(day: Ints) -> Ints:
    """202601 for any day of January 2026."""
    months = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return (1970 + months // 12) * 100 + months % 12 + 1
