"""Which grids of a delivered file an extract reads, and those grids as SQL with people's headers or ours.

A workbook may hold several sheets that fit: which one is meant is asked, never guessed.
"""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.contract import load_contract
from pipelines.extracts.corrections import FOLDER, MARKS, marks_in
from pipelines.extracts.grid import cell, identifier, quoted
from pipelines.extracts.landing import LandedFile, LandedPart
from pipelines.extracts.mapping import HEAD_ROWS, Constant, Header, find_header, map_columns, table_of
from pipelines.messages import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from pipelines.books import Extract

_BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288)"


def _filled(name: str) -> str:
    """SQL of a cell, NULL when nothing but blanks stands in it; most are told by their first character,
    which comparing tells ten times faster than trimming.
    """
    begins = f"({name} >= '!' and {name} < chr(160)) or {name} > chr(12289)"
    return f"case when {begins} or trim({name}, {_BLANKS}) <> '' then {name} end"


@dataclass(frozen=True)
class Sheet:
    """One grid an extract reads: its header and the name under which its rows are found again."""

    extract: Extract
    part: LandedPart
    header: Header
    file: str
    period: str | None

    def cells(self) -> str:
        """SQL of the rows below the header that hold anything: _row and the cells, an empty one NULL."""
        names = [cell(number + 1) for number in range(self.part.columns)]
        if not names:
            return "select 0::bigint as _row where false"
        cleaned = ", ".join(f"{_filled(name)} as {name}" for name in names)
        below = (
            f"select _row, {cleaned} "
            f"from read_parquet({quoted(str(self.part.path))}, hive_partitioning = false) "
            f"where _row > {self.header.row}"
        )
        filled = [
            f"last_value({cell(n + 1)} ignore nulls) over (order by _row) as {cell(n + 1)}"
            for n in self._filled()
        ]
        kept = f"select * from ({below}) where coalesce({', '.join(names)}) is not null"
        return f"select * replace ({', '.join(filled)}) from ({kept})" if filled else kept

    def _filled(self) -> list[int]:
        table = table_of(self.extract)
        places = []
        for wanted in self.extract.fill_down:
            matching = [
                number
                for number, name in enumerate(self.header.names)
                if name == wanted or (table and (c := table.column_of(name)) and c.name == wanted)
            ]
            if not matching:
                names = ", ".join(self.header.names)
                raise InputError(
                    "extracts_header_not_found",
                    file=self.file,
                    header=wanted,
                    column="fill_down",
                    found=names,
                )
            places += matching
        return places

    def delivered(self, *, with_lineage: bool) -> str:
        """SQL of the rows under the headers as delivered, with _file and _row when asked for."""
        columns = [
            f"{cell(number)} as {identifier(name)}" for number, name in enumerate(self.header.names, 1)
        ] or ["null as empty"]
        if with_lineage:
            columns += [f"{quoted(self.file)} as _file", "_row"]
        return f"select {', '.join(columns)} from ({self.cells()})"

    def mapped(self) -> str:
        """SQL of the rows under the contract's names, every column of the table, with _file and _row."""
        assert self.extract.table is not None
        if set(MARKS) <= marks_in(self.header.names).keys():
            raise InputError("correction_misplaced", file=self.file, folder=FOLDER)
        mapped = map_columns(self.extract, self.header.names, self.file, self.period)
        values = []
        for name in load_contract().tables[self.extract.table].columns:
            source = mapped.get(name)
            values.append(f"{_value(source)}::varchar as {identifier(name)}")
        return f"select {', '.join(values)}, {quoted(self.file)} as _file, _row from ({self.cells()})"


def _value(source: int | Constant | None) -> str:
    if isinstance(source, Constant):
        return f"nullif({quoted(source.text)}, '')"
    return "null" if source is None else cell(source + 1)


def sheets_of(connection: duckdb.DuckDBPyConnection, file: LandedFile) -> list[Sheet]:
    """The grids of a file that its extract reads; InputError when the settings have to say which."""
    if not file.parts:
        nothing = LandedPart("", "", Path(), columns=0, rows=0, is_visible=True)
        return [Sheet(file.extract, nothing, Header(0, (), is_complete=False), file.name, file.period)]
    members = list(dict.fromkeys(part.member for part in file.parts))
    return [
        sheet
        for member in members
        for sheet in _chosen(connection, file, [part for part in file.parts if part.member == member])
    ]


def _chosen(
    connection: duckdb.DuckDBPyConnection, file: LandedFile, parts: Sequence[LandedPart]
) -> list[Sheet]:
    extract = file.extract
    named = f"{file.name}/{parts[0].member}" if parts[0].member else file.name
    sheets = [
        Sheet(extract, part, find_header(extract, read_head(connection, part)), named, file.period)
        for part in parts
    ]
    if extract.sheet:
        return _wanted(sheets, extract.sheet, named)
    shown = [sheet for sheet in sheets if sheet.part.is_visible] or sheets
    complete = [sheet for sheet in shown if sheet.header.is_complete]
    if len(complete) == 1 or len(shown) == 1:
        return complete or shown
    if complete or extract.query or extract.auxiliary:
        raise InputError(
            "extracts_which_sheet", file=named, sheets=", ".join(s.part.name for s in complete or shown)
        )
    return shown[:1]


def _wanted(sheets: list[Sheet], pattern: str, file: str) -> list[Sheet]:
    wanted = [
        sheet
        for sheet in sheets
        if fnmatch.fnmatch(sheet.part.name, pattern) or fnmatch.fnmatch(sheet.part.member, pattern)
    ]
    if not wanted:
        names = ", ".join(sheet.part.name for sheet in sheets)
        raise InputError("extracts_no_sheet", file=file, sheet=pattern, sheets=names)
    if len(wanted) == 1:
        return wanted
    return [Sheet(s.extract, s.part, s.header, f"{file}[{s.part.name}]", s.period) for s in wanted]


def read_head(connection: duckdb.DuckDBPyConnection, part: LandedPart) -> list[tuple[str | None, ...]]:
    """The first rows of a grid, in order."""
    names = ", ".join(cell(number + 1) for number in range(part.columns))
    return connection.execute(
        f"select {names} from read_parquet({quoted(str(part.path))}) where _row <= {HEAD_ROWS} order by _row"
    ).fetchall()
