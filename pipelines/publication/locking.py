"""One writer per books folder, who that is, and the disposable folders it works in.

Readers need no lock: what is published never changes. What is built in a work folder is decided elsewhere.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pipelines.messages import TieoutError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAUSE = 0.2
_LOCK = ".lock"


@dataclass(frozen=True)
class Holder:
    """Who holds a books folder: process, machine, command, and since when; `?` for what is not known."""

    pid: str = "?"
    host: str = "?"
    command: str = "?"
    since: str = "?"

    def is_alive(self) -> bool:
        """Whether the process is there; of another machine's nobody here can tell, so it counts as there."""
        if not self.pid.isdecimal():
            return False
        if self.host not in ("?", socket.gethostname()):
            return True
        try:
            os.kill(int(self.pid), 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


@contextmanager
def lock(books_root: Path, command: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the books folder for writing; TieoutError naming the holder when it is not free in time.

    The lock dies with its process. What killed runs left in the work folders is removed on entry.
    """
    with (books_root / _LOCK).open("a+", encoding="utf-8") as handle:
        _acquire(handle, books_root, wait_seconds)
        _write_holder(handle, command)
        shutil.rmtree(books_root / ".work", ignore_errors=True)
        try:
            yield
        finally:
            handle.truncate(0)
            handle.flush()


def holder(books_root: Path) -> Holder | None:
    """Who holds the books folder now, None when nobody does; a reader's look, which takes no lock itself.

    A process that was killed leaves its name behind but no lock: it counts as gone.
    """
    try:
        text = (books_root / _LOCK).read_text("utf-8")
    except OSError:
        return None
    found = _read(text)
    return found if text.strip() and found.is_alive() else None


@contextmanager
def work_folder(books_root: Path, period: str) -> Iterator[Path]:
    """A new empty folder `.work/<period>-…`; removed afterwards, after an error when the next run starts.

    Call it under the lock.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"{period}-", dir=work_area(books_root)))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def work_area(books_root: Path) -> Path:
    """The folder for everything unfinished, on the same disk as the results."""
    area = books_root / ".work"
    area.mkdir(parents=True, exist_ok=True)
    return area


def _acquire(handle: TextIO, books_root: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                handle.seek(0)
                raise TieoutError(
                    "books_locked", path=str(books_root), **asdict(_read(handle.read()))
                ) from None
            time.sleep(_PAUSE)


def _write_holder(handle: TextIO, command: str) -> None:
    handle.truncate(0)
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    handle.write(json.dumps(asdict(Holder(str(os.getpid()), socket.gethostname(), command, since))))
    handle.flush()


def _read(text: str) -> Holder:
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        return Holder()
    return Holder(**{name: str(values.get(name, "?")) for name in Holder.__dataclass_fields__})
