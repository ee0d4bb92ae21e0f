"""What all benchmarks share: their two options, and one JSON object of named figures or a table for people.

What is measured is in the benchmark's own module.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

Size = Literal["small", "full"]
Figures = Mapping[str, Any]


def main(measure: Callable[[Size, Path], Figures], show: Callable[[Figures], str], about: str) -> None:
    """Measure in a folder of its own, then print: `--json` one object, otherwise what `show` makes of it."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--size", choices=["small", "full"], default="small", help="small ends in 30 seconds")
    parser.add_argument("--json", action="store_true", help="one object of named figures")
    options = parser.parse_args()
    with work_folder() as work:
        figures = measure(options.size, work)
    print(json.dumps(figures, ensure_ascii=False, default=str) if options.json else show(figures))


@contextmanager
def work_folder() -> Iterator[Path]:
    """A disposable folder."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        yield Path(folder)


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; figures are put to the right."""
    marks = ["---:" if rows and isinstance(rows[0][n], int | float) else "---" for n in range(len(header))]
    lines = [header, marks, *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
