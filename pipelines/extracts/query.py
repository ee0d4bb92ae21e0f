"""Extracts that need more than names: a query over the delivered rows, joined with auxiliary extracts.

The query sees `extract`, and every named extract by its name, under the headers as delivered; what it
returns is mapped like a file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb

from pipelines.books_yaml import expand
from pipelines.contract import load_contract
from pipelines.extracts.grid import identifier, quoted
from pipelines.extracts.mapping import Constant, map_columns
from pipelines.extracts.parquet import text_of
from pipelines.extracts.sheets import Sheet, sheets_of
from pipelines.messages import InputError
from pipelines.period import Period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.books import Extract
    from pipelines.extracts.landing import Landing

_PARAMETER = re.compile(
    r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|::)|:(period_start|period_end|period)\b"
)
_ALL_TIME = {"period_start": "0001-01-01", "period_end": "9999-12-31", "period": ""}


def create_auxiliary_views(
    connection: duckdb.DuckDBPyConnection, landing: Landing, period: Period | None
) -> list[str]:
    """One temporary view per extract that has a name, with the headers as delivered; returns their names."""
    if not any(extract.query for extract in landing.books.extracts):
        return []
    names = []
    for extract in landing.books.extracts:
        if extract.name:
            files = landing.files_of(extract, period)
            _view(
                connection, extract.name, [sheet for file in files for sheet in sheets_of(connection, file)]
            )
            names.append(extract.name)
    return names


def drop_views(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    """Leave nothing behind in the connection."""
    for name in (*names, "extract"):
        connection.execute(f"drop view if exists temp.{identifier(name)}")


def query_rows(
    connection: duckdb.DuckDBPyConnection, extract: Extract, sheets: Sequence[Sheet], period: Period | None
) -> str:
    """Run the extract's query and return SQL of its rows under the contract's names, with _file and _row.

    `:period` is the code, `:period_start` the first day, `:period_end` the first day after the period.
    Columns may come back under delivered headers or contract names. InputError when the query fails.
    """
    _view(connection, "extract", sheets)
    result = f"_queried_{extract.definition_hash()[:16]}"
    sql = bind(expand(extract.query or ""), period)
    try:
        if len(connection.extract_statements(sql)) != 1:
            raise InputError("extracts_query", extract=extract.label, problem="1 select")
        connection.execute(f"create or replace temp table {identifier(result)} as select * from ({sql}\n)")
    except duckdb.Error as wrong:
        raise InputError(
            "extracts_query", extract=extract.label, problem=str(wrong).splitlines()[0]
        ) from None
    return _mapped_result(connection, extract, sheets, result)


def bind(query: str, period: Period | None) -> str:
    """The query with its period filled in, outside quotes and comments; without a period it sees all time."""
    values = _ALL_TIME
    if period:
        after = Period(period.next).start
        values = {"period_start": f"{period.start}", "period_end": f"{after}", "period": period.code}
    bound = _PARAMETER.sub(lambda m: m[1] or quoted(values[m[2]]), query)
    return bound.strip().rstrip(";")


def _view(connection: duckdb.DuckDBPyConnection, name: str, sheets: Sequence[Sheet]) -> None:
    """Only `extract` has _file and _row: a join leaves no doubt which row is meant."""
    selects = [sheet.delivered(with_lineage=name == "extract") for sheet in sheets]
    rows = " union all by name ".join(f"({select})" for select in selects)
    connection.execute(f"create or replace temp view {identifier(name)} as {rows}")


def _mapped_result(
    connection: duckdb.DuckDBPyConnection, extract: Extract, sheets: Sequence[Sheet], result: str
) -> str:
    relation = connection.table(result)
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    names = [name for name in kinds if name not in ("_file", "_row")]
    mapped = map_columns(extract, names, f"query: {extract.label}", period=None)
    values = []
    for column in load_contract().tables[extract.table or ""].columns:
        source = mapped.get(column)
        if isinstance(source, Constant):
            value = f"nullif({quoted(source.text)}, '')"
        else:
            value = (
                "null" if source is None else f"nullif({text_of(names[source], kinds[names[source]])}, '')"
            )
        values.append(f"{value}::varchar as {identifier(column)}")
    file = "_file" if "_file" in kinds else quoted(sheets[0].file)
    row = "_row::bigint" if "_row" in kinds else "row_number() over ()"
    return f"select {', '.join(values)}, {file}::varchar as _file, {row} as _row from {identifier(result)}"
