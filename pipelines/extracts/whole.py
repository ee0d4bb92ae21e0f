"""Whether a delimited file ends where its maker ended it: a copy or an export that broke off loses rows.

A file that is whole but badly written is the readers' matter.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.extracts.grid import Source

_TAIL = 1 << 20
_HALF_CHARACTERS = ("unexpected end of data", "incomplete multibyte sequence", "truncated data")
"""What Python's decoders say when the last bytes are the beginning of a character."""


def check_whole(source: Source, path: Path, delimiter: str, width: int, lines: int) -> None:
    """InputError when the last row has no line end and fewer columns than the others.

    `path` is the file as UTF-8, `width` the columns most rows have. A last row that is only without its line
    end is common and fine; one that is short but ended is a row like any other.
    """
    tail = _tail(path)
    if not tail or tail.endswith(("\n", "\r")):
        return
    record = _last_record(tail)
    found = len(next(csv.reader([record], delimiter=delimiter), []))
    if found < width:
        raise source.error("extracts_cut_off", row=lines, found=found, expected=width)


def is_cut_character(wrong: UnicodeError) -> bool:
    """Whether the text was right up to its end, and ends inside a character."""
    return isinstance(wrong, UnicodeDecodeError) and wrong.reason in _HALF_CHARACTERS


def _tail(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return file.read().decode("utf-8", "ignore")


def _last_record(tail: str) -> str:
    """The last row: from the last line on which all quotes are closed again; csv tells of those that never
    are."""
    lines = tail.split("\n")
    record = lines.pop()
    while record.count('"') % 2 and lines:
        record = f"{lines.pop()}\n{record}"
    return record
