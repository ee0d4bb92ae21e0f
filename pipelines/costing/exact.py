"""Exact arithmetic on 64-bit integers, compiled: product, quotient and rounding half away from zero.
What is multiplied and why is the business of the methods; a figure that does not fit sets the run's error."""

import numpy as np

from pipelines.costing.codes import NONE, OVERFLOW
from pipelines.costing.compiled import compiled

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_BASE = np.uint64(1 << 32)
_TOP = np.uint64(1 << 63)
_BITS = np.uint64(64)
_SAFE = 9.0e18  # below 2**63 with more room than the two roundings of a float product can take


@compiled
def multiply_128(a, b):  # type: ignore[no-untyped-def]
    """The high and low 64 bits of the product of two unsigned 64-bit integers."""
    a_low, a_high = a & _LOW, a >> _HALF
    b_low, b_high = b & _LOW, b >> _HALF
    low = a_low * b_low
    middle = a_high * b_low + (low >> _HALF)
    carry = a_low * b_high + (middle & _LOW)
    high = a_high * b_high + (middle >> _HALF) + (carry >> _HALF)
    return high, a * b


@compiled
def _digit(high, next_low, divisor_high, divisor_low):  # type: ignore[no-untyped-def]
    """One 32-bit digit of a long division (Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D)."""
    digit = high // divisor_high
    rest = high - digit * divisor_high
    while digit >= _BASE or digit * divisor_low > _BASE * rest + next_low:
        digit -= _ONE
        rest += divisor_high
        if rest >= _BASE:
            break
    return digit


@compiled
def divide_128(high, low, divisor):  # type: ignore[no-untyped-def]
    """Quotient and remainder of (high × 2**64 + low) ÷ divisor, all unsigned; high must be below divisor."""
    shift = _ZERO
    while divisor < _TOP:
        divisor <<= _ONE
        shift += _ONE
    if shift > _ZERO:
        high = (high << shift) | (low >> (_BITS - shift))
        low <<= shift
    divisor_high, divisor_low = divisor >> _HALF, divisor & _LOW
    first = _digit(high, low >> _HALF, divisor_high, divisor_low)
    middle = high * _BASE + (low >> _HALF) - first * divisor
    second = _digit(middle, low & _LOW, divisor_high, divisor_low)
    rest = (middle * _BASE + (low & _LOW) - second * divisor) >> shift
    return first * _BASE + second, rest


@compiled
def portion(run, amount, part, whole):  # type: ignore[no-untyped-def]
    """Amount × part ÷ whole, rounded half away from zero; whole must not be 0.

    A result beyond ±(2**63 − 1) sets `run.error` to overflow and is 0.
    """
    negative = (amount < 0) != ((part < 0) != (whole < 0))
    a, b, c = np.uint64(abs(amount)), np.uint64(abs(part)), np.uint64(abs(whole))
    if float(amount) * float(part) < _SAFE and float(amount) * float(part) > -_SAFE:
        product = a * b
        quotient = product // c
        rest = product - quotient * c
    else:
        high, low = multiply_128(a, b)
        if high >= c:
            run.error = OVERFLOW
            return np.int64(0)
        quotient, rest = divide_128(high, low, c)
    if rest >= c - rest:
        quotient += _ONE
    if quotient >= _TOP:
        run.error = OVERFLOW
        return np.int64(0)
    return -np.int64(quotient) if negative else np.int64(quotient)


@compiled
def add_or_none(a, b):  # type: ignore[no-untyped-def]
    """A + b for a figure that may be lost: NONE once a sum was beyond ±(2**63 − 1)."""
    total = a + b
    if NONE in (a, total) or ((a ^ total) & (b ^ total)) < 0:
        return NONE
    return total


@compiled
def add(run, a, b):  # type: ignore[no-untyped-def]
    """A + b; a sum beyond ±(2**63 − 1) sets `run.error` to overflow and is 0."""
    total = a + b
    if total == NONE or ((a ^ total) & (b ^ total)) < 0:
        run.error = OVERFLOW
        return np.int64(0)
    return total
