"""Delivered rows exchanged for their corrections, in SQL: one for one, whatever comes after sees one row.

Which corrections there are is read in `corrections.py`; whether the new values are right is judged like any
delivery.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyarrow as pa

from pipelines.extracts.grid import identifier, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

    from pipelines.books import Extract
    from pipelines.contract import Table
    from pipelines.extracts.corrections import Correction

COLUMNS = (
    "table_name VARCHAR, extract VARCHAR, file VARCHAR, row BIGINT, of_file VARCHAR, of_row BIGINT, "
    "status VARCHAR"
)
"""Of `raw.correction`: a corrected row, the delivered one, and `applied`, `unchanged` (the same text) or
`stale` (the delivered row is no longer there)."""


def row_check(table: Table) -> str:
    """SQL: a short hash of a row's text; equal rows with equal places are numbered by `occurrence`."""
    texts = ", ".join(
        f"case when {identifier(name)} is not null then {quoted(f'{name}=')} || {identifier(name)} end"
        for name in table.columns
    )
    return f"md5(array_to_string(list_filter([{texts}], lambda text: text is not null), chr(31)))[1:16]"


def with_checks(table: Table, rows: str, of: str = "_file, _row") -> str:
    """SQL of the rows with `_check`, which with extract, file and row names each of them for itself."""
    return (
        "select * exclude (_hash, occurrence), _hash || if(occurrence > 1, '-' || occurrence, '') as _check "
        f"from (select *, row_number() over (partition by {of}, _hash) as occurrence "
        f"from (select *, {row_check(table)} as _hash from ({rows})))"
    )


def exchanged(
    connection: duckdb.DuckDBPyConnection,
    extract: Extract,
    table: Table,
    rows: str,
    corrections: Sequence[Correction],
) -> str:
    """SQL of an extract's rows in which those corrected are replaced, with `_counted`, the delivered file.

    A corrected row has the place of its correction in `_file` and `_row`. One temporary table per extract
    keeps the rows that corrections name.
    """
    ours = [one for one in corrections if (one.table, one.extract) == (table.name, extract.label)]
    if not ours:
        return f"select *, _file as _counted from ({rows})"
    given, touched = _names(extract)
    connection.register("_corrections", _as_table(table, ours))
    connection.execute(f"create or replace temp table {given} as select * from _corrections")
    connection.unregister("_corrections")
    named = f"from ({rows}) as delivered {{}} join {given} as corrected "
    named += "on delivered._file = corrected._of_file and delivered._row = corrected._of_row"
    found = with_checks(table, f"select delivered.* {named.format('semi')}")
    connection.execute(f"create or replace temp table {touched} as {_replaced(table, found, given)}")
    kept = ", ".join(map(identifier, (*table.columns, "_file", "_row", "_counted")))
    return (
        f"select {kept} from (select *, _file as _counted from (select delivered.* {named.format('anti')})) "
        f"union all select {kept} from {touched}"
    )


def record(
    connection: duckdb.DuckDBPyConnection, extracts: Iterable[Extract], corrections: Sequence[Correction]
) -> None:
    """Fill `raw.correction` once every extract was read; a correction that met no row is stale."""
    connection.execute(f"create or replace table raw.correction ({COLUMNS})")
    if not corrections:
        return
    met: dict[tuple[str, int], str] = {}
    for extract in extracts:
        if any((one.table, one.extract) == (extract.table, extract.label) for one in corrections):
            touched = _names(extract)[1]
            met |= {
                (file, row): status
                for file, row, status in connection.execute(
                    f"select _new_file, _new_row, _status from {touched} where _status is not null"
                ).fetchall()
            }
    connection.executemany(
        "insert into raw.correction values (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                one.table, one.extract, one.file, one.row, one.of_file, one.of_row,
                met.get((one.file, one.row), "stale"),
            )
            for one in corrections
        ],
    )  # fmt: skip


def _names(extract: Extract) -> tuple[str, str]:
    key = hashlib.sha256(f"{extract.path}\0{extract.definition_hash()}".encode()).hexdigest()[:16]
    return f"_given_{key}", f"_touched_{key}"


def _as_table(table: Table, corrections: Sequence[Correction]) -> pa.Table:
    columns = {name: [one.values.get(name) for one in corrections] for name in table.columns}
    text = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return pa.table(
        text
        | {
            "_given": pa.array([sorted(one.values) for one in corrections], pa.list_(pa.string())),
            "_of_file": pa.array([one.of_file for one in corrections], pa.string()),
            "_of_row": pa.array([one.of_row for one in corrections], pa.int64()),
            "_check": pa.array([one.check for one in corrections], pa.string()),
            "_new_file": pa.array([one.file for one in corrections], pa.string()),
            "_new_row": pa.array([one.row for one in corrections], pa.int64()),
        }
    )


def _replaced(table: Table, found: str, given: str) -> str:
    """The rows that corrections name, with the new text where one is for them and says something else."""
    chosen = ", ".join(
        f"if(list_contains(new._given, {quoted(name)}), new.{identifier(name)}, old.{identifier(name)}) "
        f"as {identifier(name)}"
        for name in table.columns
    )
    merged = (
        f"select {chosen}, old._file as _counted, old._row as _counted_row, new._new_file, new._new_row, "
        f"old._check[1:16] as _hash from ({found}) as old left join {given} as new "
        "on old._file = new._of_file and old._row = new._of_row and old._check = new._check"
    )
    is_new = f"_new_file is not null and {row_check(table)} <> _hash"
    return (
        f"select *, case when {is_new} then 'applied' when _new_file is not null then 'unchanged' end "
        "as _status, "
        f"if({is_new}, _new_file, _counted) as _file, if({is_new}, _new_row, _counted_row) as _row "
        f"from ({merged})"
    )
