"""Rows that staging sets aside, with their reasons, in what is delivered now: nothing has to be published.

The workbook made of them is in `rejected_workbook.py`; how corrected rows come back is in `extracts/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from pipelines.books import write_settings
from pipelines.contract import Table, load_contract
from pipelines.extracts import load_raw
from pipelines.extracts.corrections import is_correction
from pipelines.extracts.exchange import with_checks
from pipelines.extracts.grid import identifier, quoted
from pipelines.messages import TieoutError
from pipelines.period import Period
from pipelines.publication import work_folder
from pipelines.transform import CANDIDATE, build

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pipelines.session import Session

MODEL = "rejected_row"


@dataclass(frozen=True)
class Reason:
    """Why a row cannot be used: the column, the code and the sentence in both languages."""

    column: str
    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Rejected:
    """One row set aside: where it was delivered, what its columns say, and every reason.

    `delivered` are the columns in which its table has anything at all; `check` names the row's text.
    """

    period: str
    table: str
    extract: str
    file: str
    row: int
    check: str
    values: Mapping[str, str | None]
    delivered: frozenset[str]
    reasons: tuple[Reason, ...]

    @property
    def is_corrected(self) -> bool:
        """Whether it is a correction already, to be mended where it stands."""
        return is_correction(self.file)


def find_rejected(session: Session, codes: Iterable[str]) -> list[Rejected]:
    """The rows of these periods in the order of table, file and row; a row without date is found once.

    Call it under the lock. InputError for what cannot be read at all.
    """
    found: dict[tuple[str, str, str, int, str], Rejected] = {}
    for code in codes:
        with work_folder(session.books.root, code) as work:
            _stage(session, Period(code), work)
            with duckdb.connect(str(work / CANDIDATE)) as connection:
                for one in _read(connection, code):
                    found.setdefault((one.table, one.extract, one.file, one.row, one.check), one)
    return [found[key] for key in sorted(found)]


def _stage(session: Session, period: Period, work: Path) -> None:
    with duckdb.connect(str(work / CANDIDATE)) as connection:
        load_raw(connection, session.landing, period)
        write_settings(connection, session.books, period)
    broken = [done for done in build(session.project, work, lambda _: None, MODEL) if done.is_failed]
    if broken:
        raise TieoutError(
            "transform_broken", period=period.code, model=broken[0].name, problem=broken[0].message
        )


def _read(connection: duckdb.DuckDBPyConnection, code: str) -> list[Rejected]:
    reasons: dict[tuple[str, str, str, int], list[Reason]] = {}
    for table, extract, file, row, *reason in connection.execute(
        "select table_name, extract, file, row_no, column_name, reason_code, reason_zh, reason_en "
        "from marts.rejected_row order by all"
    ).fetchall():
        reasons.setdefault((table, extract, file, row), []).append(Reason(*reason))
    tables = [load_contract().tables[name] for name in sorted({key[0] for key in reasons})]
    return [one for table in tables for one in _rows_of(connection, code, table, reasons)]


def _rows_of(
    connection: duckdb.DuckDBPyConnection,
    code: str,
    table: Table,
    reasons: Mapping[tuple[str, str, str, int], list[Reason]],
) -> list[Rejected]:
    names = list(table.columns)
    counts = ", ".join(f"count({identifier(name)})" for name in names)
    given = connection.execute(f"select {counts} from raw.{table.name}").fetchone() or ()
    delivered = frozenset(name for name, count in zip(names, given, strict=True) if count)
    listed = ", ".join(map(identifier, names))
    rejected = (
        f"select {listed}, _extract, _file, _row from raw.{table.name} "
        "semi join marts.rejected_row as reason "
        f"on reason.table_name = {quoted(table.name)} and reason.extract = _extract and reason.file = _file "
        "and reason.row_no = _row"
    )
    checked = with_checks(table, rejected, "_extract, _file, _row")
    found = connection.execute(f"select _extract, _file, _row, _check, {listed} from ({checked})").fetchall()
    return [
        Rejected(
            code, table.name, extract, file, row, check, dict(zip(names, values, strict=True)), delivered,
            tuple(reasons[table.name, extract, file, row]),
        )
        for extract, file, row, check, *values in found
    ]  # fmt: skip
