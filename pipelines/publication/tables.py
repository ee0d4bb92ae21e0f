"""Which tables a run publishes (read from dbt's manifest) and their export to one Parquet file each.

What the tables hold is decided by the dbt models; hashing and listing of the files is in manifest.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.messages import TieoutError
from pipelines.publication.files import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import duckdb

DICTIONARY = "tables.json"
"""File of a run folder that says what each table and column is, so that the archive explains itself."""


@dataclass(frozen=True)
class PublicTable:
    """One table to export: file name, `schema.relation` in the candidate, the columns of its unique key.

    `is_state` tables go to `state/` and are read by the next period only. `label` and `columns` (name to
    label) are for people who read the archive.
    """

    name: str
    relation: str
    key: tuple[str, ...]
    is_state: bool = False
    label: str = ""
    columns: Mapping[str, str] | None = None

    @property
    def path(self) -> str:
        """Path of the table's file below the run folder."""
        return f"state/{self.name}.parquet" if self.is_state else f"{self.name}.parquet"


def public_tables(manifest: Mapping[str, Any]) -> list[PublicTable]:
    """The tables of a dbt manifest (parsed manifest.json) to export, sorted by file path.

    A model with `access: public` is published; one with `config.meta.state: true` is carried to the next
    period, without the `state_` that its name may begin with; a model may be both. Each names its unique key
    in `config.meta.key`; without one: TieoutError.
    """
    tables = [
        table
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        for table in _tables_of(node)
    ]
    return sorted(tables, key=lambda table: table.path)


def export(connection: duckdb.DuckDBPyConnection, tables: Iterable[PublicTable], folder: Path) -> list[Path]:
    """Write every table to its Parquet file in the order of its key, and the dictionary; returns the paths.

    The same rows give the same bytes at any number of threads. A key that is not unique has no one order, so
    it is a TieoutError that names the table and the key found twice.
    """
    chosen = list(tables)
    connection.execute("set preserve_insertion_order = true")
    (folder / "state").mkdir(parents=True, exist_ok=True)
    written = [_export_one(connection, table, folder / table.path) for table in chosen]
    dictionary = folder / DICTIONARY
    dictionary.write_bytes(canonical_json({table.path: _entry(table) for table in chosen}))
    return [*written, dictionary]


def quoted(name: str) -> str:
    """An SQL identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def _tables_of(node: Mapping[str, Any]) -> list[PublicTable]:
    config = node.get("config") or {}
    meta = {**(node.get("meta") or {}), **(config.get("meta") or {})}
    is_public = "public" in (node.get("access"), config.get("access"))
    roles = [role for role, wanted in ((False, is_public), (True, bool(meta.get("state")))) if wanted]
    if roles and not meta.get("key"):
        raise TieoutError(
            "publication_key_missing", table=node["name"], file=node.get("original_file_path", "")
        )
    name = str(node.get("alias") or node["name"])
    relation = f"{quoted(node['schema'])}.{quoted(name)}"
    columns = {column["name"]: _label(column) for column in (node.get("columns") or {}).values()}
    return [
        PublicTable(
            name.removeprefix("state_") if is_state else name,
            relation,
            tuple(meta["key"]),
            is_state,
            _label(node),
            columns,
        )
        for is_state in roles
    ]


def _label(node: Mapping[str, Any]) -> str:
    meta = {**(node.get("meta") or {}), **((node.get("config") or {}).get("meta") or {})}
    description = " ".join(str(node.get("description") or "").split())
    return " — ".join(part for part in (str(meta.get("label_zh") or ""), description) if part)


def _entry(table: PublicTable) -> dict[str, Any]:
    return {"label": table.label, "key": list(table.key), "columns": dict(table.columns or {})}


def _export_one(connection: duckdb.DuckDBPyConnection, table: PublicTable, path: Path) -> Path:
    _refuse_double_key(connection, table)
    order = ", ".join(f"{quoted(column)} asc nulls last" for column in table.key)
    connection.execute(
        f"copy (select * from {table.relation} order by {order}) to {literal(str(path))} "
        "(format parquet, compression zstd)"
    )
    return path


def _refuse_double_key(connection: duckdb.DuckDBPyConnection, table: PublicTable) -> None:
    columns = ", ".join(quoted(column) for column in table.key)
    found: Sequence[Any] | None = connection.execute(
        f"select {columns} from {table.relation} group by {columns} having count(*) > 1 limit 1"
    ).fetchone()
    if found is not None:
        raise TieoutError(
            "publication_key_twice",
            table=table.name,
            columns=", ".join(table.key),
            value=", ".join(str(value) for value in found),
        )
