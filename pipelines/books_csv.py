"""The two CSV files of a set of books: which account plays which role, and posting rules of its own.

They are settings that accountants keep in a spreadsheet, so Chinese headers are accepted; deliveries of the
source systems are read in `extracts/`.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator

from pipelines.contract import normalise_header
from pipelines.messages import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Row(BaseModel):
    """Base of a settings row: an empty cell is None, which means any."""

    model_config = ConfigDict(extra="forbid", frozen=True)


RowType = TypeVar("RowType", bound=Row)


class AccountMapRow(Row):
    """One account for a role; empty conditions hold for all, the most specific row wins."""

    account_role: str
    item_category: str | None = None
    warehouse_code: str | None = None
    party_code: str | None = None
    reason_code: str | None = None
    tax_rate: Decimal | None = None
    account_code: str

    @field_validator("tax_rate", mode="before")
    @classmethod
    def _as_rate(cls, value: object) -> Decimal | None:
        return None if value is None else parse_rate(str(value))


class PostingRuleRow(Row):
    """One posting rule that adds to those of the standard or replaces the one of the same id.

    The variance of an issue is debited where the cost of the issue is: the rule of event `issue` alone may
    leave its debit role empty.
    """

    rule_id: str
    rule_version: int = 1
    rule_set: str | None = None
    event_type: str
    amount_basis: str
    item_category: str | None = None
    warehouse_code: str | None = None
    reason_code: str | None = None
    business_type: str | None = None
    costing_method: str | None = None
    party_code: str | None = None
    debit_role: str | None
    credit_role: str
    summary_zh: str | None = None
    summary_en: str | None = None

    @field_validator("debit_role")
    @classmethod
    def _is_given(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("event_type") != "issue":
            raise ValueError("a role is needed")
        return value


HEADERS = {
    "account_role": ("科目角色", "角色"),
    "account_code": ("科目编码", "科目代码", "会计科目"),
    "item_category": ("存货分类", "存货类别", "分类"),
    "warehouse_code": ("仓库编码", "仓库"),
    "party_code": ("往来单位编码", "往来单位"),
    "reason_code": ("收发类别", "收发类别编码"),
    "tax_rate": ("税率",),
    "rule_id": ("规则编号", "规则"),
    "rule_version": ("规则版本", "版本"),
    "rule_set": ("规则集", "准则"),
    "event_type": ("业务事件", "事件"),
    "amount_basis": ("金额口径", "取数口径"),
    "business_type": ("业务类型",),
    "costing_method": ("计价方式", "计价方法"),
    "debit_role": ("借方角色", "借方科目角色"),
    "credit_role": ("贷方角色", "贷方科目角色"),
    "summary_zh": ("摘要", "中文摘要"),
    "summary_en": ("英文摘要",),
}
_COLUMNS = {normalise_header(text): name for name, texts in HEADERS.items() for text in (name, *texts)}
_NOTES = frozenset(map(normalise_header, ("note", "explanation", "说明", "备注")))
"""Headers of columns for people: they are not read."""


def parse_rate(text: str) -> Decimal:
    """A tax rate from 0.13, 13% or 13 (more than 1 is percent); InvalidOperation (a ValueError) otherwise."""
    text = text.strip()
    try:
        rate = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        raise ValueError("0.13 | 13%") from None
    if text.endswith("%") or rate > 1:
        rate = rate / 100
    if not 0 <= rate <= 1:
        raise ValueError("0 … 1")
    return rate


def read_account_map(path: Path) -> tuple[AccountMapRow, ...]:
    """The account map; UsageError when missing, or when two rows answer the same question differently.

    A role without an account is a line that nobody filled in: it maps nothing.
    """
    if not path.exists():
        raise UsageError("books_missing_file", file=path.name, folder=path.parent)
    accounts: dict[tuple[object, ...], tuple[int, AccountMapRow]] = {}
    for number, row in _rows(path, AccountMapRow, needed="account_code"):
        conditions = tuple(value for name, value in row if name != "account_code")
        earlier = accounts.setdefault(conditions, (number, row))
        if earlier[1].account_code != row.account_code:
            raise UsageError(
                "books_account_twice", file=path.name, row=number, earlier=earlier[0], role=row.account_role
            )
    return tuple(row for _, row in accounts.values())


def read_posting_rules(path: Path) -> tuple[PostingRuleRow, ...]:
    """The books' own rules, empty without such a file; UsageError when an id and version come twice."""
    if not path.exists():
        return ()
    rules: dict[tuple[str, int], PostingRuleRow] = {}
    for number, row in _rows(path, PostingRuleRow):
        if (row.rule_id, row.rule_version) in rules:
            raise UsageError("books_rule_twice", file=path.name, row=number, rule=row.rule_id)
        rules[row.rule_id, row.rule_version] = row
    return tuple(rules.values())


def _rows(path: Path, model: type[RowType], needed: str = "") -> Iterator[tuple[int, RowType]]:
    """Each row with its number as a person sees it (the header is row 1); rows that are empty, or have no
    value in the column `needed`, are skipped."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        names = _names(path, next(reader, []), model)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                values = _values(path, reader.line_num, names, cells)
                if not needed or values.get(needed) is not None:
                    yield reader.line_num, _row(path, reader.line_num, values, model)
    except csv.Error as wrong:
        raise UsageError("books_csv_broken", file=path.name, row=reader.line_num, problem=wrong) from None


def _text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError("books_not_utf8", file=path.name)


def _names(path: Path, headers: list[str], model: type[Row]) -> list[str]:
    names: list[str] = []
    for header in headers:
        if normalise_header(header) in _NOTES:
            names.append("")
            continue
        name = _COLUMNS.get(normalise_header(header))
        if name is None or name not in model.model_fields or name in names:
            allowed = ", ".join(f"{known}（{HEADERS[known][0]}）" for known in model.model_fields)
            raise UsageError("books_csv_header", file=path.name, header=header, allowed=allowed)
        names.append(name)
    for name, field in model.model_fields.items():
        if field.is_required() and name not in names:
            raise UsageError("books_csv_column", file=path.name, column=name, label=HEADERS[name][0])
    return names


def _values(path: Path, number: int, names: list[str], cells: list[str]) -> dict[str, Any]:
    if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
        raise UsageError(
            "books_csv_broken", file=path.name, row=number, problem=f"{len(cells)} > {len(names)}"
        )
    return {name: cell.strip() or None for name, cell in zip(names, cells, strict=False) if name}


def _row(path: Path, number: int, values: dict[str, Any], model: type[RowType]) -> RowType:
    if values.get("rule_version") is None:
        values.pop("rule_version", None)
    try:
        return model.model_validate(values)
    except ValidationError as wrong:
        error = wrong.errors()[0]
        column = str(error["loc"][0])
        raise UsageError(
            "books_csv_value",
            file=path.name,
            row=number,
            column=column,
            value=values.get(column) or "",
            problem=error["msg"],
        ) from None
