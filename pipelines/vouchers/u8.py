"""用友 U8 / T3: the voucher import text `填制凭证,V800` of 48 fields.

Field order, limits and encoding are those of the interface; which lines there are is decided in lines.py.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pipelines.vouchers.lines import (
    UNMAPPED,
    PostedLine,
    VoucherLine,
    VoucherOptions,
    has_department,
    party_kind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LEAVES_OUT: Final[frozenset[str]] = frozenset()
REFUSES: Final = {
    "voucher_refused_unmapped": UNMAPPED,
    "voucher_refused_account_length": "length(account_code) > 15",
}
FIRST_LINE = "填制凭证,V800"
FIELDS = 48
_SUMMARY_BYTES = 60
_ZERO_FIELDS = (28, 30, 39, 40, 41, 42, 43, 45, 46, 47, 48)
_ENCODING = "gbk"


def write(lines: Iterable[VoucherLine], folder: Path, options: VoucherOptions) -> list[Path]:
    """`u8.txt`: GBK, CRLF, commas without quoting, exactly one amount per line not zero, red negative.

    A character that GBK does not have becomes `?`; the summary is cut to 60 bytes.
    """
    path = folder / "u8.txt"
    with path.open("w", encoding=_ENCODING, errors="replace", newline="") as handle:
        handle.write(FIRST_LINE + "\r\n")
        handle.writelines(",".join(fields(line, options)) + "\r\n" for line in lines)
    return [path]


def read(path: Path) -> list[PostedLine]:
    """The lines of a file in this format; short rows (the tail left out) are accepted."""
    first, *rows = path.read_text(_ENCODING).splitlines()
    if first != FIRST_LINE:
        raise ValueError(f"{path}: the first line is {first!r}, not {FIRST_LINE!r}")
    seen: Counter[tuple[str, ...]] = Counter()
    return [_posted(row.split(","), seen) for row in rows if row]


def fields(line: VoucherLine, options: VoucherOptions) -> list[str]:
    """The 48 fields of one line, in order."""
    values = dict.fromkeys(range(1, FIELDS + 1), "") | dict.fromkeys(_ZERO_FIELDS, "0")
    values |= {
        1: line.voucher_date.isoformat(),
        2: line.voucher_word,
        3: str(line.voucher_no),
        4: str(line.attachments),
        5: _cut(line.summary),
        6: line.account_code,
        7: _amount(line.debit_amount),
        8: _amount(line.credit_amount),
        9: "" if line.quantity is None else f"{line.quantity:f}",
        12: options.prepared_by,
        16: line.department_code if has_department(line) else "",
        18: line.party_code if party_kind(line) == "customer" else "",
        19: line.party_code if party_kind(line) == "supplier" else "",
    }
    return [_plain(values[position]) for position in range(1, FIELDS + 1)]


def _amount(value: Decimal) -> str:
    return f"{value:f}" if value else "0"


def _plain(text: str) -> str:
    """The format knows no quoting: what would end a field or a row becomes a space."""
    return re.sub(r"[,\"\s]+", " ", text).strip()


def _cut(text: str) -> str:
    encoded = _plain(text).encode(_ENCODING, errors="replace")
    return encoded[:_SUMMARY_BYTES].decode(_ENCODING, errors="ignore")


def _posted(row: list[str], seen: Counter[tuple[str, ...]]) -> PostedLine:
    voucher = tuple(row[:3])
    seen[voucher] += 1
    return PostedLine(
        date.fromisoformat(row[0]),
        row[1],
        int(row[2]),
        seen[voucher],
        row[4],
        row[5],
        _decimal(row[6]),
        _decimal(row[7]),
        Decimal(row[8]).quantize(Decimal("0.0001")) if row[8] else None,
        int(row[3] or 0),
    )


def _decimal(text: str) -> Decimal:
    return Decimal(text or 0).quantize(Decimal("0.01"))
