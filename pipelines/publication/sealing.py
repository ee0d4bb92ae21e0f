"""Moving a finished export into its place under `runs/`, once and for all: a sealed run never changes.

Building the export is in tables.py and manifest.py; which sealed run counts is decided in snapshot.py.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pipelines.messages import TieoutError
from pipelines.publication.files import files_under, free_name, move, sync_tree
from pipelines.publication.manifest import Manifest, problems, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

_READ_ONLY = 0o444


def seal(export: Path, books_root: Path, period: str, run_id: str) -> Path:
    """Move the folder `export`, manifest included, to `runs/<period>/<run_id>` in one step; returns that.

    `export` lies in a work folder of these books and is gone afterwards. If the run is already there and
    intact it is kept, and must be the same: another manifest under the same id is a TieoutError. What is
    there but incomplete or damaged is moved to `.aside/`, never deleted. Call it under the lock.
    """
    manifest = read_manifest(export)
    if (manifest.run_id, manifest.inputs.period) != (run_id, period):
        raise TieoutError(
            "seal_other_run",
            path=str(export),
            expected=f"{period} {run_id}",
            actual=f"{manifest.inputs.period} {manifest.run_id}",
        )
    target = run_path(books_root, period, run_id)
    if os.path.lexists(target):
        if not problems(target):
            return _same_run(target, manifest)
        move(target, free_name(books_root / ".aside" / period, run_id))
    _protect(export)
    sync_tree(export)
    move(export, target)
    return target


def run_path(books_root: Path, period: str, run_id: str) -> Path:
    """Where the run lies or will lie."""
    return books_root / "runs" / period / run_id


def _same_run(target: Path, wanted: Manifest) -> Path:
    sealed = read_manifest(target)
    if sealed.sha256 != wanted.sha256:
        changed = {entry.path for entry in set(sealed.files) ^ set(wanted.files)}
        raise TieoutError(
            "sealed_run_differs",
            path=str(target),
            period=wanted.inputs.period,
            run_id=wanted.run_id,
            files=", ".join(sorted(changed)[:5]) or "manifest.json",
        )
    return target


def _protect(folder: Path) -> None:
    for name in files_under(folder):
        (folder / name).chmod(_READ_ONLY)
