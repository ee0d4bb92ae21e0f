"""Odoo: journal entries for its import, one row per item, what belongs to the entry on the first row alone.

Column names are those that Odoo's import knows; which lines there are is decided in lines.py.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pipelines.vouchers.delimited import PARTY, black, of_party, on_first, read_documents, write_rows
from pipelines.vouchers.lines import UNMAPPED, PostedLine, VoucherLines, VoucherOptions

if TYPE_CHECKING:
    from pathlib import Path

LEAVES_OUT: Final = frozenset({"quantity", "attachments", "red"})
REFUSES: Final = {
    "voucher_refused_unmapped": UNMAPPED,
    "voucher_refused_account_characters": "not regexp_full_match(account_code, '[A-Za-z0-9.]+')",
}
JOURNAL: Final = "Miscellaneous Operations"
"""The journal that every company of Odoo has."""

COLUMNS: Final = {
    "date": on_first("voucher_date"),
    "ref": on_first("voucher_word || '-' || voucher_no || ' ' || source_document_no"),
    "journal_id/name": on_first(f"'{JOURNAL}'"),
    "line_ids/account_id/code": "account_code",
    "line_ids/partner_id": of_party(PARTY),
    "line_ids/name": "summary",
    "line_ids/debit": black("debit_amount", "credit_amount"),
    "line_ids/credit": black("credit_amount", "debit_amount"),
}
"""Column → SQL over the fields of a voucher line."""


def write(lines: VoucherLines, folder: Path, options: VoucherOptions) -> list[Path]:
    """`odoo.csv`: UTF-8, commas, every cell quoted; a red entry stands on the other side, as in Odoo."""
    del options  # nothing in this format depends on them
    return [write_rows(lines, folder / "odoo.csv", COLUMNS, ",", quoted=True)]


def read(path: Path) -> list[PostedLine]:
    """The lines of a file in this format that `write` wrote."""
    return [_posted(*found) for found in read_documents(path, "date")]


def _posted(first: dict[str, str], row: dict[str, str], line_no: int) -> PostedLine:
    word, _, number = first["ref"].split(" ")[0].rpartition("-")
    return PostedLine(
        date.fromisoformat(first["date"]),
        word,
        int(number),
        line_no,
        row["line_ids/name"],
        row["line_ids/account_id/code"],
        Decimal(row["line_ids/debit"]),
        Decimal(row["line_ids/credit"]),
        None,
        0,
    )
