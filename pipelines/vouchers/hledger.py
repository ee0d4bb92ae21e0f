"""hledger: a journal that `hledger check` accepts, its accounts and currency declared, facts of ours as tags.

What a journal needs of accounts is in journal.py; which lines there are is decided in lines.py.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pipelines.vouchers.journal import account_names, named_account, plain
from pipelines.vouchers.lines import UNMAPPED, VOUCHER, PostedLine, VoucherLines, VoucherOptions, sides

if TYPE_CHECKING:
    from pathlib import Path

LEAVES_OUT: Final[frozenset[str]] = frozenset()
REFUSES: Final[dict[str, str]] = {}

_TAGS = {
    "item": "item_code", "party": "party_code", "department": "department_code",
    "document": "source_document_no", "rule": "rule_id",
}  # fmt: skip
_ACCOUNT = re.compile(r"account (\S+)  ; code:(.*?)(?:, name:|$)")
_HEADER = re.compile(r"(\d{4}-\d\d-\d\d) [*!] \((.*)-(\d+)\) .*;.*attachments:(\d+)")
_POSTING = re.compile(r"    (\S+)  (-?[\d.]+) \S+  ; (.*)$")


def write(lines: VoucherLines, folder: Path, options: VoucherOptions) -> list[Path]:
    """`ledger.journal`: UTF-8; a voucher with an account that the map does not resolve is flagged `!`.

    A posting is its signed amount, the tag `red:` tells an entry below zero on its own side.
    """
    path = folder / "ledger.journal"
    accounts = lines.accounts()
    names = account_names(accounts)
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(f"commodity 1000.00 {options.currency}\n")
        for account in accounts:
            name = f", name:{_tag(account.name)}" if account.name else ""
            handle.write(f"account {names[account.code]}  ; code:{_tag(account.code)}{name}\n")
        lines.write_texts(handle, _line_sql(named_account(names), options.currency))
    return [path]


def read(path: Path) -> list[PostedLine]:
    """The lines of a journal that `write` wrote."""
    codes: dict[str, str] = {}
    posted: list[PostedLine] = []
    voucher: re.Match[str] | None = None
    line_no = 0
    for text in path.read_text("utf-8").splitlines():
        if account := _ACCOUNT.match(text):
            codes[account[1]] = account[2]
        elif header := _HEADER.match(text):
            voucher, line_no = header, 0
        elif (posting := _POSTING.match(text)) and voucher:
            line_no += 1
            posted.append(_posted(posting, voucher, line_no, codes))
    return posted


def _tag(text: str) -> str:
    return " ".join(re.sub(r"[,;]", " ", text).split())


def _line_sql(account: str, currency: str) -> str:
    """SQL of a line's text, the voucher's header before its first."""
    tags = "".join(
        f" || if({column} = '', '', ', {name}:' || {plain(column, ',;')})" for name, column in _TAGS.items()
    )
    is_unmapped = f"max({UNMAPPED}) over ({VOUCHER})"
    return f"""
        if(line_no = 1, chr(10) || voucher_date::varchar || if({is_unmapped}, ' ! ', ' * ')
            || '(' || {plain("voucher_word", "();")} || '-' || voucher_no || ') ' || {plain("summary", ";|")}
            || '  ; attachments:' || attachments || chr(10), '')
        || '    ' || {account} || '  ' || (debit_amount - credit_amount)::varchar || ' {currency}'
        || '  ; ' || {plain("summary", ",;:")}
        || if(debit_amount < 0 or credit_amount < 0, ', red:', '')
        || if(quantity is null, '', ', quantity:' || quantity::varchar){tags}
    """


def _posted(
    posting: re.Match[str], voucher: re.Match[str], line_no: int, codes: dict[str, str]
) -> PostedLine:
    summary, *rest = posting[3].split(", ")
    tags = dict(one.split(":", 1) for one in rest if ":" in one)
    debit, credit = sides(Decimal(posting[2]), is_red="red" in tags)
    return PostedLine(
        date.fromisoformat(voucher[1]),
        voucher[2],
        int(voucher[3]),
        line_no,
        summary,
        codes[posting[1]],
        debit,
        credit,
        Decimal(tags["quantity"]) if "quantity" in tags else None,
        int(voucher[4]),
    )
