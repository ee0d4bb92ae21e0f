"""manifest.json of a run: what went in, what came out, and the hash of every file beside it.

It proves a folder by itself; that folders form a chain and that the published ones are these, is in proof.py.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.messages import TieoutError
from pipelines.publication.files import canonical_json, files_under, sha256_of_bytes, sha256_of_file
from pipelines.publication.identity import RunInputs, run_id
from pipelines.publication.tables import literal

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "manifest.json"
_FORMAT = 1
_WITH_TOTALS = ("voucher_line.parquet", "ledger_line.parquet")


@dataclass(frozen=True)
class FileEntry:
    """One file of a run: path below the run folder, size, SHA-256; rows of a Parquet file; debit and credit
    totals (text, exact, books currency) of the two tables of voucher lines.
    """

    path: str
    bytes: int
    sha256: str
    rows: int | None = None
    debit_amount: str | None = None
    credit_amount: str | None = None


@dataclass(frozen=True)
class Manifest:
    """A run's manifest as read: its id, inputs, files, verdict (figures as text) and its own hash."""

    run_id: str
    inputs: RunInputs
    files: tuple[FileEntry, ...]
    verdict: dict[str, str | None]
    sha256: str


@dataclass(frozen=True)
class Problem:
    """What is wrong with one file of a run folder. `kind` is a key of the message catalogue."""

    kind: str
    path: str
    expected: str = ""
    actual: str = ""


def write_manifest(folder: Path, inputs: RunInputs) -> Path:
    """Hash and count every file below `folder` and write manifest.json; call it when all else is written."""
    path = folder / MANIFEST
    path.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        files = [_describe(connection, folder, name) for name in files_under(folder)]
        verdict = _verdict(connection, folder)
    content = {
        "format": _FORMAT,
        "run_id": run_id(inputs),
        "inputs": inputs.as_dict(),
        "files": [asdict(entry) for entry in files],
        "verdict": verdict,
    }
    path.write_bytes(canonical_json(content))
    return path


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a run folder; TieoutError when it is missing, cannot be understood, or is of a version
    that this code does not know.
    """
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
        content: dict[str, Any] = json.loads(data)
        if content["format"] != _FORMAT:
            raise TieoutError(
                "manifest_other_format", path=str(path), expected=_FORMAT, actual=content["format"]
            )
        return Manifest(
            content["run_id"],
            RunInputs.from_dict(content["inputs"]),
            tuple(FileEntry(**entry) for entry in content["files"]),
            content["verdict"],
            sha256_of_bytes(data),
        )
    except FileNotFoundError:
        raise TieoutError("manifest_missing", path=str(path), expected="", actual="") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TieoutError("manifest_unreadable", path=str(path), expected="", actual=str(error)) from error


def problems(folder: Path) -> list[Problem]:
    """Everything by which a run folder differs from its own manifest; empty when it is as it was sealed.

    Every byte is hashed again, rows and totals are counted again, the run id is computed again.
    """
    try:
        manifest = read_manifest(folder)
    except TieoutError as error:
        return [Problem(error.key, MANIFEST, str(error.fields["expected"]), str(error.fields["actual"]))]
    found = []
    computed = run_id(manifest.inputs)
    if manifest.run_id != computed:
        found.append(Problem("run_id_changed", MANIFEST, computed, manifest.run_id))
    return found + _file_problems(folder, manifest)


def _file_problems(folder: Path, manifest: Manifest) -> list[Problem]:
    listed = {entry.path: entry for entry in manifest.files}
    present = set(files_under(folder)) - {MANIFEST}
    found = [Problem("file_missing", path) for path in sorted(listed.keys() - present)]
    found += [Problem("file_extra", path) for path in sorted(present - listed.keys())]
    with duckdb.connect() as connection:
        for path in sorted(listed.keys() & present):
            found += _one_file(connection, folder, listed[path])
    return found


def _one_file(connection: duckdb.DuckDBPyConnection, folder: Path, entry: FileEntry) -> list[Problem]:
    path = folder / entry.path
    if path.is_symlink():
        return [Problem("file_changed", entry.path, entry.sha256, "link")]
    actual = sha256_of_file(path)
    if actual != entry.sha256:
        return [Problem("file_changed", entry.path, entry.sha256, actual)]
    again = _describe(connection, folder, entry.path)
    if again == entry:
        return []
    return [Problem("file_miscounted", entry.path, _figures(entry), _figures(again))]


def _figures(entry: FileEntry) -> str:
    return f"{entry.bytes} / {entry.rows} / {entry.debit_amount} / {entry.credit_amount}"


def _describe(connection: duckdb.DuckDBPyConnection, folder: Path, name: str) -> FileEntry:
    path = folder / name
    rows, debit, credit = None, None, None
    if name.endswith(".parquet"):
        counted = f"select sum(num_rows)::bigint from parquet_file_metadata({literal(str(path))})"
        rows = _one(connection, counted)[0]
    if name in _WITH_TOTALS:
        debit, credit = _one(
            connection,
            f"""
            select coalesce(sum(debit_amount), 0)::decimal(38,2)::varchar,
                   coalesce(sum(credit_amount), 0)::decimal(38,2)::varchar
            from read_parquet({literal(str(path))}, hive_partitioning = false)""",
        )
    return FileEntry(name, path.stat().st_size, sha256_of_file(path), rows, debit, credit)


def _verdict(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str | None]:
    path = folder / "verdict.parquet"
    if not path.exists():
        return {}
    result = connection.execute(f"select columns(*)::varchar from read_parquet({literal(str(path))})")
    names = [column[0] for column in result.description or []]
    row = result.fetchone()
    return dict(zip(names, row, strict=True)) if row else {}


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None, query
    return row
