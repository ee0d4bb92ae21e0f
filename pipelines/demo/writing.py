"""Files of the example company, the same bytes for the same tables: workbooks, CSV in GB18030, Parquet.

What is in a file is decided elsewhere; large books get Parquet where small ones get workbooks.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import xlsxwriter

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.demo.columns import Array
    from pipelines.demo.frame import Ints

_CREATED = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook's fixed birthday, no moment in time
_CHUNK = 100_000


@dataclass(frozen=True)
class Writer:
    """Writes below `root`; `suffix` is that of per-period documents, xlsx or parquet."""

    root: Path
    suffix: str

    def document(self, path: str, table: Array, title: str = "") -> None:
        """One file `path` + suffix; a title stands in a workbook above an empty row and the headers."""
        target = self._target(f"{path}.{self.suffix}")
        if self.suffix == "xlsx":
            write_xlsx(target, table, title)
        else:
            write_parquet(target, table)

    def per_period(
        self, name: str, table: Array, period: Ints, labels: tuple[str, ...], title: str = ""
    ) -> None:
        """One file inbox/<period>/<name> per period, empty ones too."""
        for number, rows in enumerate(rows_per_period(period, len(labels))):
            head = f"{title} {labels[number]}" if title else ""
            self.document(f"inbox/{labels[number]}/{name}", table.take(rows), head)

    def parquet(self, name: str, table: Array, period: Ints, labels: tuple[str, ...]) -> None:
        """One Parquet file per period, whatever the size of the books."""
        for number, rows in enumerate(rows_per_period(period, len(labels))):
            write_parquet(self._target(f"inbox/{labels[number]}/{name}.parquet"), table.take(rows))

    def csv(self, path: str, table: Array) -> None:
        """One GB18030 file."""
        write_gb18030(self._target(path), table)

    def text(self, path: str, content: str) -> None:
        """A settings file in UTF-8."""
        self._target(path).write_text(content, encoding="utf-8", newline="\n")

    def _target(self, path: str) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target


def rows_per_period(period: Ints, periods: int) -> list[Array]:
    """Row numbers of each period, in the order they stand."""
    order = np.argsort(period, kind="stable")
    edges = np.searchsorted(period[order], np.arange(periods + 1))
    return [pa.array(order[edges[n] : edges[n + 1]]) for n in range(periods)]


def write_parquet(target: Path, table: Array) -> None:
    """Parquet with one row group per million rows."""
    pq.write_table(table, target, compression="zstd", row_group_size=1_000_000, store_schema=False)


def write_gb18030(target: Path, table: Array) -> None:
    """A CSV as Chinese systems write it: quotes only where needed, transcoded piece by piece."""
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
    with target.open("wb") as file:
        file.write((",".join(table.column_names) + "\r\n").encode("gb18030"))
        for start in range(0, table.num_rows, _CHUNK):
            piece = io.BytesIO()
            pa_csv.write_csv(table.slice(start, _CHUNK), piece, options)
            file.write(piece.getvalue().decode("utf-8").replace("\n", "\r\n").encode("gb18030"))


def write_xlsx(target: Path, table: Array, title: str = "") -> None:
    """A workbook with one sheet: numbers as numbers, dates as dates, texts as texts."""
    with xlsxwriter.Workbook(str(target), {"constant_memory": False}) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet("Sheet1")
        head = book.add_format({"bold": True})
        top = 0
        if title:
            sheet.write_string(0, 0, title, head)
            top = 2
        for column, name in enumerate(table.column_names):
            sheet.write_string(top, column, name, head)
            _write_column(book, sheet, top + 1, column, table.column(column))


def _write_column(
    book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, top: int, column: int, values: Array
) -> None:
    kind = values.type
    texts = values.to_pylist()
    if pa.types.is_date(kind):
        form = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, value in enumerate(texts, top):
            if value is not None:
                sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), form)
    elif pa.types.is_string(kind):
        for row, value in enumerate(texts, top):
            if value is not None:
                sheet.write_string(row, column, value)
    else:
        form = book.add_format(
            {
                "num_format": "0.0000"
                if kind == pa.decimal128(18, 4)
                else "0.00"
                if pa.types.is_decimal(kind)
                else "0"
            }
        )
        for row, value in enumerate(texts, top):
            if value is not None:
                sheet.write_number(row, column, value, form)
