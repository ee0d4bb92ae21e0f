"""Records gathered into batches of one size, so that the table they go into is written once: DuckDB rewrites
row groups that are not full. What the records say is not looked at."""

from collections.abc import Iterator
from typing import Final

import pyarrow as pa

ROWS: Final = 122_880  # one row group of DuckDB


class RowGroups:
    """A heap of small batches that gives back full ones."""

    def __init__(self) -> None:
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0

    def add(self, batches: list[pa.RecordBatch]) -> None:
        """Put batches of one schema on the heap."""
        self._waiting += batches
        self._rows += sum(batch.num_rows for batch in batches)

    def full(self) -> Iterator[pa.RecordBatch]:
        """As many full batches as there are; what is left waits."""
        if self._rows < ROWS:
            return
        heap = pa.concat_batches(self._waiting)
        first = heap.num_rows - heap.num_rows % ROWS
        for start in range(0, first, ROWS):
            yield heap.slice(start, ROWS)
        self._waiting, self._rows = [heap.slice(first)], heap.num_rows - first

    def rest(self) -> Iterator[pa.RecordBatch]:
        """All that waits, the last batch as small as it is."""
        yield from self.full()
        if self._rows:
            yield pa.concat_batches(self._waiting)
        self._waiting, self._rows = [], 0
