"""The example company: a complete set of books with documents, vouchers and balances that agree to the cent.

`generate` writes it. The company costs and posts with code of its own, so that books and pipeline agree
only when both
are right; faults are seeded into the finished extracts, by `faults`, when they are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.messages import UsageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["DemoSummary", "generate"]

LARGE = 60_000
"""Document lines from which the extracts are Parquet instead of workbooks."""


@dataclass(frozen=True)
class DemoSummary:
    """What was written; documents are stock documents, orders, invoices, payments and applications."""

    folder: Path
    periods: tuple[str, ...]
    documents: int
    document_lines: int
    vouchers: int
    ledger_lines: int


def generate(
    target: Path,
    periods: int = 3,
    documents: int = 400,
    seed: int = 1,
    first_period: str = "2026-01",
    faults: str | None = None,
) -> DemoSummary:
    """Write the books folder `target`: settings, account map, posting rules and the inbox.

    `documents` is roughly the number of business documents a period, each of about 2.7 lines. The same
    arguments write the same bytes. `faults` names a set of faults to seed; what they are is then in
    `answer_key.csv`. UsageError when the folder holds something, an argument is out of range or the set is
    not known.
    """
    from pipelines.demo.faults import PROFILES
    from pipelines.demo.history import make_history
    from pipelines.demo.package import summary, write_books

    if target.exists() and any(target.iterdir()):
        raise UsageError("demo_folder_not_empty", folder=str(target))
    if not (1 <= periods <= 60 and 20 <= documents <= 1_000_000):
        raise UsageError("demo_out_of_range", periods=periods, documents=documents)
    if faults not in (None, *PROFILES):
        raise UsageError("demo_faults_unknown", faults=faults, known=", ".join(PROFILES))
    history = make_history(periods, documents, seed, first_period)
    write_books(history, target, first_period, None if faults is None else seed)
    return summary(history, target)
