"""What a ledger does by itself when vouchers change: profit and loss is closed to the cent, balances roll.

The VAT transfer and the surcharge stay as they were filed. Faults in balances themselves are in `balances`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa

from pipelines.demo import company
from pipelines.demo.faults.ledger import ACCOUNT, CREDIT, DEBIT, STATUS, ZERO, Ledger, Line, Voucher, signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipelines.demo.inbox import Sheet

PROFIT, RETAINED = "4103", "410401"
_INCOME = {code for code, _, kind, side in company.ACCOUNTS if kind == "损益" and side == "贷"}
_NAMES = {code: name for code, name, *_ in company.ACCOUNTS}
Sides = dict[tuple[int, str], tuple[Decimal, Decimal]]


def changed_lines(ledger: Ledger) -> Iterator[tuple[int, int, Line]]:
    """Sign (+1 came, −1 went), period and line of everything that changed and is posted."""
    for change in ledger.changes.values():
        for sign, vouchers in ((1, change.after), (-1, [change.before] if change.before else [])):
            for voucher in vouchers:
                for line in voucher.lines:
                    if line[STATUS] == "已记账":
                        yield sign, voucher.period, line


def closings_follow(ledger: Ledger) -> None:
    """Change each period's transfer of profit and loss, and the year's, by what changed before it."""
    moved: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for sign, period, line in changed_lines(ledger):
        if line[ACCOUNT].startswith("6") and line["凭证性质"] != "损益结转":
            moved[period][line[ACCOUNT]] += sign * signed(line)
    profit = ZERO
    for period in range(ledger.calendar.periods):
        amounts = {account: amount for account, amount in moved[period].items() if amount}
        if amounts:
            _replaced(ledger, period, "结转本期损益", lambda voucher, by=amounts: _closed(voucher, by))
            profit += sum(amounts.values())
        if ledger.calendar.labels[period].endswith("-12"):
            if profit:
                _replaced(
                    ledger, period, "结转本年利润", lambda voucher, by=profit: _year_closed(voucher, by)
                )
            profit = ZERO


def _replaced(ledger: Ledger, period: int, purpose: str, change: object) -> None:
    assert callable(change)
    found = ledger.find(f"purpose = '{purpose}' and period = {period}", "", 1)
    for voucher in map(ledger.voucher, found):
        ledger.replace(voucher, [change(Voucher(voucher.id, period, [dict(line) for line in voucher.lines]))])


def _closed(voucher: Voucher, amounts: Mapping[str, Decimal]) -> Voucher:
    """Each account's line by what the account moved more, and the line of 4103 on its side."""
    for account, amount in amounts.items():
        is_income = account in _INCOME
        _add(voucher, account, DEBIT if is_income else CREDIT, -amount if is_income else amount)
        _add(voucher, PROFIT, CREDIT if is_income else DEBIT, -amount if is_income else amount)
    voucher.lines = [line for line in voucher.lines if line[DEBIT] or line[CREDIT]]
    return voucher


def _year_closed(voucher: Voucher, profit: Decimal) -> Voucher:
    _add(voucher, PROFIT, DEBIT, -profit)
    _add(voucher, RETAINED, CREDIT, -profit)
    return voucher


def _add(voucher: Voucher, account: str, side: str, amount: Decimal) -> None:
    for line in voucher.lines:
        if line[ACCOUNT] == account and line[side] is not None:
            line[side] += amount
            return
    empty = {**voucher.lines[0], ACCOUNT: account, "科目名称": _NAMES[account], DEBIT: None, CREDIT: None}
    voucher.lines.append({**empty, side: amount})


def balances_follow(ledger: Ledger, sheet: Sheet) -> None:
    """Turnover, closing and next opening of every account by what changed."""
    sides: Sides = defaultdict(lambda: (ZERO, ZERO))
    for sign, period, line in changed_lines(ledger):
        debit, credit = sides[period, line[ACCOUNT]]
        place = period, line[ACCOUNT]
        sides[place] = (debit + sign * (line[DEBIT] or ZERO), credit + sign * (line[CREDIT] or ZERO))
    book = BalanceBook(sheet, ledger.calendar.labels)
    for (period, account), (debit, credit) in sides.items():
        book.move(period, account, debit, credit)
    book.finish()


@dataclass
class BalanceBook:
    """The sheet of account balances, open to change."""

    sheet: Sheet
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        """Index the rows by period and account."""
        self.rows = self.sheet.rows.to_pylist()
        self.place = {(row["会计期间"], row[ACCOUNT]): row for row in self.rows}

    def move(self, period: int, account: str, debit: Decimal, credit: Decimal) -> None:
        """More turnover in a period, so another closing, and other openings and closings after it."""
        row = self.place[self.labels[period], account]
        row["本期借方发生额"] += debit
        row["本期贷方发生额"] += credit
        _shift(row, "期末", debit - credit)
        self.open(period + 1, account, debit - credit)

    def open(self, period: int, account: str, amount: Decimal) -> None:
        """Another opening from this period on, debit positive."""
        for label in self.labels[period:]:
            row = self.place[label, account]
            _shift(row, "期初", amount)
            _shift(row, "期末", amount)

    def finish(self) -> None:
        """Write the rows back."""
        self.sheet.rows = pa.Table.from_pylist(self.rows, schema=self.sheet.rows.schema)


def _shift(row: Line, when: str, amount: Decimal) -> None:
    balance = row[f"{when}借方余额"] - row[f"{when}贷方余额"] + amount
    row[f"{when}借方余额"], row[f"{when}贷方余额"] = max(balance, ZERO), max(-balance, ZERO)
