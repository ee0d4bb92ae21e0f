"""beancount: a journal that `bean-check` accepts, every account opened, every fact of ours as metadata.

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

_TEXTS = {
    "item": "item_code", "party": "party_code", "department": "department_code", "role": "account_role",
    "document": "source_document_no", "rule": "rule_id",
}  # fmt: skip
_HEADER = re.compile(r'(\d{4}-\d\d-\d\d) ([*!]) "(?:[^"\\]|\\.)*"')
_POSTING = re.compile(r"  (\S+:\S+)\s+(-?[\d.]+) \S+$")
_DATUM = re.compile(r'\s+([a-z_]+): (?:"((?:[^"\\]|\\.)*)"|(\S+))$')


def write(lines: VoucherLines, folder: Path, options: VoucherOptions) -> list[Path]:
    """`ledger.beancount`: UTF-8; a voucher with an account that the map does not resolve is flagged `!`.

    A posting is its signed amount, `red: TRUE` beneath it tells an entry below zero on its own side.
    """
    path = folder / "ledger.beancount"
    accounts = lines.accounts()
    names = account_names(accounts)
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(f'option "title" "{_escaped(options.company)}"\n')
        handle.write(f'option "operating_currency" "{options.currency}"\n')
        for account in accounts:
            handle.write(f"{account.first_date} open {names[account.code]} {options.currency}\n")
            handle.write(f'  code: "{_escaped(account.code)}"\n  name: "{_escaped(account.name)}"\n')
        lines.write_texts(handle, _line_sql(named_account(names), options.currency))
    return [path]


def read(path: Path) -> list[PostedLine]:
    """The lines of a journal that `write` wrote."""
    codes: dict[str, str] = {}
    entries: list[dict[str, str]] = []
    at: dict[str, str] = {}
    voucher: dict[str, str] = {}
    opened = ""
    for text in path.read_text("utf-8").splitlines():
        if " open " in text and not text.startswith(" "):
            opened = text.split()[2]
        elif header := _HEADER.match(text):
            voucher = at = {"date": header[1]}
            opened = ""
        elif posting := _POSTING.match(text):
            at = {"account": posting[1], "amount": posting[2], **voucher}
            entries.append(at)
        elif datum := _DATUM.match(text):
            value = re.sub(r"\\(.)", r"\1", datum[2]) if datum[2] is not None else datum[3]
            if opened and datum[1] == "code":
                codes[opened] = value
            elif not opened:
                at[datum[1]] = value
    return [_posted(entry, codes) for entry in entries]


def _escaped(text: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", " ".join(text.split()))


def _line_sql(account: str, currency: str) -> str:
    """SQL of a line's text, the voucher's header before its first."""

    def quoted(column: str) -> str:
        return f"""'"' || regexp_replace({plain(column)}, '(["\\\\])', '\\\\\\1', 'g') || '"'"""

    data = "".join(
        f" || if({column} = '', '', chr(10) || '    {name}: ' || {quoted(column)})"
        for name, column in _TEXTS.items()
    )
    is_unmapped = f"max({UNMAPPED}) over ({VOUCHER})"
    return f"""
        if(line_no = 1,
            chr(10) || voucher_date::varchar || if({is_unmapped}, ' ! ', ' * ') || {quoted("summary")}
            || chr(10) || '  word: ' || {quoted("voucher_word")} || chr(10) || '  no: ' || voucher_no
            || chr(10) || '  attachments: ' || attachments || chr(10), '')
        || '  ' || {account} || '  ' || (debit_amount - credit_amount)::varchar || ' {currency}'
        || chr(10) || '    line: ' || line_no || chr(10) || '    summary: ' || {quoted("summary")}
        || if(debit_amount < 0 or credit_amount < 0, chr(10) || '    red: TRUE', '')
        || if(quantity is null, '', chr(10) || '    quantity: ' || quantity::varchar){data}
    """


def _posted(entry: dict[str, str], codes: dict[str, str]) -> PostedLine:
    debit, credit = sides(Decimal(entry["amount"]), is_red="red" in entry)
    return PostedLine(
        date.fromisoformat(entry["date"]),
        entry["word"],
        int(entry["no"]),
        int(entry["line"]),
        entry["summary"],
        codes[entry["account"]],
        debit,
        credit,
        Decimal(entry["quantity"]) if "quantity" in entry else None,
        int(entry["attachments"]),
    )
