"""The schema `raw` of a run: every contract table as text, where each row came from, what was counted.

Rows of other periods stay out and are counted; nothing is cast for good, judged or dropped here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.contract import Table, load_contract
from pipelines.extracts import elsewhere, exchange, orders
from pipelines.extracts.grid import identifier, new_connection, quoted
from pipelines.extracts.macros import create_macros
from pipelines.extracts.query import create_auxiliary_views, drop_views, query_rows
from pipelines.extracts.sheets import sheets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from pipelines.books import Extract
    from pipelines.extracts.landing import LandedFile, Landing
    from pipelines.period import Period

_COUNTS = (
    "table_name VARCHAR, extract VARCHAR, file VARCHAR, sha256 VARCHAR, rows BIGINT, period_rows BIGINT, "
    "earlier_rows BIGINT, later_rows BIGINT, undated_rows BIGINT, delivered_rows BIGINT"
)
_HEADERS = "table_name VARCHAR, extract VARCHAR, file VARCHAR, header_row BIGINT, header VARCHAR"
_LINEAGE = "_extract VARCHAR, _file VARCHAR, _row BIGINT, _row_id BIGINT"


@dataclass(frozen=True)
class Rows:
    """The rows of one extract: SQL with every contract column, _file, _row, _period and, for the count, the
    file that was delivered (`_counted`; a corrected row has the place of its correction in _file)."""

    extract: Extract
    sql: str
    files: tuple[tuple[str, str, int], ...]  # name, SHA-256, delivered rows (-1: as many as the SQL has)
    headers: tuple[tuple[str, int, str], ...]  # file, row, header as delivered


def load_raw(connection: duckdb.DuckDBPyConnection, landing: Landing, period: Period) -> None:
    """Create every table of the schema `raw` for one period, and the macros that read its texts.

    `raw.landed_file` has one row per extract and file: `rows` = period + earlier + later + undated rows, and
    `delivered_rows`, which a query may have made fewer or more. `raw.control_total` has one row per amount or
    quantity column of a delivered table, over the rows in `raw`; what rows of other periods tell is noted in
    `elsewhere.py`. InputError for what cannot be read.
    """
    create_macros(connection)
    connection.execute("create schema if not exists raw")
    connection.execute(f"create or replace table raw.landed_file ({_COUNTS})")
    connection.execute(
        "create or replace table raw.control_total "
        "(table_name VARCHAR, column_name VARCHAR, row_count BIGINT, total DECIMAL(38,6))"
    )
    connection.execute(f"create or replace table raw.delivered_header ({_HEADERS})")
    elsewhere.create_tables(connection)
    views = create_auxiliary_views(connection, landing, period)
    for table in load_contract().tables.values():
        extracts = [extract for extract in landing.books.extracts if extract.table == table.name]
        found = [rows_of(connection, landing, extract, table, period) for extract in extracts]
        _fill(connection, table, found, period)
        for rows in found:
            _count(connection, table, rows, period)
            _head(connection, table, rows)
            elsewhere.note(connection, table.name, rows, period)
        if found:
            _total(connection, table)
    orders.note_earlier(connection, landing, period)
    exchange.record(connection, landing.books.extracts, landing.corrections_of(period))
    drop_views(connection, views)


def dated_periods(landing: Landing) -> list[str]:
    """Codes of all periods that a delivered row is dated in, ascending."""
    codes: set[str] = set()
    with new_connection() as connection:
        create_macros(connection)
        create_auxiliary_views(connection, landing, None)
        for extract in landing.books.extracts:
            table = load_contract().tables.get(extract.table or "")
            if table is None or not table.date_columns:
                continue
            rows = rows_of(connection, landing, extract, table, None)
            found = connection.execute(f"select distinct _period from ({rows.sql}) where _period is not null")
            codes |= {code for (code,) in found.fetchall()}
    return sorted(codes)


def rows_of(
    connection: duckdb.DuckDBPyConnection,
    landing: Landing,
    extract: Extract,
    table: Table,
    period: Period | None,
    files: Sequence[LandedFile] | None = None,
) -> Rows:
    """The rows of an extract that a period reads, of all periods for None; of these files when given."""
    selects, counts, headers = [], [], []
    for file in landing.files_of(extract, period) if files is None else files:
        for sheet in sheets_of(connection, file):
            selects.append(sheet)
            delivered = _number(connection, sheet.cells()) if extract.query else -1
            counts.append((sheet.file, file.sha256, delivered))
            headers += [(sheet.file, sheet.header.row, name) for name in sheet.header.names]
    if extract.query:
        sql = query_rows(connection, extract, selects, period)
    else:
        sql = " union all ".join(sheet.mapped() for sheet in selects)
    sql = exchange.exchanged(connection, extract, table, sql, landing.corrections_of(period))
    return Rows(
        extract, f"select *, {_period_sql(table)} as _period from ({sql})", tuple(counts), tuple(headers)
    )


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    found = connection.execute(f"select count(*) from ({sql})").fetchone()
    assert found is not None
    return int(found[0])


def _period_sql(table: Table) -> str:
    """The first readable date decides; NULL when there is none."""
    codes = [
        f"parse_period({identifier(name)})"
        if name == "period"
        else f"strftime(parse_date({identifier(name)}), '%Y-%m')"
        for name in table.date_columns
    ]
    return f"coalesce({', '.join([*codes, 'null'])})"


def _in_period(table: Table, period: Period) -> str:
    return f"(_period is null or _period = {quoted(period.code)})" if table.date_columns else "true"


def _fill(connection: duckdb.DuckDBPyConnection, table: Table, found: Sequence[Rows], period: Period) -> None:
    names = ", ".join(map(identifier, table.columns))
    types = ", ".join(f"{identifier(name)} VARCHAR" for name in table.columns)
    connection.execute(f"create or replace table raw.{identifier(table.name)} ({types}, {_LINEAGE})")
    selects = [
        f"select {names}, {quoted(rows.extract.label)} as _extract, _file, _row from ({rows.sql}) "
        f"where {_in_period(table, period)}"
        for rows in found
    ]
    if selects:
        order = "" if _stands_in_order(found) else "order by _file, _row, _extract"
        connection.execute(
            f"insert into raw.{identifier(table.name)} select {names}, _extract, _file, _row, "
            f"row_number() over ({order}) from ({' union all '.join(selects)})"
        )


def _stands_in_order(found: Sequence[Rows]) -> bool:
    """Whether the rows come by file and row as they are read: millions of wide rows are not sorted then."""
    names = [name for rows in found for name, *_ in rows.files]
    return names == sorted(set(names)) and not any(rows.extract.query for rows in found)


def _count(connection: duckdb.DuckDBPyConnection, table: Table, rows: Rows, period: Period) -> None:
    code = quoted(period.code)
    is_dated = "true" if table.date_columns else "false"
    files = ", ".join(
        f"({quoted(name)}, {quoted(sha256)}, {delivered})" for name, sha256, delivered in rows.files
    )
    connection.execute(
        f"""
        insert into raw.landed_file
        select {quoted(table.name)}, {quoted(rows.extract.label)}, file, sha256, count(_file),
            count(_file) filter (where not {is_dated} or _period = {code}),
            count(_file) filter (where {is_dated} and _period < {code}),
            count(_file) filter (where {is_dated} and _period > {code}),
            count(_file) filter (where {is_dated} and _period is null),
            if(any_value(delivered) < 0, count(_file), any_value(delivered))
        from (values {files}) as files(file, sha256, delivered)
        left join (select _counted as _file, _period from ({rows.sql})) as found on found._file = files.file
        group by all order by file
        """
    )


def _head(connection: duckdb.DuckDBPyConnection, table: Table, rows: Rows) -> None:
    """The headers as delivered, whether a column takes them or not."""
    listed = [(table.name, rows.extract.label, *header) for header in rows.headers]
    if listed:
        connection.executemany("insert into raw.delivered_header values (?, ?, ?, ?, ?)", listed)


def _total(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    names = [column.name for column in table.columns.values() if column.data_type in ("amount", "quantity")]
    sums = [
        f"struct_pack(name := {quoted(name)}, total := coalesce(sum(parse_decimal({identifier(name)})), 0))"
        for name in names
    ]
    if names:
        connection.execute(
            f"""
            insert into raw.control_total
            select {quoted(table.name)}, found.name, row_count, found.total::decimal(38,6)
            from (
                select count(*) as row_count, unnest([{", ".join(sums)}]) as found
                from raw.{identifier(table.name)}
            )
            """
        )
