"""The canonical voucher file: CSV with this project's own column names, every fact of a line, nothing lost.

It can be delivered back as an extract of `gl_entry_line`. What a ledger system imports has its own module.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pipelines.vouchers.lines import PostedLine, VoucherLine, VoucherLines, VoucherOptions

if TYPE_CHECKING:
    from pathlib import Path

LEAVES_OUT: Final[frozenset[str]] = frozenset()
REFUSES: Final[dict[str, str]] = {}
COLUMNS = VoucherLine._fields
"""Column names in order, one row per voucher line; meanings: `voucher_column_…` in texts/vouchers.yml."""

_END = "\r\n"
_NEVER_QUOTED = {
    "voucher_no", "line_no", "voucher_date", "attachments",
    "debit_amount", "credit_amount", "quantity", "source_line_no",
}  # fmt: skip


def _quoted(name: str) -> str:
    """SQL of a text in quotes where a comma, a quote or a line break stands in it."""
    return f"""if(regexp_matches({name}, '[",\\r\\n]'), '"' || replace({name}, '"', '""') || '"', {name})"""


def _line_sql() -> str:
    """SQL of a whole line; cell by cell only for the few lines that hold anything to quote."""
    given = {name: f"coalesce({name}::varchar, '')" for name in COLUMNS}
    texts = [name for name in COLUMNS if name not in _NEVER_QUOTED]
    plain = f"concat_ws(',', {', '.join(given.values())})"
    cells = [_quoted(name) if name in texts else given[name] for name in COLUMNS]
    special = " or ".join(f"contains(joined, {mark})" for mark in ("','", "'\"'", "chr(10)", "chr(13)"))
    joined = f"list_transform([concat({', '.join(texts)})], lambda joined: {special})[1]"
    return f"if({joined}, concat_ws(',', {', '.join(cells)}), {plain})"


def write(lines: VoucherLines, folder: Path, options: VoucherOptions) -> list[Path]:
    """`canonical.csv`: UTF-8 with byte order mark, CRLF, commas; amounts as exact text, dates ISO 8601."""
    del options  # nothing in this format depends on them
    path = folder / "canonical.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        handle.write(",".join(COLUMNS) + _END)
        lines.write_texts(handle, _line_sql(), _END)
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
