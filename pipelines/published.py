"""Reading what is published: rows of public tables over the periods that count, one snapshot at a time.

Writing and switching are in `publication/`; a reader needs no lock and never sees half of a publication.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
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

    What a period handed to the next is read as `state/<table>`; its period comes from where it lies.
    UsageError when nothing is published yet, or when the published runs have no such table.
    """
    snapshot = current_snapshot(root)
    if snapshot is None:
        raise UsageError("nothing_published", folder=str(root))
    if not list(snapshot.glob(f"period=*/{table}.parquet")):
        raise UsageError("table_not_published", table=table, folder=str(root))
    wanted = {name: value for name, value in (where or {}).items() if value is not None}
    conditions = " and ".join(f"list_contains(?, {quoted(name)})" for name in wanted) or "true"
    listed = ", ".join(map(quoted, columns)) or "*"
    files = literal(f"{snapshot}/period=*/{table}.parquet")
    values = [value if isinstance(value, list) else [value] for value in wanted.values()]
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select {listed} from read_parquet({files}, hive_partitioning = {table.startswith('state/')}, "
            "hive_types_autocast = false, union_by_name = true) "
            f"where {conditions} order by {order}",
            values,
        )
        names = [column[0] for column in found.description or []]
        return Rows(names, found.fetchall())
