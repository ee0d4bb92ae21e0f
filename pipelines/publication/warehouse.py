"""warehouse.duckdb: one view per public table over all published periods, for analysts and BI tools.

It holds no data and can always be rebuilt; what is published is decided in snapshot.py.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.publication.files import replace, sync_file
from pipelines.publication.locking import work_area
from pipelines.publication.tables import DICTIONARY, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipelines.publication.manifest import Manifest

WAREHOUSE = "warehouse.duckdb"
_ABOUT = "published_run"


def rebuild_warehouse(books_root: Path, snapshot: Path, manifests: Mapping[str, Manifest]) -> Path:
    """Build the database aside and put it in the place of the old one in one step.

    The views name the snapshot's files by absolute path, so that the database can be opened from any folder
    and one open connection never sees two publications mixed. After the books folder moved, rebuild it.
    """
    building = work_area(books_root) / WAREHOUSE
    for leftover in (building, building.with_suffix(".duckdb.wal")):
        leftover.unlink(missing_ok=True)
    with duckdb.connect(str(building)) as connection:
        for statement in _statements(snapshot.resolve(), manifests):
            connection.execute(statement)
    sync_file(building)
    replace(building, books_root / WAREHOUSE)
    return books_root / WAREHOUSE


def warehouse_is_current(books_root: Path, snapshot: Path, manifests: Mapping[str, Manifest]) -> bool:
    """Whether the warehouse shows exactly these runs, from where they lie now; False if unreadable."""
    path = books_root / WAREHOUSE
    if not path.exists():
        return False
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            shown = connection.execute(f"select * from {_ABOUT}").fetchall()
            views = connection.execute(
                "select view_name, sql from duckdb_views() where not internal"
            ).fetchall()
    except duckdb.Error:
        return False
    tables = _tables(manifests)
    pointing = {name for name, sql in views if str(snapshot.resolve()) in sql}
    return sorted(shown) == _about(snapshot.resolve(), manifests) and pointing >= {*tables, _ABOUT}


def _tables(manifests: Mapping[str, Manifest]) -> list[str]:
    paths = {entry.path for manifest in manifests.values() for entry in manifest.files}
    return sorted(
        path.removesuffix(".parquet") for path in paths if path.endswith(".parquet") and "/" not in path
    )


def _about(snapshot: Path, manifests: Mapping[str, Manifest]) -> list[tuple[str, str, str, str]]:
    return [
        (period, manifest.run_id, manifest.sha256, str(snapshot / f"period={period}"))
        for period, manifest in sorted(manifests.items())
    ]


def _statements(snapshot: Path, manifests: Mapping[str, Manifest]) -> list[str]:
    rows = ", ".join("(" + ", ".join(map(literal, row)) + ")" for row in _about(snapshot, manifests))
    about = f"select * from (values {rows}) as run(period, run_id, manifest_sha256, folder)"
    found = [f"create view {_ABOUT} as {about}"]
    labels = _labels(snapshot, manifests)
    for table in _tables(manifests):
        files = literal(f"{snapshot}/period=*/{table}.parquet")
        found.append(
            f"create view {quoted(table)} as select * from read_parquet({files}, "
            "hive_partitioning = false, union_by_name = true)"
        )
        found += _comments(table, labels.get(f"{table}.parquet", {}))
    return found


def _comments(table: str, entry: Mapping[str, Any]) -> list[str]:
    found = [f"comment on view {quoted(table)} is {literal(entry['label'])}"] if entry.get("label") else []
    found += [
        f"comment on column {quoted(table)}.{quoted(column)} is {literal(label)}"
        for column, label in entry.get("columns", {}).items()
        if label
    ]
    return found


def _labels(snapshot: Path, manifests: Mapping[str, Manifest]) -> dict[str, Any]:
    path = snapshot / f"period={max(manifests)}" / DICTIONARY
    return json.loads(path.read_bytes()) if path.exists() else {}
