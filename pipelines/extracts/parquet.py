"""Parquet files: their column names become row 1, their typed values the text a person would read.

Nested values are kept as JSON text; nothing is interpreted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from pipelines.extracts.grid import Part, Source, identifier, new_connection, quoted, write_named_columns

if TYPE_CHECKING:
    from pathlib import Path


def land_parquet(source: Source, folder: Path) -> list[Part]:
    """Keep the file as one grid in `folder`; InputError when it is damaged."""
    target = folder / "data.parquet"
    with new_connection() as connection:
        try:
            relation = connection.sql(
                f"select * from read_parquet({quoted(str(source.path))}, hive_partitioning = false)"
            )
            names, types = relation.columns, relation.types
            texts = [
                f"{text_of(name, str(kind))} as c{n}"
                for n, (name, kind) in enumerate(zip(names, types, strict=True))
            ]
            table = relation.project(", ".join(texts)).to_arrow_table()
        except duckdb.Error as wrong:
            raise source.error("extracts_damaged", problem=str(wrong).splitlines()[0]) from None
    return source.single(target, write_named_columns(target, names, table))


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
