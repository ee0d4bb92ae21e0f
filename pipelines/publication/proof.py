"""Proving that everything published is what was sealed: the files, the chain of runs, links and warehouse.

It only reads, and reports differences as data; what a single folder owes its own manifest is in manifest.py.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from pipelines.messages import TieoutError
from pipelines.publication.manifest import Manifest, problems, read_manifest
from pipelines.publication.sealing import run_path
from pipelines.publication.snapshot import current_snapshot, links, snapshot_id
from pipelines.publication.warehouse import WAREHOUSE, warehouse_is_current

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was published. `kind` is a key of the message catalogue; `path` is relative
    to the books folder; `expected` and `actual` are hashes, figures or link targets.
    """

    kind: str
    period: str = ""
    run_id: str = ""
    path: str = ""
    expected: str = ""
    actual: str = ""

    def text(self, lang: Literal["zh", "en"]) -> str:
        """The finding as a sentence that says what, where and what to do."""
        return TieoutError(self.kind, **asdict(self)).text(lang)


def verify(books_root: Path) -> list[Finding]:
    """All findings over every published period, in the order links, files, chain, inputs, warehouse.

    Empty when everything is as it was published, and when nothing was published yet. Cost: one read of every
    published byte.
    """
    try:
        snapshot = current_snapshot(books_root)
        runs = {} if snapshot is None else links(snapshot)
    except TieoutError as error:
        return [_link_finding(books_root, error)]
    if snapshot is None:
        return []
    found = []
    for period, run_id in runs.items():
        found += _run_findings(books_root, period, run_id)
    manifests = _readable(books_root, runs)
    found += _chain_findings(books_root, runs, manifests)
    found += _input_findings(books_root, manifests)
    return found + _shell_findings(books_root, snapshot, runs, manifests)


def _link_finding(books_root: Path, error: TieoutError) -> Finding:
    path = os.path.relpath(str(error.fields["path"]), books_root)
    return Finding(
        "link_broken", path=path, expected=str(error.fields["expected"]), actual=str(error.fields["actual"])
    )


def _run_findings(books_root: Path, period: str, run_id: str) -> list[Finding]:
    folder = run_path(books_root, period, run_id)
    place = folder.relative_to(books_root).as_posix()
    return [
        Finding(problem.kind, period, run_id, f"{place}/{problem.path}", problem.expected, problem.actual)
        for problem in problems(folder)
    ]


def _readable(books_root: Path, runs: Mapping[str, str]) -> dict[str, Manifest]:
    found = {}
    for period, run_id in runs.items():
        try:
            found[period] = read_manifest(run_path(books_root, period, run_id))
        except TieoutError:
            continue  # reported by _run_findings
    return found


def _chain_findings(
    books_root: Path, runs: Mapping[str, str], manifests: Mapping[str, Manifest]
) -> list[Finding]:
    found = []
    periods = list(runs)
    for before, period in zip([None, *periods], periods, strict=False):
        if period not in manifests or (before and before not in manifests):
            continue  # without a manifest there is nothing to compare
        manifest = manifests[period]
        expected, actual = _link_to(manifests[before] if before else None), _link_named(manifest)
        if expected != actual:
            kind = "chain_broken" if expected[:2] == actual[:2] else "chain_stale"
            place = run_path(books_root, period, manifest.run_id).relative_to(books_root).as_posix()
            found.append(
                Finding(
                    kind,
                    period,
                    manifest.run_id,
                    f"{place}/manifest.json",
                    " ".join(expected),
                    " ".join(actual),
                )
            )
    return found


def _link_to(before: Manifest | None) -> tuple[str, ...]:
    return ("-",) if before is None else (before.inputs.period, before.run_id, before.sha256)


def _link_named(manifest: Manifest) -> tuple[str, ...]:
    previous = manifest.inputs.previous
    return ("-",) if previous is None else (previous.period, previous.run_id, previous.manifest_sha256)


def _input_findings(books_root: Path, manifests: Mapping[str, Manifest]) -> list[Finding]:
    landed = books_root / "landed"
    return [
        Finding("input_missing", period, manifest.run_id, f"landed/{item.sha256}", item.file)
        for period, manifest in manifests.items()
        for item in manifest.inputs.inputs
        if item.extract and not any(landed.glob(f"{item.sha256}*"))
    ]


def _shell_findings(
    books_root: Path, snapshot: Path, runs: Mapping[str, str], manifests: Mapping[str, Manifest]
) -> list[Finding]:
    if manifests.keys() != runs.keys():
        return []
    found = []
    expected = snapshot_id(manifests)
    if expected != snapshot.name:
        found.append(
            Finding(
                "snapshot_differs", path=f"snapshots/{snapshot.name}", expected=expected, actual=snapshot.name
            )
        )
    if not warehouse_is_current(books_root, snapshot, manifests):
        found.append(Finding("warehouse_stale", path=WAREHOUSE, expected=snapshot.name))
    return found
