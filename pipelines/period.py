"""Accounting periods: their code, first and last day, and the order they follow each other in.

Only calendar months are built; which periods a delivery holds is found in `extracts/`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pipelines.messages import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Period:
    """One calendar month: `code` as 2026-01, `start` and `end` both inside it."""

    code: str

    def __post_init__(self) -> None:
        """Refuse a code that is not a month."""
        if not _CODE.fullmatch(self.code) or self.code < "0002":
            raise UsageError("period_code_wrong", code=self.code)

    @property
    def start(self) -> date:
        """First day."""
        return date(int(self.code[:4]), int(self.code[5:]), 1)

    @property
    def end(self) -> date:
        """Last day."""
        return (self.start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)

    @property
    def previous(self) -> str:
        """Code of the month before."""
        return period_of(self.start - timedelta(days=1)).code

    @property
    def next(self) -> str:
        """Code of the month after."""
        return period_of(self.end + timedelta(days=1)).code

    def __str__(self) -> str:
        """The code."""
        return self.code


def period_of(day: date) -> Period:
    """The month a day lies in."""
    return Period(f"{day:%Y-%m}" if day.year >= 1000 else f"{day.year:04d}-{day.month:02d}")


def parse_period(text: str) -> Period:
    """A period from how people type it (2026-01, 202601, 2026/1, 2026年1月); UsageError for anything else."""
    found = re.fullmatch(r"\s*(\d{4})\s*(?:[-/.年]\s*)?(\d{1,2})\s*(?:月|期)?\s*", text)
    if not found:
        raise UsageError("period_code_wrong", code=text)
    return Period(f"{found[1]}-{int(found[2]):02d}")


def periods_between(first: Period, last: Period) -> Iterator[Period]:
    """Every period from `first` to `last`, both included; nothing when `last` is earlier."""
    period = first
    while period <= last:
        yield period
        period = Period(period.next)
