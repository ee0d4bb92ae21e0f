"""A frame: equally long integer columns, the one shape in which the example company holds its documents.

Only the container and its dice live here; what the columns mean is said where they are made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Grid = np.ndarray[tuple[int, int], np.dtype[np.int64]]
"""Periods by accounts, or periods by pools."""
NONE = -1
"""No reference: the line has no party, reason, original …"""


def ints(values: Iterable[int]) -> Ints:
    """An integer column out of plain numbers."""
    return np.fromiter(values, dtype=np.int64)


def filled(count: int, value: int) -> Ints:
    """A column of one repeated value."""
    return np.full(count, value, dtype=np.int64)


class Frame:
    """Integer columns of one length: cents, 1e-4 units, prices in 1e-4 yuan, days since 1970."""

    def __init__(self, **columns: Ints) -> None:
        lengths = {len(column) for column in columns.values()}
        if len(lengths) > 1:
            raise ValueError(f"columns differ in length: {sorted(columns)} {sorted(lengths)}")
        self.columns = columns
        self.size = lengths.pop() if lengths else 0

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, name: str) -> Ints:
        return self.columns[name]

    def take(self, rows: Ints | Flags) -> Frame:
        """The rows at these positions, or where the flag is set."""
        return Frame(**{name: column[rows] for name, column in self.columns.items()})

    def having(self, **columns: Ints | int) -> Frame:
        """The same rows with columns added or replaced; a number fills the column."""
        full = {n: filled(self.size, c) if isinstance(c, int) else c for n, c in columns.items()}
        return Frame(**{**self.columns, **full})

    def ordered(self, *names: str) -> Frame:
        """The rows ordered by these columns, the first counting most; equal rows keep their order."""
        return self.take(np.lexsort([self.columns[name] for name in reversed(names)]).astype(np.int64))


def stacked(frames: Sequence[Frame], names: Sequence[str], missing: int = NONE) -> Frame:
    """The frames below one another with exactly these columns; what a frame does not have is `missing`."""
    return Frame(
        **{
            name: np.concatenate([f.columns.get(name, filled(len(f), missing)) for f in frames])
            if frames
            else ints([])
            for name in names
        }
    )


def dense(*keys: Ints) -> tuple[Ints, Ints]:
    """Number equal key tuples 0, 1, … in key order: (number of each row, first row of each number)."""
    order = np.lexsort(keys[::-1])
    changed = np.zeros(len(order), dtype=np.bool_)
    for key in keys:
        ordered = key[order]
        changed[1:] |= ordered[1:] != ordered[:-1]
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(changed)
    first = order[np.flatnonzero(np.concatenate([[True], changed[1:]]))] if len(order) else order
    return number, first.astype(np.int64)


def rank_within(group: Ints) -> Ints:
    """1, 2, … inside each run of equal neighbours."""
    position = np.arange(len(group), dtype=np.int64)
    start = np.zeros(len(group), dtype=np.int64)
    new = np.flatnonzero(group[1:] != group[:-1]) + 1
    start[new] = new
    return position - np.maximum.accumulate(start) + 1 if len(group) else position


class Dice:
    """Integer randomness of one part of the company; parts do not disturb each other's stream."""

    def __init__(self, seed: int, part: int) -> None:
        self._generator = np.random.default_rng([seed, part])

    def between(self, low: int, high: int, count: int) -> Ints:
        """`count` numbers of low … high, both included."""
        return self._generator.integers(low, high, size=count, dtype=np.int64, endpoint=True)

    def below(self, limits: Ints) -> Ints:
        """One number of 0 … limit − 1 per limit."""
        return self._generator.integers(0, np.maximum(limits, 1), dtype=np.int64)

    def one_of(self, values: Sequence[int], count: int) -> Ints:
        """`count` picks; a value that is listed twice comes twice as often."""
        return ints(values)[self.between(0, len(values) - 1, count)]

    def chance(self, per_thousand: int, count: int) -> Flags:
        """True for about that many of a thousand."""
        return self.between(0, 999, count) < per_thousand
