"""Which runs count: a snapshot folder of links, one per period, and the one link `published` to switch.

The runs themselves are sealed in sealing.py; the database of views that follows the link is in warehouse.py.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

from pipelines.messages import TieoutError
from pipelines.publication.files import canonical_json, free_name, move, replace, sha256_of_bytes, sync_folder
from pipelines.publication.locking import work_area
from pipelines.publication.manifest import Manifest, read_manifest
from pipelines.publication.sealing import run_path
from pipelines.publication.warehouse import rebuild_warehouse, warehouse_is_current

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SNAPSHOT = re.compile(r"snapshots/[0-9a-f]{16}")
_LINK = re.compile(r"\.\./\.\./runs/(?P<period>[^/]+)/(?P<run_id>[0-9a-f]{16})")


def current(books_root: Path) -> dict[str, str]:
    """Period → run id of everything published, sorted by period; empty before the first publication.

    TieoutError when a link is not as `publish` makes it.
    """
    snapshot = current_snapshot(books_root)
    return {} if snapshot is None else links(snapshot)


def current_snapshot(books_root: Path) -> Path | None:
    """The snapshot that counts; read below it, not below `published`, to see one publication only."""
    link = books_root / "published"
    if not os.path.lexists(link):
        return None
    target = str(link.readlink()) if link.is_symlink() else ""
    if not _SNAPSHOT.fullmatch(target) or not (books_root / target).is_dir():
        raise TieoutError("link_broken", path=str(link), expected="snapshots/…", actual=target)
    return books_root / target


def links(snapshot: Path) -> dict[str, str]:
    """Period → run id as the snapshot's links say; TieoutError for anything in it that is not such a link."""
    found = {}
    for path in sorted(snapshot.iterdir()):
        target = str(path.readlink()) if path.is_symlink() else ""
        match = _LINK.fullmatch(target)
        if match is None or path.name != f"period={match['period']}" or not path.is_dir():
            raise TieoutError(
                "link_broken", path=str(path), expected="../../runs/<period>/<run id>", actual=target
            )
        found[match["period"]] = match["run_id"]
    return found


def published_run(books_root: Path, period: str) -> Path | None:
    """Folder of the published run of the period, None when there is none."""
    found = current(books_root).get(period)
    return None if found is None else run_path(books_root, period, found)


def publish(books_root: Path, runs: Mapping[str, str]) -> Path:
    """Make these runs (period → run id) the ones that count, all at once; other periods stay as they are.

    Returns the snapshot folder. A reader sees all of it or none. The warehouse follows; when that is
    interrupted `repair` does it at the next run. Call it under the lock.
    """
    snapshot = _build_snapshot(books_root, {**current(books_root), **runs})
    _switch(books_root, snapshot)
    rebuild_warehouse(books_root, snapshot, _manifests(books_root, links(snapshot)))
    return snapshot


def repair(books_root: Path) -> bool:
    """Rebuild the warehouse when it does not show what is published; True when it had to.

    What is damaged itself is left alone, so that a run can put it right; `verify` names it.
    """
    try:
        snapshot = current_snapshot(books_root)
        manifests = {} if snapshot is None else _manifests(books_root, links(snapshot))
    except TieoutError:
        return False
    if snapshot is None or warehouse_is_current(books_root, snapshot, manifests):
        return False
    rebuild_warehouse(books_root, snapshot, manifests)
    return True


def snapshot_id(manifests: Mapping[str, Manifest]) -> str:
    """Hash of which run counts in which period, with the hash of its manifest: it seals the whole chain."""
    content = {period: [manifest.run_id, manifest.sha256] for period, manifest in manifests.items()}
    return sha256_of_bytes(canonical_json(content))[:16]


def _manifests(books_root: Path, runs: Mapping[str, str]) -> dict[str, Manifest]:
    found = {}
    for period, run_id in sorted(runs.items()):
        manifest = read_manifest(run_path(books_root, period, run_id))
        if (manifest.inputs.period, manifest.run_id) != (period, run_id):
            raise TieoutError(
                "seal_other_run",
                path=str(run_path(books_root, period, run_id)),
                expected=f"{period} {run_id}",
                actual=f"{manifest.inputs.period} {manifest.run_id}",
            )
        found[period] = manifest
    return found


def _build_snapshot(books_root: Path, runs: Mapping[str, str]) -> Path:
    target = books_root / "snapshots" / snapshot_id(_manifests(books_root, runs))
    if target.is_dir() and _is_as_wanted(target, runs):
        return target
    building = work_area(books_root) / f"snapshot-{target.name}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    for period, run_id in runs.items():
        (building / f"period={period}").symlink_to(f"../../runs/{period}/{run_id}")
    sync_folder(building)
    if os.path.lexists(target):
        move(target, free_name(books_root / ".aside" / "snapshots", target.name))
    move(building, target)
    return target


def _is_as_wanted(snapshot: Path, runs: Mapping[str, str]) -> bool:
    try:
        return links(snapshot) == dict(runs)
    except TieoutError:
        return False


def _switch(books_root: Path, snapshot: Path) -> None:
    link, target = books_root / "published", f"snapshots/{snapshot.name}"
    if link.is_symlink() and str(link.readlink()) == target:
        return
    waiting = work_area(books_root) / "published"
    waiting.unlink(missing_ok=True)
    waiting.symlink_to(target)
    replace(waiting, link)
