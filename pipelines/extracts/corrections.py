"""Corrected rows that were put back: each takes the place of one delivered row, whose file stays as it is.

The workbooks are written by `pipelines/rejected.py`; here they are read, and rows are exchanged before
anything is counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.contract import Table, load_contract
from pipelines.extracts.grid import cell, new_connection, quoted
from pipelines.extracts.mapping import HEAD_ROWS, columns_of, unique_names
from pipelines.messages import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.extracts.landing import LandedFile, LandedPart

FOLDER = "inbox/corrections"
MARKS = ("table", "extract", "file", "row", "check")
"""What says which delivered row is corrected: columns whose header ends with `(tieout:table)` and so on."""

_MARK = re.compile(r"\(tieout:(\w+)\)\s*$")
Cells = Sequence[str | None]


@dataclass(frozen=True)
class Correction:
    """One corrected row: the delivered one it is for, what it says instead, and where it stands itself.

    `values` holds the columns of the workbook; others keep what was delivered. `check` tells whether the
    delivered row is still the one that was corrected.
    """

    table: str
    extract: str
    of_file: str
    of_row: int
    check: str
    values: Mapping[str, str | None]
    file: str
    row: int

    @property
    def target(self) -> tuple[str, str, str, int, str]:
        """The delivered row, as far as one can be told from another."""
        return self.table, self.extract, self.of_file, self.of_row, self.check

    def is_for(self, names: set[str]) -> bool:
        """Whether it corrects a row of one of these delivered files, a sheet or member of one included."""
        return self.of_file in names or any(self.of_file.startswith((f"{n}[", f"{n}/")) for n in names)


def mark(name: str, label: str) -> str:
    """The header of one of `MARKS`."""
    return f"{label} (tieout:{name})"


def marks_in(names: Sequence[str]) -> dict[str, int]:
    """Place of each of `MARKS` among the headers, and of what else is marked as ours."""
    return {found[1]: place for place, name in enumerate(names) if (found := _MARK.search(name))}


def find_corrections(root: Path) -> list[Path]:
    """The files put back, by name; lock files of office programs are nobody's."""
    folder = root / FOLDER
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in found if path.is_file() and not path.name.startswith(("~$", "."))]


def is_correction(name: str) -> bool:
    """Whether a file below the books is one of those put back: no extract reads it as a delivery."""
    return name.startswith(f"{FOLDER}/")


def read_corrections(files: Sequence[LandedFile]) -> tuple[Correction, ...]:
    """All corrected rows; InputError for a file that is none of ours and for a row corrected twice."""
    known: dict[tuple[str, str, str, int, str], Correction] = {}
    for file in files:
        for part in file.parts:
            if part.is_visible:
                for one in _read(file.name, part):
                    earlier = known.setdefault(one.target, one)
                    if earlier is not one:
                        raise _twice(earlier, one)
    return tuple(known.values())


def _twice(earlier: Correction, later: Correction) -> InputError:
    places = {"first_file": earlier.file, "first_row": earlier.row, "file": later.file, "row": later.row}
    return InputError("correction_twice", of_file=later.of_file, of_row=later.of_row, **places)


def _read(file: str, part: LandedPart) -> list[Correction]:
    shown = f"{file}[{part.name}]" if part.name else file
    names = ", ".join(cell(number + 1) for number in range(part.columns))
    with new_connection() as connection:
        grid = connection.execute(
            f"select _row, {names} from read_parquet({quoted(str(part.path))}) order by _row"
        ).fetchall()
    for place, (_, *cells) in enumerate(grid[:HEAD_ROWS]):
        headers = unique_names(cells)
        marks = marks_in(headers)
        if set(MARKS) <= set(marks):
            filled = [(row, cells) for row, *cells in grid[place + 1 :] if any(map(_text, cells))]
            return [_correction(shown, row, headers, marks, cells) for row, cells in filled]
    raise InputError("correction_unmarked", file=shown, folder=FOLDER)


def _correction(
    file: str, row: int, headers: Sequence[str], marks: Mapping[str, int], cells: Cells
) -> Correction:
    said = {name: _text(cells[marks[name]]) or "" for name in MARKS}
    table = load_contract().tables.get(said["table"])
    if table is None or not said["row"].isdecimal() or not all(said.values()):
        raise InputError("correction_of_nothing", file=file, row=row)
    return Correction(
        table=table.name,
        extract=said["extract"],
        of_file=said["file"],
        of_row=int(said["row"]),
        check=said["check"],
        values=_values(table, headers, marks, cells),
        file=file,
        row=row,
    )


def _values(
    table: Table, headers: Sequence[str], marks: Mapping[str, int], cells: Cells
) -> dict[str, str | None]:
    places = columns_of(table, headers)
    return {name: _text(cells[at]) for name, at in places.items() if at not in marks.values()}


def _text(text: str | None) -> str | None:
    return text if text and text.strip("\u00a0\u3000 \t\r\n") else None
