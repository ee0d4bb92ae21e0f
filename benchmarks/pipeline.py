"""How long a period takes, step by step, beside the bare engine and the script an analyst would write.

The books are made by `large_books.py`, each piece of work runs in a process of its own (`timed.py`), all on
the same files and one after the other; what the analyst does is in `analyst.py`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import common, large_books, timed
from pipelines import published

SIZES: dict[common.Size, tuple[int, int]] = {"small": (600, 3), "full": (520_000, 4)}
"""Documents of the one period, and lines that a ledger line is split into."""
BUILT = ("staging", "costing", "postings", "reconciliation", "marts")
AGREEING = {"documents": "subledger_amount", "ledger": "ledger_amount"}
REPORTED = "64"
"""First digits of the accounts for cost of sales: the analyst has the inventory system's own cost of them."""


def measure(size: common.Size, work: Path) -> dict[str, Any]:
    """Seconds, rows a second and memory of a run and its steps, of the bare read, sort and join, and of the
    analyst's script; what the last two found."""
    root = work / "books"
    documents, parts = SIZES[size]
    large_books.write(root, documents, parts)
    bare, analyst, run = (timed.run(what, root) for what in ("bare", "analyst", "tieout"))
    rows = sum(run["read"].values())
    return {
        **_counts(root),
        "rows": rows,
        **_work("", run, rows),
        **_work("bare_", bare, bare["rows"]),
        **_work("analyst_", analyst, analyst["rows"]),
        "bare_rows": bare["rows"],
        "bare_joined": bare["joined"],
        "analyst_rows": analyst["rows"],
        "ratio_to_bare": run["seconds"] / bare["seconds"],
        "ratio_to_analyst": run["seconds"] / analyst["seconds"],
        "load": os.getloadavg()[0],
        "steps": _steps(run, rows),
        "longest": run["longest"],
        "analyst_compared": len(analyst["documents"]),
        "analyst_differing": analyst["differing"],
        "totals": _totals(root, analyst),
    }


def _counts(root: Path) -> dict[str, int]:
    """Lines of what was published, and the breaks with the documents they name."""
    tables = {
        "document_lines": "document_line",
        "ledger_lines": "ledger_line",
        "breaks": "reconciliation_break",
    }
    counted = {
        name: published.query(root, f"select count(*) from {{{table}}}").rows[0][0]
        for name, table in tables.items()
    }
    named = "select count(distinct document_no) from {reconciliation_break}"
    return {**counted, "documents_named": published.query(root, named).rows[0][0]}


def _work(prefix: str, work: Mapping[str, Any], rows: int) -> dict[str, float]:
    return {
        f"{prefix}seconds": work["seconds"],
        f"{prefix}cpu_seconds": work["cpu_seconds"],
        f"{prefix}rows_per_second": rows / work["seconds"],
        f"{prefix}peak_mb": work["peak_mb"],
    }


def _steps(run: Mapping[str, Any], rows: int) -> dict[str, dict[str, float]]:
    """Seconds and rows of each step. Two models are built at a time, so the build's seconds are divided by
    those of the models and tests; reading and gate count the delivered rows, the others what they made."""
    took, nodes, made = run["took"], run["node_seconds"], run["made"]
    build = sum(took[step] for step in BUILT)
    seconds = {"landing": run["landing"], "read": took["extracts"], "gate": took["gate"]}
    seconds |= {step: build * nodes[step] / sum(nodes.values()) for step in (*BUILT, "checks")}
    seconds |= {"publish": took["publication"]}
    seconds["start"] = run["seconds"] - sum(seconds.values())
    counted = {"landing": rows, "read": rows, "gate": rows, **{step: made[step] for step in BUILT}}
    counted |= {"publish": run["published"]}
    return {
        step: {
            "seconds": value,
            **({"rows": counted[step], "rows_per_second": counted[step] / value} if step in counted else {}),
        }
        for step, value in seconds.items()
    }


def _totals(root: Path, analyst: Mapping[str, Any]) -> dict[str, list[list[Any]]]:
    """For documents and ledger: account, the analyst's cents, and tie_out's of the same meaning."""
    columns = ("account_code", *AGREEING.values(), "reported_amount")
    accounts = published.read(root, "tie_out", columns).dicts()
    found: dict[str, list[list[Any]]] = {}
    for side, column in AGREEING.items():
        pairs = found[side] = []
        for account in accounts:
            code = account["account_code"]
            is_cost = side == "documents" and code.startswith(REPORTED)
            if code in analyst[side]:
                pairs.append(
                    [code, analyst[side][code], int(account["reported_amount" if is_cost else column] * 100)]
                )
    return found


def show(figures: common.Figures) -> str:
    """The three works beside each other, the steps, the longest models, and what was found."""
    works = [
        (
            label,
            *(round(figures[prefix + name], 1) for name in ("seconds", "cpu_seconds")),
            *(round(figures[prefix + name]) for name in ("rows_per_second", "peak_mb")),
        )
        for label, prefix in (("tieout run", ""), ("DuckDB alone", "bare_"), ("analyst, pandas", "analyst_"))
    ]
    steps = [
        (step, round(of["seconds"], 1), *(round(of.get(name, 0)) for name in ("rows", "rows_per_second")))
        for step, of in figures["steps"].items()
    ]
    differing = ", ".join(
        f"{code} {cents / 100:,.2f}" for code, cents in figures["analyst_differing"].items()
    )
    size = (
        f"{figures['document_lines']:,} document lines, {figures['ledger_lines']:,} ledger lines, "
        f"{figures['rows']:,} rows; load {figures['load']:.1f} on {os.cpu_count()} cores"
    )
    found = (
        f"analyst: {figures['analyst_compared']} accounts compared, differing: {differing}\n"
        f"tieout: {figures['breaks']} breaks on {figures['documents_named']} documents"
    )
    ratios = f"{figures['ratio_to_bare']:.1f} × DuckDB alone, {figures['ratio_to_analyst']:.1f} × the analyst"
    tables = [
        common.table(("work", "seconds", "CPU seconds", "rows a second", "peak MB"), works),
        ratios,
        common.table(("step", "seconds", "rows", "rows a second"), steps),
        common.table(("model", "seconds"), figures["longest"]),
    ]
    return "\n\n".join([size, *tables, found])


if __name__ == "__main__":
    common.main(measure, show, __doc__ or "")
