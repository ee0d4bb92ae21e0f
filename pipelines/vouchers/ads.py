"""AICPA Audit Data Standards: the general-ledger detail file, one row per line, apart by bars.

Column names are those of the standard; which lines there are is decided in lines.py.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pipelines.publication.tables import literal
from pipelines.vouchers.delimited import black, day, write_rows
from pipelines.vouchers.lines import UNMAPPED, VOUCHER, PostedLine, VoucherLines, VoucherOptions, sides

if TYPE_CHECKING:
    from pathlib import Path

LEAVES_OUT: Final = frozenset({"quantity", "attachments"})
REFUSES: Final = {"voucher_refused_unmapped": UNMAPPED}

_IS_RED = "(debit_amount < 0 or credit_amount < 0)"


def columns(options: VoucherOptions) -> dict[str, str]:
    """Column → SQL over the fields of a voucher line."""
    company, currency, person = (
        literal(text) for text in (options.company, options.currency, options.prepared_by)
    )
    return {
        "Journal_ID": "voucher_word || '-' || voucher_no",
        "Journal_ID_Line_Number": "line_no",
        "JE_Header_Description": f"first_value(summary) over ({VOUCHER} order by line_no)",
        "JE_Line_Description": "summary",
        "Source": "source_document_type",
        "Business_Unit_Code": company,
        "Effective_Date": day("voucher_date"),
        "Fiscal_Year": "period[:4]",
        "Period": "period[6:]",
        "GL_Account_Number": "account_code",
        "Amount": black("debit_amount", "credit_amount") + " + " + black("credit_amount", "debit_amount"),
        "Amount_Credit_Debit_Indicator": f"if((debit_amount <> 0) <> {_IS_RED}, 'D', 'C')",
        "Amount_Currency": currency,
        "Entered_By": person,
        "Entered_Date": day("voucher_date"),
        "Document_Number": "source_document_no",
        "Reversal_Indicator": f"if({_IS_RED}, '1', '0')",
    }


def write(lines: VoucherLines, folder: Path, options: VoucherOptions) -> list[Path]:
    """`GL_Detail_<first day>_<last day>.txt`: UTF-8, bars, amounts without a sign, days YYYYMMDD.

    A red entry stands on the other side, and `Reversal_Indicator` says so. Without lines the days are `none`.
    """
    first, last = lines.days()
    span = f"{first:%Y%m%d}_{last:%Y%m%d}" if first and last else "none"
    path = folder / f"GL_Detail_{span}.txt"
    return [write_rows(lines, path, columns(options), "|", quoted=False)]


def read(path: Path) -> list[PostedLine]:
    """The lines of a file in this format that `write` wrote."""
    with path.open(encoding="utf-8", newline="") as handle:
        return [_posted(row) for row in csv.DictReader(handle, delimiter="|", quoting=csv.QUOTE_NONE)]


def _posted(row: dict[str, str]) -> PostedLine:
    word, _, number = row["Journal_ID"].rpartition("-")
    sign = 1 if row["Amount_Credit_Debit_Indicator"] == "D" else -1
    debit, credit = sides(sign * Decimal(row["Amount"]), is_red=row["Reversal_Indicator"] == "1")
    return PostedLine(
        datetime.strptime(row["Effective_Date"], "%Y%m%d").replace(tzinfo=UTC).date(),
        word,
        int(number),
        int(row["Journal_ID_Line_Number"]),
        row["JE_Line_Description"],
        row["GL_Account_Number"],
        debit,
        credit,
        None,
        0,
    )
