"""One set of books: `books.yml`, the account map and the posting rules as one frozen, validated object.

What a setting may be stands here; where it stands in the file and how its errors read is in `books_yaml.py`,
the two CSV files are read in `books_csv.py`, and `books_settings.py` hands all of it to DuckDB.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

from pipelines.books_csv import AccountMapRow, PostingRuleRow, read_account_map, read_posting_rules
from pipelines.books_schema import current_settings
from pipelines.books_settings import write_settings
from pipelines.books_yaml import (
    SettingsFile,
    Where,
    check_environment,
    dotted,
    read_settings_file,
    validate,
)
from pipelines.contract import load_contract
from pipelines.currencies import USUAL, minor_unit
from pipelines.messages import UsageError
from pipelines.period import Period, parse_period

__all__ = [
    "AccountMapRow", "Books", "Costing", "Extract", "Materiality", "Override", "Posting", "PostingRuleRow",
    "load_books", "write_settings",
]  # fmt: skip

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Method = Literal["specific", "fifo", "moving_average", "periodic_average", "standard"]
UnitCostDecimals = Literal["exact", "2", "3", "4", "5", "6", "7", "8"]
Plain = PlainSerializer(lambda value: f"{value.normalize():f}", return_type=str)
Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2), Plain]

# Known to the design, not available yet: refused by name, never ignored.
NOT_BUILT = {
    "standard": {"continental"},
    "revenue_on": {"acceptance"},
    "advance_tax": {"split"},
}


class Settings(BaseModel):
    """Base of every settings object: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Override(Settings):
    """A costing method for one category or one item."""

    method: Method
    category: Text | None = None
    item_code: Text | None = None


class Costing(Settings):
    """How stock is valued."""

    method: Method
    cost_of_record: Literal["recomputed", "source"] = "recomputed"
    pool: Literal["company", "warehouse", "warehouse_lot"] = "company"
    overrides: tuple[Override, ...] = ()
    movement_order: Literal["date", "posted_at"] = "date"
    unit_cost_decimals: UnitCostDecimals = "exact"
    customer_return: Literal["original_cost", "current_cost"] = "original_cost"
    supplier_return: Literal["original_cost", "current_cost", "oldest_layer"] = "original_cost"
    late_cost: Literal["stock", "on_hand_share", "expense"] = "stock"
    variance_scope: Literal["category", "item"] = "category"
    negative_stock: Literal["estimate_and_true_up", "refuse"] = "estimate_and_true_up"


class Posting(Settings):
    """When which business event is posted."""

    estimated_receipts: Literal["month_start_reversal", "reverse_on_invoice", "difference_on_invoice"] = (
        "month_start_reversal"
    )
    revenue_on: Literal["delivery", "invoice", "acceptance"] = "delivery"
    cost_of_sales_on: Literal["delivery", "invoice"] = "delivery"
    advance_tax: Literal["split", "gross"] = "gross"


class Threshold(Settings):
    """What may stay open on one account: a share of its balance, at least the floor."""

    rate: Annotated[Decimal, Field(ge=0, le=1, max_digits=10, decimal_places=8), Plain] = Decimal(0)
    floor: Money = Decimal(0)


class Materiality(Settings):
    """What may stay open: per account, else the default amount in books currency."""

    default: Money = Decimal(0)
    accounts: dict[str, Threshold] = {}


class Extract(Settings):
    """One delivery: which files, which contract table, and what their headers do not tell by themselves."""

    table: Text | None = None
    path: Text | None = None
    name: Annotated[str, StringConstraints(pattern=r"^[^\W\d]\w*$")] | None = None
    auxiliary: bool = False
    columns: dict[str, Text] = {}
    fill_down: tuple[Text, ...] = ()
    query: Text | None = None
    sheet: Text | None = None
    header_row: Annotated[int, Field(ge=1)] | None = None
    encoding: Text | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=2)] | None = None
    max_rejected: Annotated[int, Field(ge=0)] | None = None
    database: Text | None = None

    @property
    def label(self) -> str:
        """How people find this extract again: its name, else the path as it stands in the settings."""
        return self.name or self.path or ""

    def definition_hash(self) -> str:
        """SHA-256 of everything that decides what is read from the same bytes; the path does not."""
        dumped = self.model_dump(mode="json", exclude={"path", "max_rejected"})
        return hashlib.sha256(canonical_json(dumped).encode()).hexdigest()


