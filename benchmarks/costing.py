"""How fast movements are valued: beside DuckDB's sort of the same columns into a table, period by period, and
beside what one would use instead.

The movements are made by `movements.py`, each piece of work runs in a process of its own (`costing_work.py`),
the peers are in `peers.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks import common, costing_work
from benchmarks.movements import Company, make_models

PERPETUAL = ("moving_average", "fifo")
METHODS = (*PERPETUAL, "periodic_average")
MONTH_OF_STOCK = 2_000
"""Units that a pool issues in a month: what it opens the year with, so that layers are used as they come."""


class Size(NamedTuple):
    """Movements and items that are sorted and valued in turns, `repeats` times; movements whose memory alone
    is looked at; movements of twelve periods; movements that the peers finish."""

    rows: int
    items: int
    repeats: int
    rows_of_memory: int | None
    rows_of_periods: int
    rows_of_peers: int


SIZES: dict[common.Size, Size] = {
    "small": Size(60_000, 1_500, 1, None, 24_000, 3_000),
    "full": Size(20_000_000, 50_000, 3, 40_000_000, 12_000_000, 100_000),
}


def measure(size: common.Size, work: Path) -> dict[str, Any]:
    """Ratios of the step to the sort per method, flat and with one item holding half; the peak of memory per
    number of movements; twelve periods one by one; peers."""
    chosen = SIZES[size]
    make_models(work)
    flat, skewed = (
        Company(chosen.rows, chosen.items, is_skewed=is_skewed)._asdict() for is_skewed in (False, True)
    )
    done = list(_ratios(size, work, [flat, skewed]))
    peaks = {chosen.rows: max(one["peak_mb"] for one in done)}
    if chosen.rows_of_memory:
        larger = Company(chosen.rows_of_memory, chosen.items)._asdict()
        one = costing_work.run("ratios", work, cases=[{"company": larger, "method": "fifo"}], repeats=1)
        peaks[chosen.rows_of_memory] = one["peak_mb"]
    cases = [case for one in done for case in one["cases"]]
    items = max(chosen.rows_of_periods // 240, 1)
    year = Company(chosen.rows_of_periods, items, months=12, units=MONTH_OF_STOCK, keeps_stock=True)._asdict()
    periods = [costing_work.run("periods", work, company=year, method=method) for method in METHODS]
    sample = Company(chosen.rows_of_peers, max(chosen.rows_of_peers // 40, 1))._asdict()
    return {
        "rows": chosen.rows,
        "step_to_sort": _by_method(case for case in cases if not case["company"]["is_skewed"]),
        "skewed_step_to_sort": _by_method(case for case in cases if case["company"]["is_skewed"]),
        "peak_mb": peaks,
        "period_12_to_1": {
            one["method"]: median(one["period_seconds"][9:]) / median(one["period_seconds"][:3])
            for one in periods
        },
        "period_seconds": {one["method"]: one["period_seconds"] for one in periods},
        "periods_differing": {
            one["method"]: one["differing"] for one in periods if one["method"] in PERPETUAL
        },
        "peers": costing_work.run("peers", work, company=sample)["peers"],
        "cases": cases,
        "load": os.getloadavg()[0],
    }


def _ratios(size: common.Size, work: Path, companies: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """One process for all cases when they are small, one for each when their memory is of interest."""
    cases = [{"company": company, "method": method} for company in companies for method in METHODS]
    groups = [cases] if size == "small" else [[case] for case in cases]
    for group in groups:
        yield costing_work.run("ratios", work, cases=group, repeats=SIZES[size].repeats)


def _by_method(cases: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    return {case["method"]: median(case["steps"]) / median(case["sorts"]) for case in cases}


def show(figures: common.Figures) -> str:
    """Tables: ratios with their seconds, models before the step, periods, peers."""
    ratios = [
        (
            ("one item has half, " if case["company"]["is_skewed"] else "") + case["method"],
            round(median(case["steps"]) / median(case["sorts"]), 2),
            round(median(case["sorts"]), 1),
            round(median(case["steps"]), 1),
            round(sum(case["before"].values()), 1),
            round(figures["rows"] / median(case["steps"])),
        )
        for case in figures["cases"]
    ]
    periods = [
        (
            method,
            round(ratio, 2),
            round(sum(figures["period_seconds"][method]), 1),
            figures["periods_differing"].get(method, "has a rate of its own in each"),
        )
        for method, ratio in figures["period_12_to_1"].items()
    ]
    peers = [
        (name, one["rows"], "absent" if one["seconds"] is None else f"{one['rows_per_second']:,.0f}")
        for name, one in figures["peers"].items()
    ]
    header = (
        "method",
        "step to sort",
        "sort seconds",
        "step seconds",
        "models before, seconds",
        "rows a second",
    )
    return "\n\n".join(
        [
            f"{figures['rows']:,} movements; medians; load {figures['load']:.1f}",
            common.table(header, ratios),
            common.table(
                ("movements", "peak MB"), [(rows, round(mb)) for rows, mb in figures["peak_mb"].items()]
            ),
            common.table(("method", "period 12 to 1", "seconds of twelve", "rows that differ"), periods),
            common.table(("on the same movements", "rows", "rows a second"), peers),
        ]
    )


if __name__ == "__main__":
    common.main(measure, show, __doc__ or "")
