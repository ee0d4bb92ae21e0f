"""Hashing, flushing and atomic replacing of files and links: the file operations that publication relies on.

What is published, in which order and why, is decided in the other modules of this package.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20


def canonical_json(value: Any) -> bytes:
    """The one way a value becomes bytes that are hashed: keys sorted, UTF-8, two spaces, a final newline."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False)
    return text.encode() + b"\n"


def sha256_of_bytes(data: bytes) -> str:
    """Hexadecimal SHA-256 of the bytes, 64 characters."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's content, 64 characters; the file is read in pieces of 1 MiB."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def files_under(folder: Path) -> list[str]:
    """Paths of every entry below `folder` that is not a folder, relative, with `/`, sorted."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def sync_file(path: Path) -> None:
    """Return only when the file's content is on the disk."""
    _sync(path, os.O_RDONLY)


def sync_folder(path: Path) -> None:
    """Return only when the folder's list of names is on the disk."""
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def sync_tree(folder: Path) -> None:
    """`sync_file` and `sync_folder` for everything below the folder and for the folder itself."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            continue
        if path.is_dir():
            sync_folder(path)
        else:
            sync_file(path)
    sync_folder(folder)


def move(source: Path, target: Path) -> None:
    """Rename a file or folder in one step and wait until it is on the disk; `target` must not be there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
    sync_folder(target.parent)
    sync_folder(source.parent)


def replace(source: Path, target: Path) -> None:
    """Put `source`, a file or a link, in the place of `target` in one step: a reader sees old or new."""
    source.replace(target)
    sync_folder(target.parent)


def write_whole(path: Path, data: bytes) -> None:
    """Write a small file in one step: a reader sees old or new. A crash may lose it."""
    waiting = path.with_name(f"{path.name}.{os.getpid()}")
    waiting.write_bytes(data)
    waiting.replace(path)


def free_name(folder: Path, name: str) -> Path:
    """The first of `name.1`, `name.2` … that does not exist in `folder`."""
    number = 1
    while os.path.lexists(folder / f"{name}.{number}"):
        number += 1
    return folder / f"{name}.{number}"


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
