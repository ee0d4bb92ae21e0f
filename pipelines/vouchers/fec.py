"""FEC: the file of accounting entries that French tax audits ask for, 18 columns apart by tabs.

Column names and forms are those of the regulation; which lines there are is decided in lines.py.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pipelines.vouchers.delimited import PARTY, day, of_party, write_rows
from pipelines.vouchers.lines import UNMAPPED, PostedLine, VoucherLines, VoucherOptions

if TYPE_CHECKING:
    from pathlib import Path

LEAVES_OUT: Final = frozenset({"quantity", "attachments"})
REFUSES: Final = {"voucher_refused_unmapped": UNMAPPED}

COLUMNS: Final = {
    "JournalCode": "voucher_word",
    "JournalLib": "voucher_word",
    "EcritureNum": "voucher_no",
    "EcritureDate": day("voucher_date"),
    "CompteNum": "account_code",
    "CompteLib": "if(account_name = '', account_code, account_name)",
    "CompAuxNum": of_party("party_code"),
    "CompAuxLib": of_party(PARTY),
    "PieceRef": "source_document_no",
    "PieceDate": day("voucher_date"),
    "EcritureLib": "summary",
    "Debit": "replace(debit_amount::varchar, '.', ',')",
    "Credit": "replace(credit_amount::varchar, '.', ',')",
    "EcritureLet": "''",
    "DateLet": "''",
    "ValidDate": day("voucher_date"),
    "Montantdevise": "''",
    "Idevise": "''",
}
"""Column → SQL over the fields of a voucher line. The date of the document is not known: the voucher's."""


def write(lines: VoucherLines, folder: Path, options: VoucherOptions) -> list[Path]:
    """`fec.txt`: UTF-8, tabs, decimal commas, days YYYYMMDD, red entries below zero on their own side."""
    del options  # nothing in this format depends on them
    return [write_rows(lines, folder / "fec.txt", COLUMNS, "\t", quoted=False)]


def read(path: Path) -> list[PostedLine]:
    """The lines of a file in this format."""
    seen: Counter[tuple[str, str]] = Counter()
    with path.open(encoding="utf-8", newline="") as handle:
        return [_posted(row, seen) for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _posted(row: dict[str, str], seen: Counter[tuple[str, str]]) -> PostedLine:
    voucher = row["JournalCode"], row["EcritureNum"]
    seen[voucher] += 1
    return PostedLine(
        datetime.strptime(row["EcritureDate"], "%Y%m%d").replace(tzinfo=UTC).date(),
        row["JournalCode"],
        int(row["EcritureNum"]),
        seen[voucher],
        row["EcritureLib"],
        row["CompteNum"],
        Decimal(row["Debit"].replace(",", ".")),
        Decimal(row["Credit"].replace(",", ".")),
        None,
        0,
    )
