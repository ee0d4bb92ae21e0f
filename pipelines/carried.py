"""What the previous period hands over, as typed tables in the schema `carried`: empty in the first period.

Which tables there are and their types is declared in `dbt_project/models/carried.yml`; the files they come
from are written by `publication`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import duckdb
import yaml

from pipelines.messages import TieoutError
from pipelines.publication.tables import literal, quoted
from pipelines.transform import PROJECT

HISTORY = frozenset({"stock_ledger", "cost_layer", "reconciliation_match"})
"""Carried tables that are public: they span every earlier period, not the previous one's state only."""


@cache
def carried_tables(path: Path = PROJECT / "models" / "carried.yml") -> Mapping[str, Mapping[str, str]]:
    """Table → column → DuckDB type, as the dbt source declares them."""
    declared = yaml.safe_load(path.read_text("utf-8"))["sources"][0]["tables"]
    return {
        table["name"]: {column["name"]: column["data_type"] for column in table["columns"]}
        for table in declared
    }


def load_carried(connection: duckdb.DuckDBPyConnection, earlier: Sequence[Path]) -> int:
    """Fill the schema `carried` from the run folders of the earlier periods, oldest first; returns the rows.

    Empty tables when there is no earlier period. TieoutError when the previous run lacks a table or a column:
    it was made by another version of the code and is to be run again.
    """
    connection.execute("create schema if not exists carried")
    return sum(_load(connection, name, columns, earlier) for name, columns in carried_tables().items())


def _load(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], earlier: Sequence[Path]
) -> int:
    ddl = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
    connection.execute(f"create or replace table carried.{quoted(name)} ({ddl})")
    if not earlier:
        return 0
    files = _files(name, earlier)
    try:
        return _fill(connection, name, columns, files)
    except duckdb.Error as error:
        raise TieoutError(
            "carried_unusable", table=name, path=str(files[-1]), problem=_first_line(error)
        ) from error


def _fill(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], files: Sequence[Path]
) -> int:
    """Copy the rows of a state table; one that spans all periods stays where it is, as a view."""
    listed = ", ".join(literal(str(path)) for path in files)
    rows = f"from read_parquet([{listed}], hive_partitioning = false)"
    if name in HISTORY:
        connection.execute(f"drop table carried.{quoted(name)}")
        typed = ", ".join(
            f"cast({quoted(column)} as {kind}) as {quoted(column)}" for column, kind in columns.items()
        )
        connection.execute(f"create or replace view carried.{quoted(name)} as select {typed} {rows}")
        return 0
    wanted = ", ".join(map(quoted, columns))
    connection.execute(f"insert into carried.{quoted(name)} select {wanted} {rows}")
    row = connection.execute(f"select count(*) from carried.{quoted(name)}").fetchone()
    assert row is not None
    return int(row[0])


def _files(name: str, earlier: Sequence[Path]) -> list[Path]:
    if name in HISTORY:
        files = [folder / f"{name}.parquet" for folder in earlier]
    else:
        files = [earlier[-1] / "state" / f"{name}.parquet"]
    for path in files:
        if not path.is_file():
            raise TieoutError("carried_missing", table=name, path=str(path))
    return files


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
