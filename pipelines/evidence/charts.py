"""Geometry of the drawings: the waterfall from sub-ledger to ledger, and the sparkline of earlier periods.

Only positions in pixels are computed here, in whole tenths so that bytes never differ; words and colours
    belong to the template.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

WIDTH = 560
LABEL = 168
AMOUNT = 104
ROW = 23
PAD = 14


@dataclass(frozen=True)
class Bar:
    """One row of a waterfall: `x` and `width` in pixels; `cut` marks a bar that does not start at zero."""

    label: str
    amount: Decimal
    css: str
    x: str
    width: str
    y: int
    end: str
    href: str = ""
    cut: bool = False


@dataclass(frozen=True)
class Waterfall:
    """Bars from the sub-ledger's to the ledger's balance, in a drawing of WIDTH × height."""

    bars: list[Bar]
    height: int
    zero: str
    width: int = WIDTH


@dataclass(frozen=True)
class Step:
    """A component of the waterfall before it is drawn."""

    label: str
    amount: Decimal
    css: str
    href: str = ""


def pixel(value: Decimal) -> str:
    """A position with one decimal."""
    return f"{value:.1f}"


class _Scale:
    """Maps amounts to pixels; starts at zero only when the balances are not much larger than the steps."""

    def __init__(self, marks: list[Decimal]) -> None:
        low, high = min(marks), max(marks)
        spread = high - low or abs(high) or Decimal(1)
        near = low - spread * Decimal("0.6"), high + spread * Decimal("0.25")
        self.from_zero = near[0] <= 0 <= near[1]
        self.low, self.high = (min(low, Decimal(0)), max(near[1], Decimal(0))) if self.from_zero else near

    def at(self, amount: Decimal) -> Decimal:
        """Pixel of an amount."""
        room = Decimal(WIDTH - LABEL - AMOUNT - PAD)
        return Decimal(LABEL) + (amount - self.low) * room / (self.high - self.low)


def waterfall(first: Step, steps: list[Step], last: Step) -> Waterfall:
    """Horizontal waterfall: first balance, one bar per step, last balance.

    The caller sees to it that first + Σ steps = last; the drawing shows what it is given.
    """
    running, marks = first.amount, [first.amount, last.amount]
    for step in steps:
        running += step.amount
        marks.append(running)
    scale = _Scale(marks)
    origin = scale.at(Decimal(0)) if scale.from_zero else Decimal(LABEL)
    bars, running = [_bar(first, origin, scale.at(first.amount), 0)], first.amount
    for position, step in enumerate(steps, start=1):
        bars.append(_bar(step, scale.at(running), scale.at(running + step.amount), position))
        running += step.amount
    bars.append(_bar(last, origin, scale.at(last.amount), len(steps) + 1))
    if not scale.from_zero:
        bars[0], bars[-1] = replace(bars[0], cut=True), replace(bars[-1], cut=True)
    return Waterfall(bars, ROW * len(bars) + 8, pixel(origin))


def _bar(step: Step, start: Decimal, end: Decimal, position: int) -> Bar:
    width = max(abs(end - start), Decimal("1.5"))
    left, top = min(start, end), 4 + ROW * position
    return Bar(step.label, step.amount, step.css, pixel(left), pixel(width), top, pixel(end), step.href)


def sparkline(values: list[Decimal], width: int = 96, height: int = 20) -> str:
    """Points of a polyline over the values, oldest first; empty for fewer than two."""
    if len(values) < 2:
        return ""
    low, high = min(*values, Decimal(0)), max(*values, Decimal(0))
    spread = high - low or Decimal(1)
    step = Decimal(width - 6) / (len(values) - 1)
    points = []
    for position, value in enumerate(values):
        y = Decimal(height - 3) - (value - low) * (height - 6) / spread
        points.append(f"{pixel(3 + step * position)},{pixel(y)}")
    return " ".join(points)
