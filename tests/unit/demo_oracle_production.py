"""A second, obvious way to the orders and charges of the example company; the rest is in `demo_oracle.py`."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from pipelines.demo import documents, landing

if TYPE_CHECKING:
    from pipelines.demo.frame import Frame
    from pipelines.demo.history import History


def half_up(value: Fraction) -> int:
    """Rounded to the nearest integer, halves away from zero."""
    size = int(abs(value) + Fraction(1, 2))
    return -size if value < 0 else size


def landed(history: History, receipts: dict[int, int]) -> list[tuple[int, int, int]]:
    """Stock line, month and amount of every part of a charge: cents left over to the largest remainders."""
    stock, charges, weight, found = history.stock, history.charges, history.masters.items["weight"], []
    for charge, first in enumerate(charges["row"]):
        month, amount = _month(history, charges["day"][charge]), int(charges["amount"][charge])
        rows = [
            row
            for row in range(len(stock))
            if stock["event"][row] == documents.RECEIPT and stock["no"][row] == stock["no"][first]
        ]
        by = {
            landing.BY_AMOUNT: {
                row: receipts[row]
                if month > _month(history, stock["day"][row])
                else int(stock["amount"][row])
                for row in rows
            },
            landing.BY_QUANTITY: {row: int(stock["quantity"][row]) for row in rows},
            landing.BY_WEIGHT: {
                row: int(stock["quantity"][row] * weight[stock["item"][row]]) for row in rows
            },
        }[int(charges["key"][charge])]
        exact = {row: Fraction(amount * share, sum(by.values())) for row, share in by.items()}
        parts = {row: int(share) for row, share in exact.items()}
        by_rest = sorted(rows, key=lambda row: (parts[row] - exact[row], int(stock["line"][row])))
        for row in by_rest[: amount - sum(parts.values())]:
            parts[row] += 1
        found += [(row, month, part) for row, part in parts.items()]
    return found


def _month(history: History, day: int) -> int:
    return sum(int(start) <= day for start in history.calendar.starts) - 1


def in_process(history: History, values: dict[int, int]) -> list[dict[int, list[int]]]:
    """Per month, order to the material and the conversion in it; `values` are those of the materials."""
    return [state for state, _ in _orders_by_month(history, values)]


def subcontracted(history: History, values: dict[int, int]) -> dict[int, int]:
    """Stock line that comes back to the value of all that went out for its order, and the fee."""
    stock, sent, back = history.stock, defaultdict[int, int](int), dict[int, int]()
    for row in range(len(stock)):
        if stock["event"][row] == documents.SUBCONTRACT_ISSUE:
            sent[int(stock["production"][row])] += values[row]
    for row in range(len(stock)):
        if stock["event"][row] == documents.SUBCONTRACT_RECEIPT:
            back[row] = sent[int(stock["production"][row])] + int(stock["amount"][row])
    return back


def produced(history: History, values: dict[int, int]) -> dict[int, int]:
    """Stock line to the value that a receipt takes over from its order."""
    months = _orders_by_month(history, values)
    return {row: value for _, receipts in months for row, value in receipts.items()}


def _orders_by_month(
    history: History, values: dict[int, int]
) -> list[tuple[dict[int, list[int]], dict[int, int]]]:
    stock, work, result = history.stock, history.production.work, []
    state: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for month in range(history.calendar.periods):
        first, last = history.calendar.starts[month], history.calendar.starts[month + 1]
        rows = [row for row in range(len(stock)) if first <= stock["day"][row] < last]
        for row in rows:
            if stock["event"][row] in (documents.PRODUCTION_ISSUE, documents.PRODUCTION_RETURN):
                sign = -int(documents.DIRECTION[stock["event"][row]])
                state[int(stock["production"][row])][0] += sign * values[row]
        receipts: dict[int, int] = {}
        for line in range(len(work)):
            if work["period"][line] == month:
                order = int(work["production"][line])
                state[order][1] += int(work["labour"][line] + work["overhead"][line])
                made = [
                    row
                    for row in rows
                    if stock["event"][row] == documents.PRODUCTION_RECEIPT
                    and stock["production"][row] == order
                ]
                left = Fraction(int(work["left"][line]))
                receipts |= _shared(stock, made, state[order], left, int(work["stage"][line]))
        result.append(({order: list(pots) for order, pots in state.items()}, receipts))
    return result


def _shared(stock: Frame, made: list[int], pots: list[int], left: Fraction, stage: int) -> dict[int, int]:
    """Receipts in order: each takes both pots up to the rounded part that is done with it."""
    total = sum(int(stock["quantity"][row]) for row in made)
    wholes = [total + left, Fraction(total + half_up(left * stage / 100))]
    given, done = [0, 0], 0
    values = dict.fromkeys(made, 0)
    for row in made:
        done += int(stock["quantity"][row])
        for number, whole in enumerate(wholes):
            now = half_up(pots[number] * done / whole)
            values[row] += now - given[number]
            given[number] = now
    pots[:] = [pot - part for pot, part in zip(pots, given, strict=True)]
    return values
