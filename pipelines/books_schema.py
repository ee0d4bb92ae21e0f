"""Versions of `books.yml`: which one this code reads, and the steps that turn an older one into it.

A step changes names and shapes of settings in memory and never the file; what a setting may be is in
`books.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.books_yaml import SettingsFile

KEY = "schema"
CURRENT = 1
FIRST = 1
"""What a file without the key is written in: the version that had none."""

Step = Callable[[dict[str, Any]], dict[str, Any]]
STEPS: dict[int, Step] = {}
"""For each older version that is still read: its settings as those of the next one."""


def current_settings(file: SettingsFile) -> dict[str, Any]:
    """The file's settings under the names of the current version, without the key itself.

    UsageError for a version that is newer than this code, or so old that no step leads on from it.
    """
    settings = dict(file.values)
    written = settings.pop(KEY, None)
    version = FIRST if written is None else _number(file, written)
    if version > CURRENT:
        raise file.error("books_schema_newer", (KEY,), schema=version, current=CURRENT)
    for older in range(version, CURRENT):
        if older not in STEPS:
            raise file.error("books_schema_older", (KEY,), schema=version, current=CURRENT)
        settings = STEPS[older](settings)
    return settings


def _number(file: SettingsFile, written: object) -> int:
    if not (isinstance(written, str) and written.isascii() and written.isdecimal()):
        raise file.error("books_schema_wrong", (KEY,), value=written, current=CURRENT)
    return int(written)
