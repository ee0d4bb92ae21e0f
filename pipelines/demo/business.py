"""Ledger business without a document: wages, depreciation, taxes, closing, and the opening balances.

Entries that documents cause are in `posting.py`.
"""

from __future__ import annotations

import numpy as np

from pipelines.demo import company, posting
from pipelines.demo.calendar import Calendar, month_code, workday
from pipelines.demo.documents import D_NONE
from pipelines.demo.frame import Dice, Frame, Grid, Ints, filled, ints, stacked
from pipelines.demo.posting import account

LABELS = (
    "计提本月工资",
    "发放上月工资",
    "计提折旧",
    "支付银行手续费",
    "存款利息收入",
    "支付房租",
    "计提税金及附加",
    "缴纳上月税费",
    "提取备用金",
    "收到股东往来款",
    "归集制造费用",
    "发放上月车间工资",
)
(
    WAGES,
    PAY_WAGES,
    DEPRECIATION,
    FEES,
    INTEREST,
    RENT,
    SURCHARGE,
    PAY_TAX,
    CASH,
    LOAN,
    OVERHEAD,
    PAY_WORKSHOP,
) = range(12)

_SURCHARGE_PERCENT = 12


def voucher(day: int, cause: int, label: int, lines: list[tuple[str, int, int]], width: int) -> Frame:
    """One voucher of (account, debit, credit) lines; lines of 0 are left out later."""
    count = len(lines)
    number = int(month_code(ints([day]))[0]) * int(10**width) + label
    return Frame(
        day=filled(count, day),
        cause=filled(count, cause),
        kind=filled(count, D_NONE),
        no=filled(count, number),
        account=ints(account(code) for code, _, _ in lines),
        party=filled(count, -1),
        debit=ints(debit for _, debit, _ in lines),
        credit=ints(credit for _, _, credit in lines),
        units=filled(count, 0),
    )


def opening_balances(stock: dict[int, int], totals: dict[str, int], documents: int) -> Ints:
    """Signed opening balance per account (debit positive); undistributed profit is what balances it.

    stock: value per stock account row; totals: amounts of the control accounts by code, debit positive.
    """
    balance = filled(len(company.ACCOUNTS), 0)
    size = documents * 100
    fixed = {
        "1001": 80 * size,
        "1002": 90_000 * size,
        "1601": 60_000 * size,
        "1602": -14_000 * size,
        "2211": -_wages(documents),
        "222102": -900 * size,
        "222112": -900 * size * _SURCHARGE_PERCENT // 100,
        "2241": -2_000 * size,
        "4001": -50_000 * size,
        "500102": 700 * size,
    }
    for code, amount in {**fixed, **totals}.items():
        balance[account(code)] += amount
    for row, amount in stock.items():
        balance[row] += amount
    balance[account("410401")] -= int(balance.sum())
    return balance


def _wages(documents: int) -> int:
    return documents * 100 * 420


