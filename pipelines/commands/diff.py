"""`tieout diff`: what is different between two runs of one period, in what went in and what came out.

Inputs are compared in `publication/changes.py`, results in `pipelines/comparison.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands import _common as common

if TYPE_CHECKING:
    from pipelines.books import Books
    from pipelines.comparison import Outcome
    from pipelines.publication import Change

MOST = 20
"""Rows shown of one kind; JSON and CSV have all."""

SHORT = 16
COLUMNS = ["section", "change", "name", "before", "after"]
BREAKS = [
    "change", "break_id", "tie_code", "document", "before_amount", "after_amount", "before_cause_code",
    "after_cause_code",
]  # fmt: skip
VOUCHERS = ["change", "document", "voucher_id", "before_amount", "after_amount"]


@click.command("diff", help="What is different between two runs · 两次运行有何不同")
@click.argument("first", metavar="RUN|PERIOD")
@click.argument("second", required=False, metavar="[RUN]")
@common.books_option
@common.format_option
def command(folder: Path | None, first: str, second: str | None, style: str) -> int:
    """A period compares its published run with the one before it; one run, it with the published one.

    Run ids may be abbreviated to 4 digits or more. Returns 0 whether anything differs or not.
    """
    from pipelines.comparison import compare
    from pipelines.publication import changes_between, read_manifest, run_path

    books = common.open_books(folder)
    period, before, after = _chosen(books, first, second)
    folders = [run_path(books.root, period, run) for run in (before, after)]
    inputs = changes_between(*(read_manifest(path).inputs for path in folders))
    outcome = compare(*folders)
    changes = _with_settings(inputs, *folders)
    if style == "table":
        _Page(books).print(f"{before[:SHORT]}", f"{after[:SHORT]}", period, changes, outcome)
    else:
        common.show(style, COLUMNS, _rows(changes, outcome), books.language)
    return 0


def _chosen(books: Books, first: str, second: str | None) -> tuple[str, str, str]:
    from pipelines.messages import UsageError
    from pipelines.publication import current, find_run, two_runs

    if second is None and (code := _as_period(books, first)):
        return (code, *two_runs(books.root, code))
    period, before = find_run(books.root, first)
    if second is None:
        published = current(books.root).get(period)
        if published is None:
            raise UsageError("period_not_published", period=period)
        return period, before, published
    other, after = find_run(books.root, second)
    if other != period:
        raise UsageError("diff_two_periods", before=before, after=after, first=period, second=other)
    return period, before, after


def _as_period(books: Books, text: str) -> str | None:
    """The period meant. Six digits may begin a run id: a period unless only a run answers to them."""
    from pipelines.messages import UsageError
    from pipelines.publication import kept_runs, runs_beginning

    try:
        code = common.period_code(text)
    except UsageError:
        return None
    if code not in kept_runs(books.root) and runs_beginning(books.root, text):
        return None
    return code


def _with_settings(changes: list[Change], before: Path, after: Path) -> list[Change]:
    """With each setting by name instead of one hash, where both runs kept theirs."""
    from pipelines.publication.changes import setting_changes, settings_of

    old, new = settings_of(before), settings_of(after)
    if old is None or new is None:
        return changes
    kept = [change for change in changes if change.kind not in ("settings", "rules")]
    return kept + setting_changes(old, new)


def _rows(changes: list[Change], outcome: Outcome) -> list[list[Any]]:
    """Everything as rows of one shape; what a row is about stands in `name` as JSON where it has parts."""
    rows = [["input", change.kind, change.name, change.before, change.after] for change in changes]
    rows += [
        [
            "tie",
            row["change"],
            f"{row['tie_code']}.{row['figure']}",
            row["before_amount"],
            row["after_amount"],
        ]
        for row in outcome.ties
    ]
    for section, found in (("break", outcome.breaks), ("voucher", outcome.vouchers)):
        for row in found:
            about = {
                name: value
                for name, value in row.items()
                if name not in ("change", "before_amount", "after_amount") and value is not None
            }
            rows.append(
                [
                    section,
                    row["change"],
                    json.dumps(about, ensure_ascii=False),
                    row["before_amount"],
                    row["after_amount"],
                ]
            )
    return rows


class _Page:
    """The comparison on the terminal."""

    def __init__(self, books: Books) -> None:
        from pipelines.evidence.labels import Labels

        self.labels = Labels(books.language)
        self.language = books.language
        self.console = common.console()

    def print(self, before: str, after: str, period: str, changes: list[Change], outcome: Outcome) -> None:
        """All that differs; sections without rows are left out."""
        say, labels = self.console.print, self.labels
        say(labels("diff.head", period=period, before=before, after=after), style="bold")
        is_same_result = not (outcome.ties or outcome.breaks or outcome.vouchers)
        if not changes and is_same_result:
            say(labels("diff.same"))
            return
        self._table("diff.inputs", [self._input(change) for change in changes])
        if is_same_result:
            say("\n" + labels("diff.none"))
        self._table("diff.ties", [self._tie(row) for row in outcome.ties], most=None)
        self._table("diff.breaks", [self._row(row, BREAKS) for row in outcome.breaks], outcome.breaks)
        self._table("diff.vouchers", [self._row(row, VOUCHERS) for row in outcome.vouchers], outcome.vouchers)

    def _input(self, change: Change) -> dict[str, Any]:
        name = change.name
        return {
            "change": self.labels.optional(f"change.{change.kind}", change.kind),
            "name": name,
            "before": _short(change.kind, change.before),
            "after": _short(change.kind, change.after),
        }

    def _tie(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            "tie_code": row["tie_code"],
            "figure": self.labels.column(row["figure"]),
            "before_amount": row["before_amount"],
            "after_amount": row["after_amount"],
            "difference_amount": row["after_amount"] - row["before_amount"],
        }

    def _row(self, row: dict[str, Any], columns: list[str]) -> dict[str, Any]:
        labels = self.labels
        shown = row | {
            "change": labels.code("change", row["change"]),
            "document": labels.document(row["document_type"], row["document_no"]),
        }
        for side in ("before", "after"):
            cause = row.get(f"{side}_cause_code")
            shown[f"{side}_cause_code"] = labels.code("cause_code", cause) if cause else None
        if "break_id" in shown:
            shown["break_id"] = shown["break_id"][:8]
        return {name: shown[name] for name in columns}

    def _table(
        self,
        title: str,
        rows: list[dict[str, Any]],
        counted: list[dict[str, Any]] | None = None,
        most: int | None = MOST,
    ) -> None:
        from rich.padding import Padding

        if not rows:
            return
        kinds = [row["change"] for row in counted or ()]
        counts = {kind: kinds.count(kind) for kind in ("added", "removed", "changed")}
        self.console.print("\n" + self.labels(title, **counts), style="bold")
        cells = [list(row.values()) for row in rows[:most]]
        shown = common.table(list(rows[0]), cells, self.language)
        self.console.print(Padding(shown, (0, 0, 0, 2), expand=False))
        if len(rows) > len(cells):
            self.console.print("  " + self.labels("break.more", count=len(rows) - len(cells)))


def _short(kind: str, text: str) -> str:
    """Hashes by their beginning; settings, versions and ids as they are."""
    return text if kind in ("settings", "packages") else text[:12]
