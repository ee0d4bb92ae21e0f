"""ERPNext: journal entries for its data import, one row per account, parent fields on the first row alone.

Column names are those of the import of Journal Entry; which lines there are is decided in lines.py.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pipelines.publication.tables import literal
from pipelines.vouchers.delimited import PARTY, black, of_party, on_first, read_documents, write_rows
from pipelines.vouchers.lines import PARTY_ROLES, UNMAPPED, PostedLine, VoucherLines, VoucherOptions

if TYPE_CHECKING:
    from pathlib import Path

LEAVES_OUT: Final = frozenset({"quantity", "attachments", "red"})
REFUSES: Final = {
    "voucher_refused_unmapped": UNMAPPED,
    "voucher_refused_party_missing": "account_role in ('ar', 'ap') and party_code = ''",
}

_KINDS = " ".join(f"when '{role}' then '{kind.title()}'" for role, kind in PARTY_ROLES.items())
_PARTY_TYPE = f"if(party_code = '', '', case account_role {_KINDS} end)"


def columns(options: VoucherOptions) -> dict[str, str]:
    """Column → SQL over the fields of a voucher line. An account is called by number, name and company."""
    company, abbreviation = (literal(text) for text in (options.company, options.abbreviation))
    return {
        "ID": on_first("voucher_word || '-' || period || '-' || voucher_no"),
        "Entry Type": on_first("'Journal Entry'"),
        "Company": on_first(company),
        "Posting Date": on_first("voucher_date"),
        "User Remark": on_first("summary"),
        "Account (Accounting Entries)": "concat_ws(' - ', account_code, nullif(account_name, ''), "
        f"nullif({abbreviation}, ''))",
        "Party Type (Accounting Entries)": of_party(_PARTY_TYPE),
        "Party (Accounting Entries)": of_party(PARTY),
        "Debit (Accounting Entries)": black("debit_amount", "credit_amount"),
        "Credit (Accounting Entries)": black("credit_amount", "debit_amount"),
        "User Remark (Accounting Entries)": "summary",
    }


def write(lines: VoucherLines, folder: Path, options: VoucherOptions) -> list[Path]:
    """`erpnext.csv`: UTF-8, commas, every cell quoted; a red entry stands on the other side, as there."""
    return [write_rows(lines, folder / "erpnext.csv", columns(options), ",", quoted=True)]


def read(path: Path) -> list[PostedLine]:
    """The lines of a file in this format that `write` wrote."""
    return [_posted(*found) for found in read_documents(path, "ID")]


def _posted(first: dict[str, str], row: dict[str, str], line_no: int) -> PostedLine:
    return PostedLine(
        date.fromisoformat(first["Posting Date"]),
        first["ID"].split("-")[0],
        int(first["ID"].rpartition("-")[2]),
        line_no,
        row["User Remark (Accounting Entries)"],
        row["Account (Accounting Entries)"].split(" - ")[0],
        Decimal(row["Debit (Accounting Entries)"]),
        Decimal(row["Credit (Accounting Entries)"]),
        None,
        0,
    )
