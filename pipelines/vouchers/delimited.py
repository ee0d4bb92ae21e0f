"""Rows of text with a separator, written by the engine: a column is a name and what stands in it, as SQL.

Which columns a format has is in its own module.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from pipelines.vouchers.journal import plain
from pipelines.vouchers.lines import PARTY_ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pipelines.vouchers.lines import VoucherLines


PARTY = "if(party_name = '', party_code, party_name)"
"""SQL of what a partner is called: its code where the run has no name."""


def of_party(expression: str) -> str:
    """SQL of what is said of a partner on an account that is kept by partner, nothing on others."""
    return f"if(account_role in ({', '.join(map(repr, PARTY_ROLES))}), {expression}, '')"


def write_rows(
    lines: VoucherLines, path: Path, columns: Mapping[str, str], separator: str, *, quoted: bool
) -> Path:
    """One row per line below the names of the columns, UTF-8, CRLF.

    Quoted: every cell stands between quotes, doubled inside. Not quoted: a separator inside a text becomes a
    space.
    """
    cells = [_cell(expression, separator, quoted=quoted) for expression in columns.values()]
    names = [f'"{name}"' if quoted else name for name in columns]
    with path.open("w", encoding="utf-8", newline="\r\n") as handle:
        handle.write(separator.join(names) + "\n")
        lines.write_texts(handle, f"concat_ws('{separator}', {', '.join(cells)})")
    return path


def _cell(expression: str, separator: str, *, quoted: bool) -> str:
    text = plain(f"({expression})::varchar", "" if quoted else separator)
    return f"""'"' || replace({text}, '"', '""') || '"'""" if quoted else text


def read_documents(path: Path, key: str) -> Iterator[tuple[dict[str, str], dict[str, str], int]]:
    """Each row of a CSV file with the first row of its document, which alone has the column `key`, and its
    place in it, from 1.
    """
    first: dict[str, str] = {}
    place = 0
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            first, place = (row, 1) if row[key] else (first, place + 1)
            yield first, row, place


def day(column: str) -> str:
    """SQL of a day as YYYYMMDD."""
    return f"strftime({column}, '%Y%m%d')"


def on_first(expression: str) -> str:
    """SQL of what a document says on its first row alone."""
    return f"if(line_no = 1, ({expression})::varchar, '')"


def black(side: str, other: str) -> str:
    """SQL of an amount of one side, where a red entry stands on the other side instead of below zero."""
    return f"(greatest({side}, 0) - least({other}, 0))"
