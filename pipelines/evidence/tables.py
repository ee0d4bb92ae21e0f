"""The public tables of one run's folder, opened read-only through DuckDB, one view per Parquet file.

Only reading lives here; what is asked of the tables belongs to the module of each section.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from pipelines.messages import TieoutError

Row = dict[str, Any]

# A break that cleared in this period is listed once more, at 0; it is no longer open.
LIVE = "coalesce(status, '') <> 'cleared'"
# What a break weighs: a misposted one nets to zero over its accounts and still has to be corrected.
GROSS = "greatest(abs(difference_amount), abs(coalesce(misposted_amount, 0)))"
NEEDED = (
    "stock_ledger",
    "stock_summary",
    "work_in_process",
    "late_cost_share",
    "voucher_line",
    "ledger_line",
    "reconciliation_match",
    "reconciliation_break",
    "break_line",
    "bridge",
    "tie_out",
    "roll_forward",
    "open_item",
    "rejected_row",
    "data_quality_result",
    "verdict",
)


class RunTables:
    """Queries over one run's tables."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, query: str, *parameters: Any) -> list[Row]:
        """Result of a query as one dict per row; decimals stay Decimal."""
        result = self._connection.execute(query, list(parameters))
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, values, strict=True)) for values in result.fetchall()]

    def one(self, query: str, *parameters: Any) -> Row:
        """The first row of a query, or an empty dict."""
        found = self.rows(query, *parameters)
        return found[0] if found else {}

    def count(self, table: str, condition: str = "true") -> int:
        """Number of rows of a public table that meet a condition."""
        return int(self.one(f"select count(*) as n from {table} where {condition}")["n"])


def _create_view(connection: duckdb.DuckDBPyConnection, name: str, files: list[Path]) -> None:
    relation = connection.read_parquet([str(file) for file in files], hive_partitioning=False)
    relation.create_view(name)


@contextmanager
def open_tables(run_folder: Path, history: tuple[Path, ...] = ()) -> Iterator[RunTables]:
    """Views over the folder's Parquet files, and `earlier_tie_out` over those of earlier runs.

    Raises TieoutError naming every public table that the folder lacks.
    """
    missing = [name for name in NEEDED if not (run_folder / f"{name}.parquet").is_file()]
    if missing:
        raise TieoutError("evidence.tables_missing", folder=run_folder.name, tables=", ".join(missing))
    earlier = [folder / "tie_out.parquet" for folder in sorted(history)]
    with duckdb.connect(":memory:") as connection:
        connection.execute("set threads = 2")
        for path in sorted(run_folder.glob("*.parquet")):
            _create_view(connection, path.stem, [path])
        found = [path for path in earlier if path.is_file()]
        _create_view(connection, "earlier_tie_out", found or [run_folder / "tie_out.parquet"])
        if not found:
            connection.execute("create or replace view earlier_tie_out as select * from tie_out where false")
        yield RunTables(connection)