class Books(Settings):
    """All settings of one set of books; `root` is its folder and belongs to no hash."""

    root: Path = Field(exclude=True)
    books: Text
    name: Text
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "CNY"
    standard: Literal["cas", "small_business", "anglo_saxon", "continental"]
    taxpayer: Literal["general", "small_scale"] = "general"
    language: Literal["zh", "en"] = "zh"
    first_period: Text
    periods: Literal["calendar_month"] = "calendar_month"
    sides: Literal["both", "inventory", "ledger"] = "both"
    costing: Costing
    posting: Posting = Posting()
    materiality: Materiality = Materiality()
    document_types: dict[str, Text] = {}
    extracts: tuple[Extract, ...] = ()
    account_map: tuple[AccountMapRow, ...] = ()
    posting_rules: tuple[PostingRuleRow, ...] = ()

    def fingerprint(self) -> str:
        """Canonical JSON of every setting, rule and account; equal for equal books wherever they lie."""
        settings = self.model_dump(mode="json")
        settings["extracts"].sort(key=lambda extract: (extract["table"] or "", extract["path"], str(extract)))
        for rows in ("account_map", "posting_rules"):
            settings[rows].sort(key=canonical_json)
        return canonical_json(settings)

    @property
    def rule_set(self) -> str:
        """The standard posting rules that these books start from."""
        return "anglo_saxon" if self.standard in {"anglo_saxon", "continental"} else "cas"

    @property
    def first(self) -> Period:
        """The first period these books are run for."""
        return parse_period(self.first_period)


def canonical_json(value: object) -> str:
    """JSON with one spelling: sorted keys, no blanks, text unescaped."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load_books(root: Path) -> Books:
    """Read the books in folder `root`; UsageError names file, line and what is allowed for anything wrong."""
    file = read_settings_file(root / "books.yml")
    given = current_settings(file)
    csv_rows = {
        "account_map": read_account_map(root / "account_map.csv"),
        "posting_rules": read_posting_rules(root / "posting_rules.csv"),
    }
    for reserved in ("root", *csv_rows):
        if reserved in given:
            raise file.unknown_key((reserved,), tuple(set(Books.model_fields) - {"root", *csv_rows}))
    if isinstance(given.get("periods"), list):
        raise file.error("books_not_built", ("periods",), setting="periods", value="[…]")
    books = validate(Books, {**given, **csv_rows, "root": root.absolute()}, file)
    _refuse_not_built(books, file)
    _check_period(books, file)
    for number, extract in enumerate(books.extracts):
        _check_extract(extract, ("extracts", number), file)
    return books


def _refuse_not_built(books: Books, file: SettingsFile) -> None:
    chosen: list[tuple[str, Where, str]] = [
        (name, (name,) if part is books else (part_name, name), value)
        for part_name, part in (("", books), ("costing", books.costing), ("posting", books.posting))
        for name, value in part
        if isinstance(value, str)
    ]
    for number, override in enumerate(books.costing.overrides):
        where: Where = ("costing", "overrides", number)
        if (override.category is None) == (override.item_code is None):
            raise file.error("books_override_target", where)
        chosen.append(("method", (*where, "method"), override.method))
    for name, where, value in chosen:
        if value in NOT_BUILT.get(name, ()):
            raise file.error("books_not_built", where, setting=dotted(where), value=value)
    if (decimals := minor_unit(books.currency)) != USUAL:  # every amount of the tables has 2 decimals
        raise file.error("books_minor_unit", ("currency",), value=books.currency, decimals=decimals)


def _check_period(books: Books, file: SettingsFile) -> None:
    try:
        Period(books.first_period)
    except UsageError as wrong:
        raise file.error("books_period_wrong", ("first_period",), value=books.first_period) from wrong


def _check_extract(extract: Extract, where: Where, file: SettingsFile) -> None:
    contract = load_contract()
    if extract.database is not None:
        raise file.error("books_not_built", (*where, "database"), setting="database", value=extract.database)
    if extract.path is None:
        raise file.error("books_missing", where, setting="path")
    if extract.auxiliary:
        if extract.name is None or extract.table is not None:
            raise file.error("books_auxiliary_name", where)
        return
    if extract.table is None:
        raise file.error("books_missing", where, setting="table")
    if extract.table not in contract.tables:
        raise file.wrong_value((*where, "table"), extract.table, tuple(contract.tables))
    table = contract.tables[extract.table]
    if not table.processed:
        raise file.error("books_table_not_built", (*where, "table"), table=table.name, label=table.label_zh)
    for column in extract.columns:
        if column not in table.columns:
            raise file.unknown_key((*where, "columns", column), tuple(table.columns))
    check_environment(file, (*where, "path"), extract.path)
    check_environment(file, (*where, "query"), extract.query or "")
