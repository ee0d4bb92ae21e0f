"""How a delivered sheet or file is kept: every cell as text in columns c1 … cN, with the row a person sees.

Readers make grids and nothing else; which row holds the headers and what they mean is `mapping.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.messages import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

BLOCK = 200_000
"""Rows that are in memory at a time."""


@dataclass(frozen=True)
class Source:
    """One file to read: where its bytes are, how people call it, what the settings say about reading it."""

    path: Path
    name: str
    encoding: str | None = None
    delimiter: str | None = None

    def error(self, key: str, **fields: object) -> InputError:
        """An error about this file."""
        return InputError(key, file=self.name, **fields)

    def single(self, target: Path, shape: tuple[int, int]) -> list[Part]:
        """The parts of a file that is one grid, kept in `target`; none when it has no rows."""
        return [Part("", "", target.name, *shape, is_visible=True)] if shape[1] else []


@dataclass(frozen=True)
class Part:
    """One grid of a delivered file: its sheet and its member of an archive, both empty for a plain file."""

    name: str
    member: str
    file: str
    columns: int
    rows: int
    is_visible: bool


def cell(number: int) -> str:
    """Name of the grid's column, counted from 1."""
    return f"c{number}"


def write_grid(target: Path, rows: Iterable[Sequence[str | None]], size: int = BLOCK) -> tuple[int, int]:
    """Write rows (of any width, numbered from 1) as one Parquet file; returns (columns, rows).

    Rows are taken in blocks, so a long file does not need to fit into memory; the width is that of the widest
    row, which is why the blocks are joined at the end when they differ.
    """
    blocks: list[pa.Table] = []
    done = 0
    for block in _blocks(rows, size):
        blocks.append(_table(block, done))
        done += len(block)
    if not blocks:
        return 0, 0
    table = pa.concat_tables(blocks, promote_options="default")
    names = [cell(number) for number in range(1, table.num_columns)]
    pq.write_table(table.select(["_row", *names]), target, compression="zstd")
    return len(names), done


def write_named_columns(target: Path, names: Sequence[str], rows: pa.RecordBatchReader) -> tuple[int, int]:
    """Write columns that have names of their own, which become row 1; `rows` has the columns of a grid and
    numbers from 2. One batch is in memory at a time.
    """
    head, done = _table([list(names)], 0), 1
    with pq.ParquetWriter(target, head.schema, compression="zstd") as writer:
        writer.write_table(head)
        for batch in rows:
            writer.write_batch(batch.cast(head.schema))
            done += batch.num_rows
    return len(names), done


def _blocks(rows: Iterable[Sequence[str | None]], size: int) -> Iterator[list[Sequence[str | None]]]:
    block: list[Sequence[str | None]] = []
    for row in rows:
        block.append(row)
        if len(block) == size:
            yield block
            block = []
    if block:
        yield block


def _table(block: Sequence[Sequence[str | None]], done: int) -> pa.Table:
    width = max(map(len, block), default=0) or 1
    padded = [row if len(row) == width else [*row, *[None] * (width - len(row))] for row in block]
    columns = [pa.array(values, pa.string()) for values in zip(*padded, strict=True)]
    numbers = pa.array(range(done + 1, done + len(block) + 1), pa.int64())
    return pa.table([numbers, *columns], ["_row", *(cell(number + 1) for number in range(width))])


def plain_number(value: float) -> str:
    """A number as its 15 significant digits without exponent: 3, 0.3 (not 0.30000000000000004), 1200000.5."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    return f"{Decimal(text):f}" if "e" in text else text


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def new_connection() -> duckdb.DuckDBPyConnection:
    """A private in-memory engine for reading files."""
    return duckdb.connect(config={"preserve_insertion_order": True})
