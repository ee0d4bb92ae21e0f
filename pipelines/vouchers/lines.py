"""Voucher lines as every ledger system needs them: read from a run, numbered, merged on request, with names.

How they are written in one system's format is in the module of that system; what should be posted is dbt's.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import duckdb

from pipelines.messages import TieoutError
from pipelines.publication.tables import literal
from pipelines.vouchers.query import BALANCE, ORDER, SOURCE, lines_sql, name_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

_BATCH = 10_000


@dataclass(frozen=True)
class VoucherOptions:
    """How vouchers are written.

    `word` is the voucher word of all, `first_no` the first number of the period, `prepared_by` the 制单 for
    systems that want one. `merge` adds up the lines of one voucher that have the same account, party,
    department and side, and item where a line carries a quantity.
    """

    word: str = "记"
    first_no: int = 1
    prepared_by: str = ""
    currency: str = "CNY"
    merge: bool = False


class VoucherLine(NamedTuple):
    """One line to post.

    Amounts are in the books currency with 2 decimals, one side is zero, red is negative (its quantity too).
    `voucher_no` runs without gaps per period and word, `line_no` from 1 within the voucher, `attachments` is
    the number of business documents behind the voucher. Names are empty where the run does not hold them.
    """

    period: str
    voucher_word: str
    voucher_no: int
    line_no: int
    voucher_date: date
    attachments: int
    summary: str
    summary_en: str
    account_code: str
    account_name: str
    debit_amount: Decimal
    credit_amount: Decimal
    quantity: Decimal | None
    stock_unit: str
    item_code: str
    item_name: str
    party_code: str
    party_name: str
    department_code: str
    department_name: str
    account_role: str
    source_document_type: str
    source_document_no: str
    source_line_no: int | None
    event_type: str
    rule_id: str
    rule_version: str
    voucher_id: str


_PARTY_KIND = {
    "ar": "customer",
    "advance": "customer",
    "ap": "supplier",
    "ap_estimated": "supplier",
    "prepayment": "supplier",
}
_DEPARTMENT_ROLES = {"selling_expense", "admin_expense", "rd_expense", "service_expense", "production_cost"}


def party_kind(line: VoucherLine) -> str:
    """`customer` or `supplier` when the line's account is kept by party, else empty.

    Ledger systems refuse a party on an account that is not kept by it.
    """
    return _PARTY_KIND.get(line.account_role, "") if line.party_code else ""


def has_department(line: VoucherLine) -> bool:
    """Whether the line's account is kept by department and the line names one."""
    return bool(line.department_code) and line.account_role in _DEPARTMENT_ROLES


class PostedLine(NamedTuple):
    """What every format gives back when it is read again; amounts exact, `quantity` None where not given."""

    voucher_date: date
    voucher_word: str
    voucher_no: int
    line_no: int
    summary: str
    account_code: str
    debit_amount: Decimal
    credit_amount: Decimal
    quantity: Decimal | None
    attachments: int


class Writer(Protocol):
    """One module of this package: how one ledger system wants its vouchers, and how they are read again."""

    def write(self, lines: VoucherLines, folder: Path, options: VoucherOptions) -> list[Path]:
        """Write the lines, which come in the order of voucher and line number; returns the files."""

    def read(self, path: Path) -> list[PostedLine]:
        """The lines of one written file, in the file's order."""


@dataclass(frozen=True)
class VoucherLines:
    """The lines of a run in the order of their new numbers, read anew each time.

    TieoutError, before the first line, when a voucher does not balance or a line has no account. A role that
    the account map does not resolve stands there as `?role`: every ledger refuses it by name, nothing is left
    out.
    """

    run_folder: Path
    options: VoucherOptions

    def __iter__(self) -> Iterator[VoucherLine]:
        """Line by line."""
        with self._opened() as connection:
            result = connection.execute(self._query(", ".join(VoucherLine._fields)), self._numbering)
            while batch := result.fetchmany(_BATCH):
                yield from map(VoucherLine._make, batch)

    def texts(self, expression: str) -> Iterator[list[str]]:
        """What an SQL expression over the fields of `VoucherLine` makes of each line, in batches.

        The engine writes twenty lines in the time that Python takes for one.
        """
        with self._opened() as connection:
            lines = connection.sql(self._query(f"{expression} as text"), params=self._numbering)
            for batch in lines.to_arrow_reader(_BATCH):
                yield batch.column(0).to_pylist()

    @contextmanager
    def _opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect() as connection:
            _open(connection, self.run_folder)
            _refuse_unpostable(connection)
            yield connection

    @property
    def _numbering(self) -> dict[str, object]:
        return {"word": self.options.word, "first": self.options.first_no}

    def _query(self, columns: str) -> str:
        return f"select {columns} from ({lines_sql(merge=self.options.merge)}) {ORDER}"


def voucher_lines(run_folder: Path, options: VoucherOptions) -> VoucherLines:
    """The lines of a run's voucher_line.parquet."""
    return VoucherLines(run_folder, options)


def _open(connection: duckdb.DuckDBPyConnection, run_folder: Path) -> None:
    path = literal(str(run_folder / "voucher_line.parquet"))
    connection.execute(
        f"create view voucher_line as select * from read_parquet({path}, hive_partitioning = false)"
    )
    for statement in name_tables(run_folder):
        connection.execute(statement)
    connection.execute(SOURCE)


def _refuse_unpostable(connection: duckdb.DuckDBPyConnection) -> None:
    found: tuple[Any, ...] | None = connection.execute(BALANCE).fetchone()
    if found is not None:
        kind, count, voucher, document, debit, credit = found
        raise TieoutError(kind, count=count, voucher=voucher, document=document, debit=debit, credit=credit)
