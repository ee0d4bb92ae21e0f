"""A line of the workbook's index: what a sheet is called, its number of rows and its check.

The sheets make these, `sheets_index` writes them.
"""

from dataclasses import dataclass
from decimal import Decimal

from pipelines.evidence.cells import Sheet

CHECK_CELL = "$D$4"


@dataclass(frozen=True)
class Entry:
    """One sheet in the index; `check` is the exact value of its check cell, None where it has none."""

    reference: str
    sheet: Sheet
    rows: int
    check: Decimal | None = None
