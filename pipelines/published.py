"""Reading what is published: rows of public tables over the periods that count, one snapshot at a time.

Writing and switching are in `publication/`; a reader needs no lock and never sees half of a publication.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

import duckdb

from pipelines.messages import UsageError
from pipelines.publication import current_snapshot
from pipelines.publication.tables import literal, quoted


@dataclass(frozen=True)
class Rows:
    """Columns and rows of a query; decimals are Decimal, dates are date."""

    columns: list[str]
    rows: list[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        """Each row by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def read(
    root: Path,
    table: str,
    columns: Sequence[str] = (),
    where: Mapping[str, Any] | None = None,
    order: str = "period",
) -> Rows:
    """Rows of a public table in all published periods; `where` maps columns to a value or a list of them.

    UsageError when nothing is published yet, or when the published runs have no such table.
    """
    wanted = {name: value for name, value in (where or {}).items() if value is not None}
    conditions = " and ".join(f"list_contains(?, {quoted(name)})" for name in wanted) or "true"
    listed = ", ".join(map(quoted, columns)) or "*"
    values = [value if isinstance(value, list) else [value] for value in wanted.values()]
    return query(root, f"select {listed} from {{{table}}} where {conditions} order by {order}", values)


def query(root: Path, sql: str, values: Sequence[Any] = ()) -> Rows:
    """Rows of a query in which `{name}` stands for a public table over all published periods.

    UsageError when nothing is published yet, or when the published runs lack a table or column: they were
    made by an older version.
    """
    snapshot = current_snapshot(root)
    if snapshot is None:
        raise UsageError("nothing_published", folder=str(root))
    named = {name for _, name, _, _ in Formatter().parse(sql) if name}
    for table in sorted(named):
        if not list(snapshot.glob(f"period=*/{table}.parquet")):
            raise UsageError("table_not_published", table=table, folder=str(root))
    tables = {table: relation(snapshot / "period=*" / f"{table}.parquet") for table in named}
    with duckdb.connect() as connection:
        return fetch(connection, sql.format(**tables), values)


def relation(path: Path) -> str:
    """SQL of the rows of one public table, of all periods where the path has a `*`."""
    files = literal(str(path))
    return f"(select * from read_parquet({files}, hive_partitioning = false, union_by_name = true))"


def fetch(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> Rows:
    """Columns and rows; UsageError when the published files lack a column."""
    try:
        found = connection.execute(sql, list(values))
    except duckdb.BinderException as error:
        raise UsageError("published_older", problem=str(error).splitlines()[0]) from error
    return Rows([column[0] for column in found.description or []], found.fetchall())
