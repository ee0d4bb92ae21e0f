"""What became of the last attempt to run each period: which step stopped it, where, or that it was killed.

It names files, rows, checks and counts and never what stands in a row, since it outlives the run like a log.
What was published is in `publication/`; what it means for a period is in `standing.py`.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.publication.files import canonical_json, write_whole
from pipelines.publication.locking import Holder

if TYPE_CHECKING:
    from pipelines.messages import Language

FILE = ".attempts.json"
EVERY = ""
"""The attempt that came to no period: something delivered could not be read at all."""

MOST_REASONS = 12


@dataclass(frozen=True)
class Attempt:
    """The last attempt of one period. `state` is `running` or `stopped`; `inbox` is the state of the delivery
    it saw; `reasons` says per language what stopped it, the most important first.
    """

    period: str
    state: str
    began: str
    inbox: str = ""
    ended: str = ""
    pid: str = "?"
    host: str = "?"
    reasons: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_killed(self) -> bool:
        """Whether it began and its process is gone without an end."""
        return self.state == "running" and not Holder(self.pid, self.host).is_alive()

    @property
    def is_stopped(self) -> bool:
        """Whether it did not come to its end."""
        return self.state == "stopped" or self.is_killed


def read_attempts(root: Path) -> dict[str, Attempt]:
    """Period → its last attempt; empty when nothing was tried yet or the file cannot be read."""
    try:
        kept = json.loads((root / FILE).read_text("utf-8"))
        return {period: Attempt(period=period, **values) for period, values in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def begin(root: Path, period: str, inbox: str) -> None:
    """An attempt begins. Call it, as all that follow, under the lock."""
    _keep(root, Attempt(period, "running", _now(), inbox, "", str(os.getpid()), socket.gethostname()))


def stop(root: Path, period: str, reasons: Mapping[Language, Sequence[str]], inbox: str = "") -> None:
    """It was stopped, for these reasons per language."""
    known = read_attempts(root).get(period)
    begun = known if known is not None and known.state == "running" else Attempt(period, "", _now(), inbox)
    told: dict[str, Sequence[str]] = {name: list(texts)[:MOST_REASONS] for name, texts in reasons.items()}
    _keep(root, replace(begun, state="stopped", ended=_now(), reasons=told))


def settle(root: Path, period: str) -> None:
    """Its result is sealed, now or before: what stopped it earlier counts no more."""
    kept = read_attempts(root)
    if period in kept or EVERY in kept:
        _write(root, {code: one for code, one in kept.items() if code not in (period, EVERY)})


def _keep(root: Path, attempt: Attempt) -> None:
    kept = {code: one for code, one in read_attempts(root).items() if code != EVERY}
    _write(root, {**kept, attempt.period: attempt})


def _write(root: Path, attempts: Mapping[str, Attempt]) -> None:
    values = {
        code: {name: value for name, value in asdict(one).items() if name != "period"}
        for code, one in attempts.items()
    }
    write_whole(root / FILE, canonical_json(values))


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
