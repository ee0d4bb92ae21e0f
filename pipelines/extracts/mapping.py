"""From delivered headers to contract columns: which row holds the headers, which header means which column.

Names are matched, never values; a header that two columns could mean is an error, not a guess.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.contract import Table, load_contract, normalise_header
from pipelines.messages import InputError, Words

if TYPE_CHECKING:
    from pipelines.books import Extract

HEAD_ROWS = 50
_BRACKETS = re.compile(r"[(\[（［【][^()\[\]（）［］【】]*[)\]）］】]\s*$")
_REPEATED = re.compile(r"#\d+$")


@dataclass(frozen=True)
class Header:
    """The headers of a grid, one per cell and all different, and the last row they stand in."""

    row: int
    names: tuple[str, ...]
    is_complete: bool


@dataclass(frozen=True)
class Constant:
    """A value the settings give for every row."""

    text: str


Mapped = Mapping[str, int | Constant]
Cells = Sequence[str | None]


def table_of(extract: Extract) -> Table | None:
    """The contract table of an extract, None for an auxiliary one."""
    return load_contract().tables[extract.table] if extract.table else None


def find_header(extract: Extract, head: Sequence[Cells]) -> Header:
    """The header among the first rows: the row the settings name, else the first with every required column,
    else the one with most recognised columns, else the first of the widest rows.

    A title row above is passed over; a second row below, whose cells narrow down merged ones (期初余额 over
    借方 and 贷方), belongs to the header when both rows together recognise more. A query names headers as
    they are delivered, so nothing is recognised for it: the first of the widest rows.
    """
    if extract.header_row is not None:
        chosen = head[extract.header_row - 1] if extract.header_row <= len(head) else ()
        return _header(extract, extract.header_row, chosen)
    candidates = [] if extract.query else [_best_of(extract, head, number) for number in range(len(head))]
    complete = next((header for header in candidates if header.is_complete), None)
    if complete or not head:
        return complete or Header(0, (), is_complete=False)
    found = [len(_recognised(extract, header.names)) for header in candidates]
    if max(found, default=0) > 0:
        return candidates[found.index(max(found))]
    widths = [sum(bool(_text(cell)) for cell in cells) for cells in head]
    return _header(extract, widths.index(max(widths)) + 1, head[widths.index(max(widths))])


def _best_of(extract: Extract, head: Sequence[Cells], number: int) -> Header:
    """The header of one row, or of that row and the next when both together recognise more."""
    single = _header(extract, number + 1, head[number])
    if number + 1 == len(head) or not _recognised(extract, single.names):
        return single
    double = _header(extract, number + 2, _joined(head[number], head[number + 1]))
    more = len(_recognised(extract, double.names)) > len(_recognised(extract, single.names))
    return double if more else single


def _joined(upper: Cells, lower: Cells) -> Cells:
    cells, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = _text(above) or (group if _text(below) else "")
        cells.append(group + _text(below))
    return cells


def _header(extract: Extract, row: int, cells: Cells) -> Header:
    names = unique_names(cells)
    table = table_of(extract)
    recognised = _recognised(extract, names)
    return Header(row, names, table is not None and all(c.name in recognised for c in table.required))


def unique_names(cells: Cells) -> tuple[str, ...]:
    """Headers as delivered; an empty one is called `#3` by its place, a repeated one gets `#2`."""
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = _text(cell) or f"#{number}"
        count = 2
        while name.casefold() in {known.casefold() for known in names}:
            name = f"{_text(cell)}#{count}"
            count += 1
        names.append(name)
    return tuple(names)


def _text(cell: str | None) -> str:
    return re.sub(r"\s+", " ", (cell or "").replace("\ufeff", "")).strip()


def _recognised(extract: Extract, names: Sequence[str]) -> set[str]:
    table = table_of(extract)
    if table is None:
        return set()
    found = {column for column, _ in _by_name(table, names)}
    given = {
        column
        for column, text in extract.columns.items()
        if text.startswith("=") or _index(names, text) is not None
    }
    return found | given


def _index(names: Sequence[str], header: str) -> int | None:
    if header in names:
        return names.index(header)
    wanted = _spelling(header)
    return next((n for n, name in enumerate(names) if _spelling(name) == wanted), None)


def _spelling(header: str) -> str:
    """One spelling for matching; `#2` of a repeated header does not count, so both are seen as the same."""
    return normalise_header(_unrepeated(header))


def _by_name(table: Table, names: Sequence[str]) -> list[tuple[str, int]]:
    """(column, place of the header) by the contract's own names, which leave no doubt, then by labels and
    aliases, then without what stands in brackets at the end; a later way only finds what is not found yet.
    """
    found = [(name, place) for place, name in enumerate(names) if name in table.columns]
    for spelling in (_unrepeated, _unbracketed):
        columns = {column for column, _ in found}
        places = {place for _, place in found}
        candidates = [(table.column_of(spelling(name)), place) for place, name in enumerate(names)]
        found += [
            (column.name, place)
            for column, place in candidates
            if column and column.name not in columns and place not in places
        ]
    return found


def columns_of(table: Table, names: Sequence[str]) -> dict[str, int]:
    """Place of the header of every column that is recognised, the first where several are; none is needed."""
    found: dict[str, int] = {}
    for column, place in _by_name(table, names):
        found.setdefault(column, place)
    return found


def _unrepeated(name: str) -> str:
    return _REPEATED.sub("", name)


def _unbracketed(name: str) -> str:
    return _BRACKETS.sub("", _unrepeated(name))


def map_columns(extract: Extract, names: Sequence[str], file: str, period: str | None = None) -> Mapped:
    """Place of the delivered header (from 0) or constant for every contract column that was delivered.

    `columns:` of the settings decide first and use their headers up; the rest goes by names and aliases.
    `={period}` is the period of the file's path. InputError when two headers mean one column, when a header
    of the settings was not delivered, or when a required column is missing.
    """
    table = table_of(extract)
    assert table is not None
    mapped = _from_settings(extract, names, file, period)
    used = {place for place in mapped.values() if isinstance(place, int)}
    for column, place in _by_name(table, names):
        if place in used or column in extract.columns:
            continue
        earlier = mapped.get(column)
        if isinstance(earlier, int):
            pair = {"first": names[earlier], "second": names[place], "column": column}
            label = table.columns[column].label
            raise InputError("extracts_two_headers", file=file, label=label, **pair)
        mapped[column] = place
    _check_required(table, mapped, names, file)
    return mapped


def _from_settings(
    extract: Extract, names: Sequence[str], file: str, period: str | None
) -> dict[str, int | Constant]:
    mapped: dict[str, int | Constant] = {}
    for column, text in extract.columns.items():
        if text.startswith("="):
            mapped[column] = Constant(text[1:].replace("{period}", period or ""))
            continue
        place = _index(names, text)
        if place is None:
            near = difflib.get_close_matches(text, names, 1, 0.3)
            raise InputError(
                "extracts_header_not_found",
                file=file,
                header=text,
                column=column,
                found=", ".join(near or names),
            )
        mapped[column] = place
    return mapped


def _check_required(table: Table, mapped: Mapped, names: Sequence[str], file: str) -> None:
    label = table.label
    if not names:
        raise InputError("extracts_empty", file=file, table=label)
    groups = [(column.name,) for column in table.required] + list(table.needs)
    for group in groups:
        if not mapped.keys() & set(group):
            columns = [table.columns[name] for name in group]
            raise InputError(
                "extracts_missing_column",
                file=file,
                table=label,
                column=" / ".join(group),
                label=Words(
                    " / ".join(column.label_zh for column in columns),
                    " / ".join(column.label_en for column in columns),
                ),
                aliases=", ".join(header for column in columns for header in column.headers),
                found=", ".join(names),
            )
