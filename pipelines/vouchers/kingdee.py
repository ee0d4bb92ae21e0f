"""金蝶 K3 / KIS: the standard-format workbook of 37 columns with its second sheet t_Schema.

Column order, keys and types are those of the interface; which lines there are is decided in lines.py.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Context, Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import xlsxwriter
from python_calamine import CalamineWorkbook

from pipelines.vouchers.lines import (
    UNMAPPED,
    PostedLine,
    VoucherLine,
    VoucherOptions,
    has_department,
    party_kind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LEAVES_OUT: Final[frozenset[str]] = frozenset()
REFUSES: Final = {"voucher_refused_unmapped": UNMAPPED}
MAX_ROWS = 50_000
"""Lines per workbook; more go to kingdee-2.xlsx and so on, never splitting a voucher."""

_NUMBER, _DATE = "Decimal(28,10)", "DateTime"


class Column(NamedTuple):
    """One column: caption on the sheet, field key, value type and FColIndex as t_Schema has them."""

    caption: str
    key: str
    kind: str
    number: int


COLUMNS = tuple(
    Column(*values)
    for values in (
        ("凭证日期", "FDate", _DATE, 1),
        ("会计年度", "FYear", _NUMBER, 2),
        ("会计期间", "FPeriod", _NUMBER, 3),
        ("凭证字", "FGroupID", "Varchar(80)", 4),
        ("凭证号", "FNumber", _NUMBER, 5),
        ("科目代码", "FAccountNum", "Varchar(40)", 7),
        ("科目名称", "FAccountName", "Varchar(255)", 8),
        ("币别代码", "FCurrencyNum", "Varchar(10)", 9),
        ("币别名称", "FCurrencyName", "Varchar(40)", 10),
        ("原币金额", "FAmountFor", _NUMBER, 11),
        ("借方", "FDebit", _NUMBER, 12),
        ("贷方", "FCredit", _NUMBER, 13),
        ("制单", "FPreparerID", "Varchar(255)", 14),
        ("审核", "FCheckerID", "Varchar(255)", 15),
        ("核准", "FApproveID", "Varchar(255)", 17),
        ("出纳", "FCashierID", "Varchar(255)", 18),
        ("经办", "FHandler", "Varchar(50)", 19),
        ("结算方式", "FSettleTypeID", "Varchar(80)", 20),
        ("结算号", "FSettleNo", "Varchar(255)", 21),
        ("凭证摘要", "FExplanation", "Varchar(255)", 22),
        ("数量", "FQuantity", _NUMBER, 23),
        ("数量单位", "FMeasureUnitID", "Varchar(255)", 24),
        ("单价", "FUnitPrice", _NUMBER, 25),
        ("参考信息", "FReference", "Varchar(255)", 26),
        ("业务日期", "FTransDate", _DATE, 27),
        ("往来业务编号", "FTransNo", "Varchar(255)", 28),
        ("附件数", "FAttachments", _NUMBER, 29),
        ("序号", "FSerialNum", _NUMBER, 30),
        ("系统模块", "FObjectName", "Varchar(100)", 31),
        ("业务描述", "FParameter", "Varchar(100)", 32),
        ("汇率类型", "FExchangeRateType", "Varchar(80)", 33),
        ("汇率", "FExchangeRate", _NUMBER, 34),
        ("分录序号", "FEntryID", _NUMBER, 35),
        ("核算项目", "FItem", "Text", 36),
        ("过账", "FPosted", _NUMBER, 37),
        ("机制凭证", "FInternalInd", "Varchar(10)", 38),
        ("现金流量", "FCashFlow", "Text", 39),
    )
)

_SCHEMA_HEADER = (
    "FType",
    "FKey",
    "FFieldName",
    "FCaption",
    "FValueType",
    "FNeedSave",
    "FColIndex",
    "FSrcTableName",
    "FSrcFieldName",
    "FExpFieldName",
    "FImpFieldName",
    "FDefaultVal",
    "FSearch",
    "FItemPageName",
    "FTrueType",
    "FPrecision",
    "FSearchName",
    "FIsShownList",
    "FViewMask",
    "FPage",
)
_PARTY_CLASS = {"customer": "客户", "supplier": "供应商"}
_CURRENCY = {"CNY": ("RMB", "人民币")}
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 a constant: the file must not depend on the clock
_AMOUNTS = {
    position for position, column in enumerate(COLUMNS) if column.key in {"FAmountFor", "FDebit", "FCredit"}
}
_PRICE = Context(prec=15)
_TOO_LARGE = Decimal(10) ** 13
"""Above it a number cell, which holds 15 digits, would lose cents."""


def write(lines: Iterable[VoucherLine], folder: Path, options: VoucherOptions) -> list[Path]:
    """`kingdee.xlsx` (and `kingdee-2.xlsx` … above `MAX_ROWS` lines): sheet Page1 and sheet t_Schema.

    Red lines are negative on their own side. Amounts are numbers with 2 decimals; one of more than 15 digits
    is written as text, because a number cell of Excel could not hold it.
    """
    return [
        _write_one(part, folder / ("kingdee.xlsx" if number == 1 else f"kingdee-{number}.xlsx"), options)
        for number, part in enumerate(_parts(lines), start=1)
    ]


def read(path: Path) -> list[PostedLine]:
    """The lines of a workbook in this format; columns are found by their captions on the first sheet."""
    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return [_posted(dict(zip(map(str, header), row, strict=True))) for row in rows]


def cells(line: VoucherLine, options: VoucherOptions) -> tuple[Any, ...]:
    """The 37 values of one line in the order of `COLUMNS`."""
    year, month = line.period.split("-")
    currency, currency_name = _CURRENCY.get(options.currency, (options.currency, options.currency))
    amount = line.debit_amount or line.credit_amount
    quantity = line.quantity or Decimal(0)
    price = _PRICE.divide(amount, quantity) if quantity else Decimal(0)
    return (
        line.voucher_date,
        int(year),
        int(month),
        line.voucher_word,
        line.voucher_no,
        line.account_code,
        line.account_name,
        currency,
        currency_name,
        amount,
        line.debit_amount,
        line.credit_amount,
        options.prepared_by or "NONE",
        "NONE",
        "NONE",
        "NONE",
        "",
        "*",
        "",
        line.summary,
        quantity,
        (line.stock_unit or "*") if quantity else "*",
        price,
        line.source_document_no,
        line.voucher_date,
        "",
        line.attachments,
        line.voucher_no,
        "",
        "",
        "公司汇率",
        1,
        line.line_no - 1,
        accounting_item(line),
        0,
        "",
        "",
    )


def accounting_item(line: VoucherLine) -> str:
    """核算项目 `class---code---name`: party of a receivable or payable, else department of an expense.

    Other accounts get none: the system refuses a class that an account does not carry.
    """
    if kind := party_kind(line):
        return f"{_PARTY_CLASS[kind]}---{line.party_code}---{line.party_name or line.party_code}"
    if has_department(line):
        return f"部门---{line.department_code}---{line.department_name or line.department_code}"
    return ""


def schema_rows() -> Iterator[tuple[str, ...]]:
    """The rows of t_Schema: its header, three rows about the class and page, one row per column."""
    yield _SCHEMA_HEADER
    for kind, key, value in (
        ("ClassInfo", "ClassType", "VoucherData"),
        ("ClassInfo", "ClassTypeID", "123"),
        ("PageInfo", "Page1", "Page1"),
    ):
        yield (kind, key, "", value)
    for column in COLUMNS:
        yield (
            "FieldInfo",
            column.key,
            column.key,
            column.caption,
            column.kind,
            "",
            str(column.number),
            "",
            "",
            column.key,
            column.key,
            "",
            "0",
            "",
            "",
            "0",
            "0",
            "0",
            "0",
            "1",
        )


def _parts(lines: Iterable[VoucherLine]) -> Iterator[list[VoucherLine]]:
    part: list[VoucherLine] = []
    for _, voucher in groupby(lines, key=lambda line: (line.period, line.voucher_no)):
        block = list(voucher)
        if part and len(part) + len(block) > MAX_ROWS:
            yield part
            part = []
        part += block
    yield part


def _write_one(lines: list[VoucherLine], path: Path, options: VoucherOptions) -> Path:
    with xlsxwriter.Workbook(
        str(path), {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": _CREATED})
        page, schema = book.add_worksheet("Page1"), book.add_worksheet("t_Schema")
        formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "amount": book.add_format({"num_format": "0.00"}),
        }
        page.freeze_panes(1, 0)
        page.write_row(0, 0, [column.caption for column in COLUMNS])
        for row, line in enumerate(lines, start=1):
            for position, value in enumerate(cells(line, options)):
                _write_cell(page, row, position, value, formats)
        for row, values in enumerate(schema_rows()):
            schema.write_row(row, 0, values)
    return path


def _write_cell(page: Any, row: int, position: int, value: Any, formats: dict[str, Any]) -> None:
    if isinstance(value, str):
        if value:
            page.write_string(row, position, value)
    elif isinstance(value, date):
        page.write_datetime(row, position, value, formats["date"])
    elif position not in _AMOUNTS:
        page.write_number(row, position, value)
    elif abs(value) < _TOO_LARGE:
        page.write_number(row, position, value, formats["amount"])
    else:
        page.write_string(row, position, f"{value:f}")


def _posted(row: dict[str, Any]) -> PostedLine:
    quantity = _decimal(row["数量"], "0.0001")
    return PostedLine(
        _date(row["凭证日期"]),
        str(row["凭证字"]),
        int(row["凭证号"]),
        int(row["分录序号"]) + 1,
        str(row["凭证摘要"]),
        _code(row["科目代码"]),
        _decimal(row["借方"], "0.01"),
        _decimal(row["贷方"], "0.01"),
        quantity or None,
        int(row["附件数"] or 0),
    )


def _decimal(value: Any, step: str) -> Decimal:
    """Excel keeps 15 digits; `str` of its number gives them back, the step is the field's precision."""
    return Decimal(str(value or 0)).quantize(Decimal(step))


def _date(value: Any) -> date:
    return value if type(value) is date else date.fromisoformat(str(value)[:10])


def _code(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
