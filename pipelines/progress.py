"""Progress lines: one per step, in the books' language, flushed at once.

Only their wording and alignment live here; which steps there are is decided in `run.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipelines.messages import Language, render

Say = Callable[[str], None]


def print_line(line: str) -> None:
    """Write one line to standard output and flush it."""
    print(line, flush=True)


class Progress:
    """Prints the steps of one period's run as they end; `took` keeps their seconds, by period and step."""

    def __init__(self, language: Language, say: Say = print_line) -> None:
        """`say` gets each finished line."""
        self.language = language
        self.took: dict[tuple[str, str], float] = {}
        self._say = say

    def line(self, period: str, step: str, seconds: float, note: str = "") -> None:
        """One finished step: period, name, seconds, and what it did."""
        self.took[period, step] = seconds
        name = padded(render(f"step_{step}", self.language), 16)
        took = render("cli_seconds", self.language, seconds=f"{seconds:6.1f}")
        self._say(f"{period}  {name} {took}  {note}".rstrip())

    def text(self, key: str, **fields: object) -> str:
        """A catalogue text in the language of the books."""
        return render(key, self.language, **fields)

    @contextmanager
    def step(self, period: str, step: str) -> Iterator[list[str]]:
        """Time a step; notes put into the list stand in its line. No line when it fails."""
        notes: list[str] = []
        began = time.monotonic()
        yield notes
        self.line(period, step, time.monotonic() - began, " · ".join(notes))


def padded(text: str, width: int) -> str:
    """The text filled with blanks to `width` terminal columns; Chinese characters take two."""
    from rich.cells import cell_len

    return text + " " * max(0, width - cell_len(text))