def routine(calendar: Calendar, documents: int, opening: Ints, seed: int, width: int) -> list[Frame]:
    """Wages, depreciation, fees, interest, rent, cash of every month; tax is in `closing`."""
    dice = Dice(seed, 13)
    vouchers, owed, size = [], -int(opening[account("2211")]), documents * 100
    for period in range(calendar.periods):
        first, last = int(calendar.starts[period]), int(calendar.starts[period + 1]) - 1
        wage = _wages(documents) * int(dice.between(96, 104, 1)[0]) // 100
        fee, interest, cash, loan = (int(n) for n in dice.between(1_00, 9_00, 4) * documents)
        parts = (wage * 18 // 100, wage * 22 // 100)
        day = [int(n) for n in workday(first + ints([9, 4, 20, 7, 12]))]

        def book(on: int, label: int, *lines: tuple[str, int, int]) -> None:
            vouchers.append(voucher(on, posting.BUSINESS, label, list(lines), width))

        book(day[0], PAY_WAGES, ("2211", owed, 0), ("1002", 0, owed))
        book(day[1], RENT, ("660205", 90 * size, 0), ("1002", 0, 90 * size))
        book(day[2], INTEREST, ("1002", interest, 0), ("660302", -interest, 0))
        book(day[3], CASH, ("1001", cash, 0), ("1002", 0, cash))
        book(day[4], LOAN, ("1002", loan, 0), ("2241", 0, loan))
        book(last, FEES, ("660301", fee, 0), ("1002", 0, fee))
        book(
            last, DEPRECIATION, ("660202", 120 * size, 0), ("500102", 310 * size, 0), ("1602", 0, 430 * size)
        )
        book(
            last,
            WAGES,
            ("660101", parts[0], 0),
            ("660201", parts[1], 0),
            ("500102", wage - sum(parts), 0),
            ("2211", 0, wage),
        )
        owed = wage
    return vouchers


def closing(calendar: Calendar, movement: Grid, opening: Ints, width: int) -> list[Frame]:
    """Taxes and transfers of every month end, from the signed movement before them."""
    vouchers: list[Frame] = []
    owed = {code: -int(opening[account(code)]) for code in ("222102", "222112")}
    vat, profit = 0, int(opening[account("4103")])
    columns = [account(code) for code in ("22210101", "22210107", "22210109")]
    for period in range(calendar.periods):
        first, last = int(calendar.starts[period]), int(calendar.starts[period + 1]) - 1
        paid = sum(owed.values())
        tax_day = int(workday(ints([first + 11]))[0])
        lines = [*((code, amount, 0) for code, amount in owed.items()), ("1002", 0, paid)]
        vouchers.append(voucher(tax_day, posting.BUSINESS, PAY_TAX, lines, width))
        vat -= int(movement[period, columns].sum())
        due = max(vat, 0)
        vat -= due
        surcharge = (due * _SURCHARGE_PERCENT + 50) // 100
        owed = {"222102": due, "222112": surcharge}
        vouchers.append(
            voucher(last, posting.TAX_TRANSFER, 0, [("22210104", due, 0), ("222102", 0, due)], width)
        )
        lines = [("6403", surcharge, 0), ("222112", 0, surcharge)]
        vouchers.append(voucher(last, posting.BUSINESS, SURCHARGE, lines, width))
        result = movement[period].copy()
        result[account("6403")] += surcharge
        transfer = _profit_lines(result)
        profit += sum(debit - credit for code, debit, credit in transfer if code == "4103")
        vouchers.append(voucher(last, posting.CLOSING, 0, transfer, width))
        if calendar.labels[period].endswith("-12"):
            vouchers.append(
                voucher(last, posting.YEAR_END, 0, [("4103", -profit, 0), ("410401", 0, -profit)], width)
            )
            profit = 0
    return vouchers


def _profit_lines(movement: Ints) -> list[tuple[str, int, int]]:
    """Every profit and loss account emptied on its normal side's opposite, against 4103."""
    income: list[tuple[str, int]] = []
    expense: list[tuple[str, int]] = []
    for row, (code, _, kind, side) in enumerate(company.ACCOUNTS):
        amount = int(movement[row])
        if kind == "损益" and amount != 0:
            (income if side == "贷" else expense).append((code, amount))
    lines = [(code, -amount, 0) for code, amount in income] + [("4103", 0, -sum(a for _, a in income))]
    return [*lines, ("4103", sum(a for _, a in expense), 0), *((code, 0, amount) for code, amount in expense)]


def signed_movement(entries: Frame, calendar: Calendar) -> Grid:
    """Debit less credit per period and account."""
    grid = np.zeros((calendar.periods, len(company.ACCOUNTS)), dtype=np.int64)
    np.add.at(
        grid, (calendar.period_of(entries["day"]), entries["account"]), entries["debit"] - entries["credit"]
    )
    return grid


def stacked_entries(entries: list[Frame]) -> Frame:
    """All entries in one frame, without empty ones."""
    every = stacked(entries, posting.ENTRY_COLUMNS)
    return every.take((every["debit"] != 0) | (every["credit"] != 0))
