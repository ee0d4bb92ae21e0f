"""Voucher lines as every ledger system needs them: read from a run, numbered, merged on request, with names.

How they are written in one system's format is in the module of that system; what should be posted is dbt's.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TextIO

import duckdb

from pipelines.messages import TieoutError
from pipelines.publication.tables import literal
from pipelines.vouchers.query import BALANCE, ORDER, SOURCE, lines_sql, name_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

_BATCH = 10_000


class LineRefusedError(TieoutError):
    """A ledger system would not take a line: nothing is written in its format."""


@dataclass(frozen=True)
class VoucherOptions:
    """How vouchers are written.

    `word` is the voucher word of all, `first_no` the first number of the period, `prepared_by` the 制单 for
    systems that want one. `merge` adds up the lines of one voucher that have the same account, party,
    department and side, and item where a line carries a quantity. `company` is whose books they are, for
    systems that keep several; `abbreviation` what such a system ends its account names with. `missing` leaves
    out the documents of which the ledger has any line: what differs there is a break, not a voucher to post.
    """

    word: str = "记"
    first_no: int = 1
    prepared_by: str = ""
    currency: str = "CNY"
    merge: bool = False
    company: str = ""
    abbreviation: str = ""
    missing: bool = False


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


PARTY_ROLES: Final = {
    "ar": "customer",
    "advance": "customer",
    "ap": "supplier",
    "ap_estimated": "supplier",
    "prepayment": "supplier",
}
"""Role of an account that is kept by party → kind of party."""
UNMAPPED: Final = "starts_with(account_code, '?')"
"""SQL of a line whose role the account map does not resolve."""
VOUCHER: Final = "partition by period, voucher_no"
"""SQL of the lines of one voucher, for what looks over them."""
_DEPARTMENT_ROLES = {"selling_expense", "admin_expense", "rd_expense", "service_expense", "production_cost"}


def party_kind(line: VoucherLine) -> str:
    """`customer` or `supplier` when the line's account is kept by party, else empty.

    Ledger systems refuse a party on an account that is not kept by it.
    """
    return PARTY_ROLES.get(line.account_role, "") if line.party_code else ""


def has_department(line: VoucherLine) -> bool:
    """Whether the line's account is kept by department and the line names one."""
    return bool(line.department_code) and line.account_role in _DEPARTMENT_ROLES


class Account(NamedTuple):
    """An account that lines are posted to: its first role by the alphabet, the first day that has a line."""

    code: str
    name: str
    role: str
    first_date: date


class PostedLine(NamedTuple):
    """What every format gives back when it is read again; amounts exact, `quantity` None where not given.

    A format that has no place for quantities or attachments, or turns a red line to the other side, says so
    in its `LEAVES_OUT`.
    """

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


def sides(amount: Decimal, *, is_red: bool) -> tuple[Decimal, Decimal]:
    """Debit and credit of an amount, positive in debit; a red one stands below zero on its own side."""
    none = Decimal("0.00")
    return (amount, none) if (amount > 0) != is_red else (none, -amount)


class Writer(Protocol):
    """One module of this package: how one ledger system wants its vouchers, and how they are read again."""

    LEAVES_OUT: frozenset[str]
    """What has no place in the format: quantity, attachments, red."""
    REFUSES: Mapping[str, str]
    """Message → SQL of a line that the ledger system would refuse, for the reason that the message tells."""

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

    def write_texts(self, handle: TextIO, expression: str, end: str = "\n") -> None:
        """Write what an SQL expression makes of each line, each followed by `end`."""
        handle.writelines(end.join([*texts, ""]) for texts in self.texts(expression))

    def refuse(self, format_name: str, refuses: Mapping[str, str]) -> None:
        """LineRefusedError that says what line a ledger system would refuse first, why, and how many."""
        if not refuses:
            return
        with self._opened() as connection:
            for message, condition in refuses.items():
                found = connection.execute(
                    "select count(*) over () as count, voucher_word || '-' || voucher_no as voucher, "
                    "line_no as line, account_code as account, account_name as name, "
                    "source_document_no as document "
                    f"from ({lines_sql(merge=self.options.merge)}) where {condition} {ORDER} limit 1",
                    self._numbering,
                )
                if row := found.fetchone():
                    names = [column[0] for column in found.description]
                    facts = dict(zip(names, row, strict=True))
                    raise LineRefusedError(message, format=format_name, ready=self._ready(), **facts)

    def _ready(self) -> str:
        """Lines for the files of the books: one per role without an account, event without a rule."""
        codes = [one.code.lstrip("?") for one in self.accounts() if one.code.startswith("?")]
        roles = [f"{code}," for code in codes if "/" not in code]
        events = [f",{code.replace('/', ',')},," for code in codes if "/" in code]
        parts = [["account_map.csv", "account_role,account_code", *roles]] if roles else []
        if events:
            header = "rule_id,event_type,amount_basis,debit_role,credit_role"
            parts.append(["posting_rules.csv", header, *events])
        return "\n".join(line for part in parts for line in part)

    def accounts(self) -> list[Account]:
        """The accounts of all lines in the order of their codes."""
        with self._opened() as connection:
            found = connection.execute(
                "select account_code, min(account_name), min(account_role), min(voucher_date) "
                f"from ({lines_sql(merge=self.options.merge)}) group by account_code order by account_code",
                self._numbering,
            ).fetchall()
        return [Account(*row) for row in found]

    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day that has a line; both None without lines."""
        with self._opened() as connection:
            (first, last), *_ = connection.execute(
                "select min(voucher_date), max(voucher_date) from source"
            ).fetchall()
        return first, last

    @contextmanager
    def _opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect() as connection:
            _open(connection, self.run_folder, missing=self.options.missing)
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


def next_number(run_folder: Path, word: str) -> int:
    """The number after the last of a voucher word in the period's ledger; 1 when it has none."""
    ledger = literal(str(run_folder / "ledger_line.parquet"))
    with duckdb.connect() as connection:
        (last,) = connection.execute(
            "select coalesce(max(try_cast(voucher_no as integer)), 0) "
            f"from read_parquet({ledger}, hive_partitioning = false) where voucher_word = $word",
            {"word": word},
        ).fetchall()[0]
    return int(last) + 1


def _open(connection: duckdb.DuckDBPyConnection, run_folder: Path, *, missing: bool) -> None:
    expected, actual = (
        f"read_parquet({literal(str(run_folder / f'{table}.parquet'))}, hive_partitioning = false)"
        for table in ("voucher_line", "ledger_line")
    )
    posted = f"select voucher_id from {expected} semi join (from {actual} where is_live) using (match_id)"
    chosen = f"where voucher_id not in ({posted})" if missing else ""
    connection.execute(f"create view voucher_line as select * from {expected} {chosen}")
    for statement in name_tables(run_folder):
        connection.execute(statement)
    connection.execute(SOURCE)


def _refuse_unpostable(connection: duckdb.DuckDBPyConnection) -> None:
    found: tuple[Any, ...] | None = connection.execute(BALANCE).fetchone()
    if found is not None:
        kind, count, voucher, document, debit, credit = found
        raise TieoutError(kind, count=count, voucher=voucher, document=document, debit=debit, credit=credit)
