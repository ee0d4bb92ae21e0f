"""Books of a chosen size for measuring: the example company's, all extracts CSV in UTF-8, with a long ledger.

Who the company is and what it does is in `pipelines/demo`, a full set of labelled faults in its `faults`;
nothing here is part of a measured time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.csv

from pipelines.demo import settings
from pipelines.demo.history import make_history
from pipelines.demo.inbox import make_inbox
from pipelines.demo.writing import Writer, rows_per_period

if TYPE_CHECKING:
    from pipelines.demo.columns import Array
    from pipelines.demo.frame import Ints

PERIOD = "2026-01"
LEDGER = "凭证"
DELIVERIES = "出库流水"
CHANGED = 12
"""Delivery lines whose amount was raised by 100.00 after the voucher: what is to be found."""


@dataclass(frozen=True)
class CsvWriter(Writer):
    """Writes every extract as CSV in UTF-8: each line of the ledger in so many `parts`, some deliveries
    changed."""

    parts: int = 1

    def document(self, path: str, table: Array, title: str = "") -> None:  # noqa: ARG002 - no titles in CSV
        self.csv(f"{path}.csv", table)

    def parquet(self, name: str, table: Array, period: Ints, labels: tuple[str, ...]) -> None:
        for rows, label in zip(rows_per_period(period, len(labels)), labels, strict=True):
            found = table.take(rows)
            self.csv(f"inbox/{label}/{name}.csv", split(found, self.parts) if name == LEDGER else found)

    def csv(self, path: str, table: Array) -> None:
        target = self._target(path)
        pyarrow.csv.write_csv(change(table) if target.stem == DELIVERIES else table, target)


def write(root: Path, documents: int, parts: int) -> None:
    """One period of about `documents` documents as a books folder."""
    writer = CsvWriter(root, "csv", parts)
    text = settings.books_yml(PERIOD, "csv").replace(".parquet", ".csv").replace("gb18030", "utf-8")
    writer.text("books.yml", text)
    writer.text("account_map.csv", settings.account_map_csv())
    writer.text("posting_rules.csv", settings.posting_rules_csv())
    make_inbox(make_history(1, documents, 1, PERIOD)).write(writer)
    for path in (root / "inbox").rglob("*.csv"):
        if f"{path.stem}.csv" not in text:  # of a table that is not processed yet
            path.unlink()


def change(deliveries: Array) -> Array:
    """The deliveries with the amounts of some sales raised, far from each other."""
    with duckdb.connect() as connection:
        lines = connection.from_arrow(deliveries)
        found = lines.query(
            "deliveries",
            f"""
            with numbered as (
                select *, row_number() over () as place,
                    if(单据类型 = '销售出库', row_number() over sales, null) as number,
                    count(*) over (partition by 单据类型) // {CHANGED} as step
                from deliveries
                window sales as (partition by 单据类型 order by 单据编号, 行号)
            )
            select * exclude (place, number, step) replace (
                (金额 + if(number % step = 0 and number <= {CHANGED} * step, 100, 0))::decimal(18, 2) as 金额)
            from numbered order by place""",
        )
        assert found is not None
        changed: pa.Table = found.to_arrow_table()
    return changed


def split(ledger: Array, parts: int) -> Array:
    """Each line of 1.00 and more in equal parts, what does not divide with the first: as a ledger that posts
    by cost centre. They stand in their voucher, on their account, for their document.
    """
    with duckdb.connect() as connection:
        lines = connection.from_arrow(ledger)
        found = lines.query(
            "ledger",
            f"""
            select * exclude (part, is_large) replace (
                分录号 * {parts} + part as 分录号, {_share("借方金额", parts)}, {_share("贷方金额", parts)})
            from (
                select *, unnest(range({parts})) as part,
                    abs(coalesce(借方金额, 0) + coalesce(贷方金额, 0)) >= 1 as is_large
                from ledger
            )
            where is_large or part = 0
            order by 凭证日期, 凭证字, 凭证号, 分录号""",
        )
        assert found is not None
        changed: pa.Table = found.to_arrow_table()
    return changed


def _share(column: str, parts: int) -> str:
    part = f"(({column} * 100)::bigint // {parts}) * 0.01::decimal(3, 2)"
    rest = f"if(part = 0, {column} - {parts - 1} * {part}, {part})"
    return f"if(is_large, {rest}, {column})::decimal(18, 2) as {column}"
