"""A books folder with small, real runs for the tests of publication; no test lives here."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines import publication as pub

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TABLES = (
    pub.PublicTable("balance", "main.balance", ("item_code",), is_state=True),
    pub.PublicTable(
        "verdict", "main.verdict", ("period",), label="结论", columns={"difference_amount": "差额"}
    ),
    pub.PublicTable("voucher_line", "main.voucher_line", ("voucher_id", "line_no")),
)


def inputs(period: str, settings: str = "s1", before: pub.PreviousRun | None = None) -> pub.RunInputs:
    files = tuple(
        pub.InputFile("gl_entry_line", name, f"inbox/{period}/{name}.csv", name * 32, 3)
        for name in ("aa", "bb")
    )
    return pub.RunInputs(
        "demo",
        period,
        settings,
        {"account_map.csv": "1", "posting_rules.csv": "2"},
        files,
        "c1",
        {"duckdb": "2.0.0"},
        before,
    )


@contextmanager
def candidate(
    root: Path, period: str, amount: str = "0.00", tables: Sequence[pub.PublicTable] = TABLES
) -> Iterator[Path]:
    """An export folder with tables and a report, below `.work` of the books folder."""
    (root / ".work").mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=root / ".work"))
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(f"""
            create table verdict as select '{period}' as period, 'ready' as verdict,
                                           {amount}::decimal(38,2) as difference_amount;
            create table balance as select 'A' as item_code, {amount}::decimal(18,2) as amount;
            create table voucher_line as
            select '{period}' as period, 'v1' as voucher_id, i as line_no, 'A' as account_code,
                   if(i = 1, 100 + {amount}, 0)::decimal(18,2) as debit_amount,
                   if(i = 2, 100 + {amount}, 0)::decimal(18,2) as credit_amount
            from range(1, 3) as numbers(i)""")
        pub.export(connection, tables, folder)
    (folder / "report.html").write_text(f"<p>{period}</p>")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def make_run(
    root: Path,
    period: str,
    amount: str = "0.00",
    settings: str = "s1",
    before: pub.PreviousRun | None = None,
    tables: Sequence[pub.PublicTable] = TABLES,
) -> Path:
    """Export, describe and seal one run; its inputs are landed."""
    parts = inputs(period, settings, before)
    for item in parts.inputs:
        (root / "landed" / item.sha256).mkdir(parents=True, exist_ok=True)
    with candidate(root, period, amount, tables) as folder:
        pub.write_manifest(folder, parts)
        return pub.seal(folder, root, period, pub.run_id(parts))


def previous(run: Path) -> pub.PreviousRun:
    """The link of the next period to this run."""
    manifest = pub.read_manifest(run)
    return pub.PreviousRun(manifest.inputs.period, manifest.run_id, manifest.sha256)


def make_books(root: Path) -> Path:
    """Two published periods."""
    january = make_run(root, "2026-01")
    february = make_run(root, "2026-02", before=previous(january))
    pub.publish(root, {"2026-01": january.name, "2026-02": february.name})
    return root


def stale(root: Path) -> list[str]:
    """Published periods to run again, sorted: the period before has another run now, or is itself stale."""
    runs = pub.current(root)
    before: str | None = None
    found: list[str] = []
    for period, run_id in sorted(runs.items()):
        previous = pub.read_manifest(pub.run_path(root, period, run_id)).inputs.previous
        expected = None if before is None else (before, runs[before])
        actual = None if previous is None else (previous.period, previous.run_id)
        if found or expected != actual:
            found.append(period)
        before = period
    return found
