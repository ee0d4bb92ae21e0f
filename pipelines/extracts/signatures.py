"""What the landing saw of each delivered file: size, time of change, SHA-256; kept in the books folder.

The landing always hashes what it reads; only a look from outside (`tieout status`) trusts what is kept here.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.books import canonical_json
from pipelines.publication.files import sha256_of_file, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FILE = ".seen.json"
_MOST = 64 << 20
"""Bytes of a file that a look still hashes itself; a larger one that was touched counts as changed."""

Signature = tuple[int, int, str]


class Signatures:
    """Signatures by path relative to the books folder: (bytes, time of change in ns, SHA-256)."""

    def __init__(self, root: Path) -> None:
        """Those kept in the books folder; none when there are none or they cannot be read."""
        self._root = root
        self._path = root / _FILE
        self._known: dict[str, Signature] = _read(self._path)
        self._seen: dict[str, Signature] = {}

    def note(self, path: Path, sha256: str) -> None:
        """Remember what a file was when its bytes were hashed just now."""
        found = path.stat()
        self._seen[self._name(path)] = (found.st_size, found.st_mtime_ns, sha256)

    def save(self) -> None:
        """Keep what was noted, and only that: files that are gone are forgotten."""
        write_whole(self._path, canonical_json(self._seen).encode())

    def hash_of(self, path: Path) -> str:
        """SHA-256 of the file: the kept one while size and time are the same, else hashed now; empty for a
        large file that was touched, which then counts as changed.
        """
        found = path.stat()
        size, changed, sha256 = self._known.get(self._name(path), (-1, -1, ""))
        if (size, changed) == (found.st_size, found.st_mtime_ns):
            return sha256
        return sha256_of_file(path) if found.st_size <= _MOST else ""

    def has_all(self, paths: Iterable[Path]) -> bool:
        """Whether every file is as it was when it was hashed."""
        stats = ((self._name(path), path.stat()) for path in paths)
        return all(
            self._known.get(name, (-1, -1, ""))[:2] == (found.st_size, found.st_mtime_ns)
            for name, found in stats
        )

    def _name(self, path: Path) -> str:
        return os.path.relpath(path, self._root).replace(os.sep, "/")


def _read(path: Path) -> dict[str, Signature]:
    try:
        kept: Mapping[str, tuple[int, int, str]] = json.loads(path.read_text("utf-8"))
        return {
            name: (int(size), int(changed), str(sha256)) for name, (size, changed, sha256) in kept.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
