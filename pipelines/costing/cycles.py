"""Pools that feed each other in a circle: their rates as linear equations in fractions, solved exactly.
Chains without a circle are valued in `chains`; which pools stand in one circle is found in `linked`."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

Equation = dict[int, Fraction]


class Flow(NamedTuple):
    """A link that leaves a member: its number, both pools, the quantity that leaves them."""

    link: int
    source: int
    target: int
    quantity: int


@dataclass(frozen=True)
class Member:
    """A pool of a circle: quantity with all its receipts, amount without those of the circle, in 1/10,000
    units and minor units, and its last known cost."""

    quantity: int
    amount: int
    last_quantity: int = 0
    last_amount: int = 0

    @property
    def fixed_rate(self) -> Fraction | None:
        """What a pool without a quantity of its own issues at; None when that is not known either."""
        return Fraction(self.last_amount, self.last_quantity) if self.last_quantity > 0 else None


NO_RATES: Final[Mapping[int, Fraction]] = {}


def half_up(value: Fraction) -> int:
    """Rounded half away from zero."""
    whole = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return whole if value >= 0 else -whole


def solve_rates(members: Mapping[int, Member], inner: Sequence[Flow]) -> Mapping[int, Fraction]:
    """Minor units per 1/10,000 unit of every member, empty when nothing determines them or one is negative.

    rate × quantity = own amount + Σ quantity that comes in × rate of the pool it leaves.
    """
    rates: dict[int, Fraction] = {}
    for pool, member in members.items():
        if member.quantity <= 0:
            fixed = member.fixed_rate
            if fixed is None:
                return NO_RATES
            rates[pool] = fixed
    equations: dict[int, Equation] = {
        pool: defaultdict(Fraction, {pool: Fraction(member.quantity)})
        for pool, member in members.items()
        if pool not in rates
    }
    right = {pool: Fraction(members[pool].amount) for pool in equations}
    for flow in inner:
        if flow.target not in equations:
            continue
        if flow.source in rates:
            right[flow.target] += flow.quantity * rates[flow.source]
        else:
            equations[flow.target][flow.source] -= flow.quantity
    solved = eliminate(equations, right)
    if solved is None or any(rate < 0 for rate in solved.values()):
        return NO_RATES
    return {**rates, **solved}


def eliminate(equations: dict[int, Equation], right: dict[int, Fraction]) -> dict[int, Fraction] | None:
    """The one solution of Σ coefficient × unknown = right, an equation per unknown; None without one.

    Gaussian elimination, the shortest equation of each unknown first, so that sparse systems stay sparse.
    """
    left = {name: {key: value for key, value in row.items() if value} for name, row in equations.items()}
    steps: list[tuple[int, Equation, Fraction]] = []
    for unknown in sorted(equations, key=lambda name: len(left[name])):
        holding = [name for name, row in left.items() if unknown in row]
        if not holding:
            return None
        pivot = min(holding, key=lambda name: len(left[name]))
        row, value = left.pop(pivot), right[pivot]
        steps.append((unknown, row, value))
        for name in holding:
            if name != pivot:
                factor = left[name].pop(unknown) / row[unknown]
                right[name] -= factor * value
                _subtract(left[name], row, unknown, factor)
    solution: dict[int, Fraction] = {}
    for unknown, row, value in reversed(steps):
        known = sum((factor * solution[name] for name, factor in row.items() if name != unknown), Fraction(0))
        solution[unknown] = (value - known) / row[unknown]
    return solution


def _subtract(target: Equation, row: Equation, unknown: int, factor: Fraction) -> None:
    for name, coefficient in row.items():
        if name == unknown:
            continue
        value = target.get(name, Fraction(0)) - factor * coefficient
        if value:
            target[name] = value
        else:
            target.pop(name, None)


def settle(
    members: Mapping[int, Member], flows: Sequence[Flow], rates: Mapping[int, Fraction]
) -> dict[int, int]:
    """Link → amount: every movement rounded once; a member that its links empty gives its rest to one of
    them.

    That link leads nearer to where value stays or leaves, so that no rest runs in a circle.
    """
    amounts = {flow.link: half_up(flow.quantity * rates[flow.source]) for flow in flows}
    leaving: dict[int, list[Flow]] = defaultdict(list)
    coming: dict[int, list[Flow]] = defaultdict(list)
    for flow in flows:
        leaving[flow.source].append(flow)
        coming[flow.target].append(flow)
    beyond = {
        pool: sum(flow.quantity for flow in leaving[pool]) - member.quantity
        for pool, member in members.items()
        if member.quantity > 0
    }
    emptied = {pool for pool, quantity in beyond.items() if quantity >= 0}
    for pool, last in _ways_out(emptied, coming, leaving):
        total = members[pool].amount + sum(amounts[flow.link] for flow in coming[pool])
        others = sum(amounts[flow.link] for flow in leaving[pool] if flow is not last)
        amounts[last.link] = total + half_up(beyond[pool] * rates[pool]) - others
    return amounts


def _ways_out(
    emptied: set[int], coming: Mapping[int, list[Flow]], leaving: Mapping[int, list[Flow]]
) -> list[tuple[int, Flow]]:
    """The emptied pools with the link that takes their rest, those farthest from an end first."""
    ends = deque({flow.target for pool in emptied for flow in leaving[pool]} - emptied)
    ways: dict[int, Flow] = {}
    while ends:
        for flow in reversed(coming.get(ends.popleft(), [])):
            if flow.source in emptied and flow.source not in ways:
                ways[flow.source] = flow
                ends.append(flow.source)
    return list(reversed(ways.items()))
