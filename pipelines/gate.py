"""The gate in: is the delivery what was agreed? Runs one Great Expectations suite per raw table.

What is expected is in `expectations/`; casting rows and setting them aside is staging's, and what has to hold
before publication is tested by dbt.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol

import duckdb
import pyarrow as pa

from expectations.checks import BLOCK, ROWS, Check, Delivery, column
from expectations.suites import Suites, suites_of
from expectations.typed import typed_rows
from pipelines.contract import Table, load_contract
from pipelines.gate_result import SEPARATOR, ExpectationResult, GateResult
from pipelines.messages import InputError, Language, render

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from pathlib import Path

SAMPLE_ROWS = 5
RESULT_TABLE = """create or replace table gate.data_quality_result (
    period varchar, table_name varchar, expectation varchar, severity varchar, evaluated_count bigint,
    unexpected_count bigint, sample varchar, status varchar, message_zh varchar, message_en varchar)"""


class PeriodLike(Protocol):
    """A period as the gate needs it: its code (`2026-01`) and first and last day."""

    @property
    def code(self) -> str:
        """Its name, as 2026-01."""

    @property
    def start(self) -> date:
        """First day."""

    @property
    def end(self) -> date:
        """Last day."""


def run_gate(
    database: Path,
    period: PeriodLike,
    language: Language = "zh",
    max_rejected: Mapping[str, int] | None = None,
) -> GateResult:
    """Check the raw tables of a candidate file and write `gate.data_quality_result` into it.

    `max_rejected` is the number of rows staging may set aside, per table; tables not named have no limit, and
    `gl_entry_line` allows none. Raises InputError when a table of the contract is missing or a check cannot
    run; what is not as agreed is no error but a result.
    """
    with duckdb.connect(str(database)) as connection:
        rows = _row_counts(connection, database.name)
        delivery = _delivery(connection, period, rows, max_rejected or {})
    suites = suites_of(delivery)
    faults = _validate(database, suites, delivery)
    with duckdb.connect(str(database)) as connection:
        results = _results(connection, period.code, suites, faults, rows, delivery)
        _write(connection, results)
    blocking = [result for result in results if result.severity == BLOCK and result.status == "failed"]
    return GateResult(results, blocking, language)


def _row_counts(connection: duckdb.DuckDBPyConnection, file: str) -> dict[str, int]:
    counts = {}
    for name, table in load_contract().tables.items():
        if table.processed:
            try:
                counts[name] = _scalar(connection, f"select count(*) from raw.{name}")
            except duckdb.CatalogException as error:
                raise InputError("gate.no_contract_table", file=file, table=name) from error
    return counts


def _scalar(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _delivery(
    connection: duckdb.DuckDBPyConnection,
    period: PeriodLike,
    rows: Mapping[str, int],
    max_rejected: Mapping[str, int],
) -> Delivery:
    named = "select table_schema || '.' || table_name from information_schema.tables"
    relations = frozenset(name for (name,) in connection.execute(named).fetchall())
    standard, sides, taxpayer, landed = "", "both", "general", None
    if "settings.books" in relations:
        ((standard, sides, taxpayer),) = connection.execute(
            "select standard, sides, taxpayer from settings.books"
        ).fetchall()
    if "raw.landed_file" in relations:
        landed = connection.execute("select distinct table_name from raw.landed_file").fetchall()
    return Delivery(
        start=period.start,
        end=period.end,
        standard=standard,
        sides=sides,
        taxpayer=taxpayer,
        given={name: _given(connection, name) for name, count in rows.items() if count},
        landed=frozenset(name for (name,) in landed or ()),
        relations=relations,
        max_rejected=max_rejected,
    )


def _given(connection: duckdb.DuckDBPyConnection, name: str) -> frozenset[str]:
    """The columns of a raw table in which anything was delivered."""
    columns = list(load_contract().tables[name].columns)
    counted = ", ".join(f"count(nullif(trim({column(name)}), ''))" for name in columns)
    counts = connection.execute(f"select {counted} from raw.{name}").fetchone() or ()
    return frozenset(name for name, count in zip(columns, counts, strict=True) if count)


def _validate(database: Path, suites: Suites, delivery: Delivery) -> dict[tuple[str, str], int]:
    from expectations.validation import validate

    try:
        return validate(database, suites, delivery)
    except RuntimeError as error:
        table, expectation, reason = error.args
        raise InputError("gate.could_not_run", table=table, expectation=expectation, reason=reason) from error


def _results(
    connection: duckdb.DuckDBPyConnection,
    period: str,
    suites: Suites,
    faults: Mapping[tuple[str, str], int],
    rows: Mapping[str, int],
    delivery: Delivery,
) -> list[ExpectationResult]:
    results = []
    for name, checks in suites.items():
        table = load_contract().tables[name]
        counts = {check.name: faults[name, check.name] for check in checks}
        samples = _samples(connection, table, checks, counts, delivery)
        results += [
            _result(period, table, check, rows[name], counts[check.name], samples.get(check.name))
            for check in _told_once(checks, samples)
        ]
    return sorted(results, key=lambda result: (result.table_name, result.expectation))


def _told_once(checks: list[Check], failed: Collection[str]) -> list[Check]:
    """Without the checks that another one already tells: an empty column is not also missing in every row."""
    return [check for check in checks if check.told_by not in failed]


def _samples(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    checks: list[Check],
    counts: Mapping[str, int],
    delivery: Delivery,
) -> dict[str, list[str]]:
    """The first faults of each failed check, as `file:row value`; the table is typed once for all of them."""
    failed = [check for check in checks if counts[check.name] > check.allowed]
    if not failed:
        return {}
    connection.execute(f"create or replace temp table {ROWS} as {typed_rows(table, delivery, failed)}")
    found = {check.name: connection.execute(check.sample_sql(SAMPLE_ROWS)).fetchall() for check in failed}
    connection.execute(f"drop table {ROWS}")
    return {name: [_place(*row) for row in rows] for name, rows in found.items()}


def _result(
    period: str, table: Table, check: Check, evaluated: int, count: int, sample: list[str] | None
) -> ExpectationResult:
    return ExpectationResult(
        period=period,
        table_name=table.name,
        expectation=check.name,
        severity=check.severity,
        evaluated_count=evaluated,
        unexpected_count=count,
        sample="\n".join(sample or ()),
        status="passed" if sample is None else "failed",
        message_zh=_message(table, check, "zh", count, evaluated, sample),
        message_en=_message(table, check, "en", count, evaluated, sample),
    )


def _place(file: str | None, row: int | None, value: str | None) -> str:
    where = f"{file}:{row}" if row is not None else file or ""
    return f"{where} {value or ''}".strip()


def _message(
    table: Table, check: Check, lang: Language, count: int, evaluated: int, sample: list[str] | None
) -> str:
    if sample is None:
        expects = render(f"expects.{check.text}", lang, **check.fields)
        return render("gate.passed", lang, table=table.label, expects=expects, evaluated=evaluated)
    places = SEPARATOR[lang].join(sample)
    what = render(f"gate.{check.text}", lang, count=count, evaluated=evaluated, places=places, **check.fields)
    return render("gate.failed", lang, table=table.label, what=what)


def _write(connection: duckdb.DuckDBPyConnection, results: list[ExpectationResult]) -> None:
    connection.execute("create schema if not exists gate")
    connection.execute(RESULT_TABLE)
    found = pa.Table.from_pylist([asdict(result) for result in results])
    connection.register("found", found)
    connection.execute("insert into gate.data_quality_result by name select * from found")
    connection.unregister("found")
