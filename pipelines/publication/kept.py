"""Which sealed runs are still there, and finding one by the beginning of its id.

Runs are sealed in sealing.py and never deleted by the program; which of them counts is decided in
snapshot.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.messages import UsageError
from pipelines.publication.manifest import MANIFEST
from pipelines.publication.snapshot import current

if TYPE_CHECKING:
    from pathlib import Path

_ID = re.compile(r"[0-9a-f]{1,16}")
_SHORTEST = 4


def kept_runs(books_root: Path) -> dict[str, list[str]]:
    """Run ids per period, the one sealed last first; only folders that have a manifest."""
    found: dict[str, list[tuple[int, str]]] = {}
    for path in sorted((books_root / "runs").glob(f"*/*/{MANIFEST}")):
        folder = path.parent
        found.setdefault(folder.parent.name, []).append((path.stat().st_mtime_ns, folder.name))
    return {period: [name for _, name in sorted(runs, reverse=True)] for period, runs in found.items()}


def runs_beginning(books_root: Path, text: str) -> list[tuple[str, str]]:
    """(period, run id) of every kept run whose id begins with the text."""
    kept = kept_runs(books_root)
    return [(period, run) for period, runs in kept.items() for run in runs if run.startswith(text)]


def find_run(books_root: Path, text: str) -> tuple[str, str]:
    """(period, run id) of the one run whose id begins with the text, at least four digits of it.

    UsageError when there is none, when several begin so, and when it was published once and is gone.
    """
    wanted = text.strip().lower()
    found = runs_beginning(books_root, wanted)
    if not _ID.fullmatch(wanted) or len(wanted) < _SHORTEST:
        raise UsageError("run_id_wrong", run=text)
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError("run_ambiguous", run=text, listed=_listed(found))
    if any(run.startswith(wanted) for run in _once_published(books_root)):
        raise UsageError("run_not_kept", run=text)
    raise UsageError("run_unknown", run=text, listed=_listed(runs_beginning(books_root, "")) or "–")


def two_runs(books_root: Path, period: str) -> tuple[str, str]:
    """The run of the period before the published one, and the published one; UsageError without either."""
    published = current(books_root).get(period)
    if published is None:
        raise UsageError("period_not_published", period=period)
    earlier = [run for run in kept_runs(books_root).get(period, ()) if run != published]
    if not earlier:
        raise UsageError("run_alone", period=period, run=published)
    return earlier[0], published


def _once_published(books_root: Path) -> set[str]:
    return {
        str(link.readlink()).rsplit("/", 1)[-1]
        for link in (books_root / "snapshots").glob("*/period=*")
        if link.is_symlink()
    }


def _listed(runs: list[tuple[str, str]]) -> str:
    return ", ".join(f"{run} ({period})" for period, run in sorted(runs)[:8])
