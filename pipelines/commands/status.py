"""`tieout status`: every published period with its verdict, and whether it is to be run again.

What a delivery changed is found by `tieout run`; this command only reads what is published.
"""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.commands import _common as common

FIGURES = [
    "difference_amount",
    "timing_amount",
    "correct_ledger_amount",
    "correct_subledger_amount",
    "accepted_amount",
    "unidentified_amount",
    "break_count",
]


@click.command("status", help="Verdict of every published period · 各期间的结论")
@common.books_option
@common.format_option
def command(folder: Path | None, style: str) -> int:
    """Returns 0: the verdicts are the answer."""
    from pipelines import published
    from pipelines.publication import current, stale

    books = common.open_books(folder)
    runs, again = current(books.root), stale(books.root)
    verdicts = published.read(books.root, "verdict", ["period", "verdict", *FIGURES])
    rows = [
        (row[0], "stale" if row[0] in again else "published", *row[1:], runs[row[0]]) for row in verdicts.rows
    ]
    common.show(style, ["period", "state", "verdict", *FIGURES, "run_id"], rows, books.language)
    return 0
