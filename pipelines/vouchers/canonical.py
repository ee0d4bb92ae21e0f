"""The canonical voucher file: CSV with this project's own column names, every fact of a line, nothing lost.

It can be delivered back as an extract of `gl_entry_line`. What a ledger system imports has its own module.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.vouchers.lines import PostedLine, VoucherLine, VoucherOptions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

COLUMNS = VoucherLine._fields
"""Column names in order, one row per voucher line; meanings: `voucher_column_…` in texts/vouchers.yml."""


def write(lines: Iterable[VoucherLine], folder: Path, options: VoucherOptions) -> list[Path]:
    """`canonical.csv`: UTF-8 with byte order mark, CRLF, commas; amounts as exact text, dates ISO 8601."""
    del options  # nothing in this format depends on them
    path = folder / "canonical.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows(lines)
    return [path]


def read(path: Path) -> list[PostedLine]:
    """The lines of a canonical file."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [_posted(row) for row in csv.DictReader(handle)]


def _posted(row: dict[str, str]) -> PostedLine:
    return PostedLine(
        date.fromisoformat(row["voucher_date"]),
        row["voucher_word"],
        int(row["voucher_no"]),
        int(row["line_no"]),
        row["summary"],
        row["account_code"],
        Decimal(row["debit_amount"]),
        Decimal(row["credit_amount"]),
        Decimal(row["quantity"]) if row["quantity"] else None,
        int(row["attachments"]),
    )
