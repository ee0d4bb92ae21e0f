"""What is different between the inputs of two runs: files, settings, rules, code, packages, the run before.

What came out differently is in `pipelines/comparison.py`; where runs lie and which are kept is in `kept.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.publication.files import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pipelines.publication.identity import InputFile, RunInputs

SETTINGS = "settings.json"
"""File of a run folder with every setting, account and rule it was run with."""


@dataclass(frozen=True)
class Change:
    """One thing that differs. `kind` is `file_added`, `file_changed`, `file_removed`, `settings`, `rules`,
    `code`, `packages` or `previous`; `name` says which one, `before` and `after` are hashes, versions or ids.
    """

    kind: str
    name: str = ""
    before: str = ""
    after: str = ""


def changes_between(before: RunInputs, after: RunInputs) -> list[Change]:
    """Everything by which the inputs differ, files first; empty when both make the same run."""
    return [
        *_file_changes(before.inputs, after.inputs),
        *_one("settings", before.settings, after.settings, "books.yml"),
        *_named("rules", before.rules, after.rules),
        *_one("code", before.code, after.code),
        *_named("packages", before.packages, after.packages),
        *_one("previous", _run(before), _run(after), (before.previous or after.previous or before).period),
    ]


def settings_of(folder: Path) -> dict[str, Any] | None:
    """The settings a run was made with; None in a run of an older version, which kept their hash only."""
    path = folder / SETTINGS
    return json.loads(path.read_bytes()) if path.exists() else None


def setting_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Settings that differ, under their dotted names; of lists, the entries that came and went."""
    old, new = dict(_flat("", before)), dict(_flat("", after))
    return [
        Change("settings", name.split("\0")[0], old.get(name, ""), new.get(name, ""))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _file_changes(before: tuple[InputFile, ...], after: tuple[InputFile, ...]) -> Iterator[Change]:
    old = {(item.table, item.extract, item.file): item.sha256 for item in before}
    new = {(item.table, item.extract, item.file): item.sha256 for item in after}
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            yield Change("file_added", key[2], "", new[key])
        elif key not in new:
            yield Change("file_removed", key[2], old[key], "")
        elif old[key] != new[key]:
            yield Change("file_changed", key[2], old[key], new[key])


def _one(kind: str, before: str, after: str, name: str = "") -> Iterator[Change]:
    if before != after:
        yield Change(kind, name, before, after)


def _named(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted(before.keys() | after.keys()):
        yield from _one(kind, before.get(name, ""), after.get(name, ""), name)


def _run(inputs: RunInputs) -> str:
    return "" if inputs.previous is None else inputs.previous.run_id


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}" if name else key, inner)
    elif isinstance(value, list):
        for entry in value:
            kept = (
                {k: v for k, v in entry.items() if v not in (None, "", [], {})}
                if isinstance(entry, dict)
                else entry
            )
            text = json.dumps(kept, ensure_ascii=False, sort_keys=True)
            yield f"{name}\0{canonical_json(entry).decode()}", text
    elif value is not None:
        yield name, str(value)
