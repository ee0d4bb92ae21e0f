"""Parquet files: their column names become row 1, their typed values the text a person would read.

Nested values are kept as JSON text; nothing is interpreted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from pipelines.extracts.grid import (
    BLOCK,
    Part,
    Source,
    cell,
    identifier,
    new_connection,
    quoted,
    write_named_columns,
)

if TYPE_CHECKING:
    from pathlib import Path


def land_parquet(source: Source, folder: Path) -> list[Part]:
    """Keep the file as one grid in `folder`; InputError when it is damaged."""
    target = folder / "data.parquet"
    file = f"read_parquet({quoted(str(source.path))}, hive_partitioning = false"
    with new_connection() as connection:
        try:
            relation = connection.sql(f"select * from {file})")
            columns = list(zip(relation.columns, map(str, relation.types), strict=True))
            texts = ", ".join(
                f"{text_of(name, kind)} as {cell(n)}" for n, (name, kind) in enumerate(columns, 1)
            )
            body = f"select file_row_number + 2 as _row, {texts} from {file}, file_row_number = true)"
            batches = connection.sql(body).to_arrow_reader(BLOCK)
            shape = write_named_columns(target, relation.columns, batches)
        except duckdb.Error as wrong:
            raise source.error("extracts_damaged", problem=str(wrong).splitlines()[0]) from None
    return source.single(target, shape)


def text_of(name: str, kind: str) -> str:
    """SQL for a column as text: floats by their 15 significant digits, lists and structs as JSON."""
    column = identifier(name)
    if kind in ("DOUBLE", "FLOAT"):
        return f"format('{{:.{15 if kind == 'DOUBLE' else 7}g}}', {column})"
    if kind == "BLOB":
        return f"decode({column})"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"to_json({column})::varchar"
    return f"{column}::varchar"
