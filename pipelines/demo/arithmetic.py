"""Exact integer arithmetic of the example company: wide products and quotients, rounded half up.

Money never becomes a float here: an approximate quotient is corrected with its exact wrapped remainder.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numba
import numpy as np

if TYPE_CHECKING:
    from pipelines.demo.frame import Ints

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile with Numba and keep the machine code on disk."""
    result: Function = numba.njit(cache=True)(function)
    return result


@compiled
def share(amount: int, part: int, whole: int) -> int:
    """round_half_up(amount × part / whole), away from zero; 0 ≤ part, 0 < whole < 2**60, |result| < 2**52."""
    negative = amount < 0
    size = np.int64(-amount if negative else amount)
    quotient = np.int64(float(size) / float(whole) * float(part))
    remainder = size * np.int64(part) - quotient * np.int64(whole)
    while remainder < 0:
        remainder += whole
        quotient -= 1
    while remainder >= whole:
        remainder -= whole
        quotient += 1
    if remainder >= whole - remainder:
        quotient += 1
    return int(-quotient if negative else quotient)


@compiled
def shares(amount: Ints, part: Ints, whole: Ints) -> Ints:
    """`share` of each row; 0 where the part is 0."""
    result = np.zeros(len(amount), np.int64)
    for row in range(len(amount)):
        if part[row] != 0:
            result[row] = share(amount[row], part[row], whole[row])
    return result


def extended(quantity: Ints, price: Ints) -> Ints:
    """Cents of a quantity (1e-4 units) at a price (1e-4 yuan), half up; both ≥ 0 and the product < 9e18."""
    return (quantity * price + 500_000) // 1_000_000


def percent_of(amount: Ints, rate: Ints | int) -> Ints:
    """Cents of tax on an amount at a rate in percent, half up, away from zero for red amounts."""
    size = (2 * np.abs(amount) * rate + 100) // 200
    return np.where(amount < 0, -size, size)


def sums(group: Ints, amount: Ints, groups: int) -> Ints:
    """Σ amount per group number 0 … groups − 1."""
    total = np.zeros(groups, dtype=np.int64)
    np.add.at(total, group, amount)
    return total
