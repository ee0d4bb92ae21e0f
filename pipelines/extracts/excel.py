"""Workbooks: every sheet as a grid, each typed cell as the text a person would read in it.

Dates come as ISO text, numbers without the noise of binary fractions; a formula is the value kept with it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import python_calamine as calamine

from pipelines.extracts.grid import Part, Source, plain_number, write_grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_UNSAFE = re.compile(r"[^\w-]")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def land_excel(source: Source, folder: Path) -> list[Part]:
    """Keep every sheet that holds anything as a grid in `folder`; InputError when encrypted or damaged."""
    workbook = _open(source)
    parts = []
    for number, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        file = f"{number + 1}_{_UNSAFE.sub('_', sheet.name)[:60]}.parquet"
        columns, rows = write_grid(folder / file, _rows(source, workbook, sheet.name))
        if rows:
            is_visible = sheet.visible == calamine.SheetVisibleEnum.Visible
            parts.append(Part(sheet.name, "", file, columns, rows, is_visible))
    return parts


def _open(source: Source) -> calamine.CalamineWorkbook:
    if _ENCRYPTED in source.path.read_bytes()[: 1 << 20]:
        raise source.error("extracts_encrypted")
    try:
        return calamine.CalamineWorkbook.from_path(source.path)
    except calamine.PasswordError:
        raise source.error("extracts_encrypted") from None
    except (calamine.CalamineError, OSError) as wrong:
        raise source.error("extracts_damaged", problem=wrong) from None


def _rows(source: Source, workbook: calamine.CalamineWorkbook, sheet: str) -> Iterator[Sequence[str | None]]:
    try:
        for row in workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False):
            yield [cell if type(cell) is str else as_text(cell) for cell in row]
    except calamine.CalamineError as wrong:
        raise source.error("extracts_damaged", problem=wrong) from None


def as_text(value: float | str | bool | time | date | datetime | timedelta | None) -> str | None:  # noqa: FBT001
    """One typed cell as text: 2026-01-05, 2026-01-05 08:30:00, 3, 0.3, true; None when empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain_number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if value is not None else None
