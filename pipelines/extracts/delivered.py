"""Rows as they were delivered, found again by extract, file and row: the cells under their own headers.

They come from what the landing keeps, by the hashes a run was made with; the file itself may be gone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.extracts.corrections import MARKS, marks_in
from pipelines.extracts.grid import cell, new_connection, quoted
from pipelines.extracts.landing import PUT_BACK, landed_file
from pipelines.extracts.mapping import Header, unique_names
from pipelines.extracts.sheets import Sheet, read_head, sheets_of

if TYPE_CHECKING:
    import duckdb

    from pipelines.books import Books, Extract
    from pipelines.publication import InputFile

Place = tuple[str, str, int]
"""Label of the extract, file (with its sheet or member where there are several), row."""


@dataclass(frozen=True)
class Delivered:
    """One delivered row: header → text, empty cells left out; `problem` is a key of the catalogue when the
    row cannot be shown.
    """

    cells: Mapping[str, str]
    problem: str = ""


def delivered_rows(
    books: Books, inputs: Iterable[InputFile], places: Collection[Place]
) -> dict[Place, Delivered]:
    """The rows at these places, of a run with these settings and inputs; one entry for each place."""
    files = list(inputs)
    extracts = {extract.label: extract for extract in books.extracts}
    found: dict[Place, Delivered] = {}
    with new_connection() as connection:
        for label, file in sorted({place[:2] for place in places}):
            wanted = sorted(place[2] for place in places if place[:2] == (label, file))
            rows = _rows(connection, books, extracts.get(label), _input(files, label, file), file, wanted)
            found |= {(label, file, row): rows.get(row, _missing(rows)) for row in wanted}
    return found


def _missing(rows: Mapping[int, Delivered]) -> Delivered:
    return rows.get(0, Delivered({}, "source_row_gone"))


def _input(files: Iterable[InputFile], label: str, file: str) -> InputFile | None:
    """The delivered file a row came from: of its extract, or the correction that took its place."""
    for item in files:
        is_ours = item.extract in (label, PUT_BACK.label)
        if is_ours and (file == item.file or file.startswith((f"{item.file}[", f"{item.file}/"))):
            return item
    return None


def _rows(
    connection: duckdb.DuckDBPyConnection,
    books: Books,
    extract: Extract | None,
    item: InputFile | None,
    file: str,
    wanted: list[int],
) -> dict[int, Delivered]:
    """Row → what stands there; under 0 why none can be shown."""
    if item is None or extract is None:
        return {0: Delivered({}, "source_file_unknown")}
    is_corrected = item.extract == PUT_BACK.label and item.extract != extract.label
    if extract.query and not is_corrected and not _keeps_rows(extract.query):
        return {0: Delivered({}, "source_row_of_query")}
    landed = landed_file(books.root, PUT_BACK if is_corrected else extract, item.file, item.sha256, None)
    if landed is None:
        return {0: Delivered({}, "source_file_gone")}
    sheets = (
        _corrected(connection, landed.parts, item.file) if is_corrected else sheets_of(connection, landed)
    )
    for sheet in sheets:
        if sheet.file == file and sheet.part.columns:
            return _read(connection, sheet, wanted)
    return {0: Delivered({}, "source_file_unknown")}


def _keeps_rows(query: str) -> bool:
    """Whether a query hands on the row of the file, by name or with everything else."""
    return re.search(r"\b_row\b|\*", query) is not None


def _corrected(connection: duckdb.DuckDBPyConnection, parts: Iterable[object], name: str) -> list[Sheet]:
    """The sheets of a workbook of corrections: the header is the row with our marks."""
    from pipelines.extracts.landing import LandedPart

    sheets = []
    for part in parts:
        assert isinstance(part, LandedPart)
        for place, cells in enumerate(read_head(connection, part), 1):
            names = unique_names(cells)
            if set(MARKS) <= set(marks_in(names)):
                shown = f"{name}[{part.name}]" if part.name else name
                sheets.append(Sheet(PUT_BACK, part, Header(place, names, is_complete=True), shown, None))
                break
    return sheets


def _read(connection: duckdb.DuckDBPyConnection, sheet: Sheet, wanted: list[int]) -> dict[int, Delivered]:
    names = ", ".join(cell(number + 1) for number in range(sheet.part.columns))
    rows = connection.execute(
        f"select _row, {names} from read_parquet({quoted(str(sheet.part.path))}, hive_partitioning = false) "
        "where list_contains(?, _row)",
        [wanted],
    ).fetchall()
    return {
        row: Delivered(
            {
                name: text.strip()
                for name, text in zip(sheet.header.names, cells, strict=False)
                if text and text.strip()
            }
        )
        for row, *cells in rows
    }
