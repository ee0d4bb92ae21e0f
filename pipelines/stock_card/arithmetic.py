"""Equations to follow by hand: exact fractions, one rounding, and the text with the printed operands.
`=` where the printed result is exact, `≈` where it is rounded (half away from zero) to the decimals
that stand there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


class Equation(NamedTuple):
    """The text of one calculation and its rounded result."""

    text: str
    value: Decimal


def rounded(exact: Fraction, places: int) -> Decimal:
    """Half away from zero."""
    scaled = abs(exact) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-places)


def money(amount: Decimal) -> str:
    """1,234.50; below zero in brackets, so that it can stand in an equation."""
    return f"{amount:,.2f}" if amount >= 0 else f"({amount:,.2f})"


def count(quantity: Decimal) -> str:
    """A quantity without the zeros that say nothing."""
    text = f"{quantity:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def price(unit_cost: Decimal) -> str:
    """A unit cost with at least two decimals, and no zeros after them."""
    whole, _, decimals = f"{unit_cost:,f}".partition(".")
    return f"{whole}.{decimals.rstrip('0'):0<2}"


def unit_cost(amount: Decimal, quantity: Decimal) -> Decimal | None:
    """Amount ÷ quantity to six decimals; None for nothing."""
    return rounded(Fraction(amount) / Fraction(quantity), 6) if quantity else None


def equation(left: str, exact: Fraction, places: int = 2) -> Equation:
    """What stands on the left is worth `exact`."""
    value = rounded(exact, places)
    shown = f"{value:,.2f}" if places == 2 else price(value)
    return Equation(f"{left} {'=' if Fraction(value) == exact else '≈'} {shown}", value)


def share(amount: Decimal, part: Decimal, whole: Decimal) -> Equation:
    """Amount × part ÷ whole, in cents."""
    exact = Fraction(amount) * Fraction(part) / Fraction(whole)
    return equation(f"{money(amount)} × {count(part)} ÷ {count(whole)}", exact)


def times(quantity: Decimal, unit: Decimal) -> Equation:
    """Quantity × unit cost, in cents."""
    return equation(f"{count(quantity)} × {price(unit)}", Fraction(quantity) * Fraction(unit))


def quotient(amount: Decimal, quantity: Decimal, places: int = 6) -> Equation:
    """Amount ÷ quantity: a unit cost."""
    return equation(f"{money(amount)} ÷ {count(quantity)}", Fraction(amount) / Fraction(quantity), places)


def sum_of(amounts: Sequence[Decimal]) -> Equation:
    """All of them together."""
    return equation(" + ".join(map(money, amounts)), Fraction(sum(amounts, Decimal(0))))


def less(amount: Decimal, taken: Decimal) -> Equation:
    """What is left."""
    return equation(f"{money(amount)} − {money(taken)}", Fraction(amount - taken))
