"""How well differences are found and named: seeded faults against their answer key, and clean books beside
them.

Comparing key and breaks is in `answers.py`; the floor that a change may not fall below is in
tests/benchmarks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import answers, common
from pipelines.demo import generate
from tests.pipeline.candidates import Built, build_periods

SIZES: dict[common.Size, tuple[tuple[int, ...], int, int]] = {
    "small": ((3,), 3, 400),
    "full": ((1, 2, 3, 4, 5), 4, 1200),
}
"""Seeds, periods and documents a month of the books with faults."""
COUNTED = ("faults", "found", "symptom_right", "cause_right", "disposition_right")
ACROSS = ("false_auto_matches", "called_harmless", "clean_breaks", "lost_keys", "lost_keys_matched")
"""Counted over whole books, not fault by fault."""
JUDGED = ("symptom", "cause", "disposition")


def measure(size: common.Size, work: Path) -> dict[str, Any]:
    """All figures over every seed, in total, per symptom, per cause and per kind of fault."""
    seeds, periods, documents = SIZES[size]
    faults: list[answers.Judged] = []
    total: dict[str, Any] = dict.fromkeys(ACROSS, 0)
    for seed in seeds:
        root = work / f"faulty-{seed}"
        generate(root, periods=periods, documents=documents, seed=seed, faults="standard")
        judged, counts = _judge(root, _build(root, periods, work / f"work-{seed}"))
        faults += judged
        total = {name: count + counts[name] for name, count in total.items()}
    total["clean_breaks"] += _breaks_on_clean_books(work)
    return {
        **_count(faults),
        **total,
        "unidentified": sum(_is_unidentified(fault) for fault in faults),
        "amount_right": sum(fault.is_exact for fault in faults),
        "per_symptom": _grouped(faults, lambda fault: fault.first.symptom),
        "per_cause": _grouped(faults, lambda fault: fault.first.cause),
        "per_fault": _grouped(faults, lambda fault: fault.first.fault),
        "missed": [missed for fault in faults for missed in _missed(fault)],
    }


def _build(root: Path, periods: int, work: Path) -> list[Built]:
    built = build_periods(root, [f"2026-{month:02d}" for month in range(1, periods + 1)], work)
    failed = [name for one in built for name in one.failed]
    if failed:
        raise SystemExit(f"checks failed: {failed}")
    return built


def _judge(root: Path, builts: Sequence[Built]) -> tuple[list[answers.Judged], dict[str, int]]:
    """The faults of one company and what is counted over its breaks."""
    controls = {code for built in builts for code in answers.control_accounts(built)}
    key = answers.read_key(root / "answer_key.csv", sorted(controls))
    breaks = [found for built in builts for found in answers.breaks_of(built)]
    judged = list(answers.judge(key, breaks).values())
    periods = sorted({found.period for found in breaks})
    lost = answers.lost_keys(key, breaks)
    return judged, {
        "false_auto_matches": len(answers.false_matches(key, builts)),
        "called_harmless": len(answers.called_harmless(judged)),
        "clean_breaks": len(answers.unprovoked(key, breaks, periods)),
        "lost_keys": len(lost),
        "lost_keys_matched": sum(lost.values()),
    }


def _breaks_on_clean_books(work: Path) -> int:
    generate(work / "clean", periods=1, documents=120, seed=11)
    [built] = _build(work / "clean", 1, work / "clean-work")
    return len(list(answers.breaks_of(built)))


def _is_unidentified(fault: answers.Judged) -> bool:
    return any(
        found is not None and found.disposition == "unidentified" != row.disposition
        for row, found in fault.rows
    )


def _count(faults: Sequence[answers.Judged]) -> dict[str, int]:
    right = {f"{what}_right": sum(fault.is_right(what) for fault in faults) for what in JUDGED}
    return {"faults": len(faults), "found": sum(fault.is_found for fault in faults), **right}


def _grouped(
    faults: Sequence[answers.Judged], code: Callable[[answers.Judged], str]
) -> dict[str, dict[str, int]]:
    groups: dict[str, list[answers.Judged]] = defaultdict(list)
    for fault in faults:
        groups[code(fault)].append(fault)
    return {name: _count(groups[name]) for name in sorted(groups)}


def _missed(fault: answers.Judged) -> list[str]:
    """One sentence for each difference that is not called what it is."""
    told = []
    for row, found in fault.rows:
        truth = (row.symptom, row.cause, row.disposition)
        got = None if found is None else (found.symptom, found.cause, found.disposition)
        if got != truth:
            where = (
                f"{row.fault_id} {row.fault} {row.period} {row.place.account_code} {row.place.document_no}"
            )
            told.append(f"{where}: {' / '.join(truth)} -> {' / '.join(got) if got else 'no break'}")
    return told


def show(figures: common.Figures) -> str:
    """Totals, tables per symptom and cause, and what was missed."""
    names = (
        *COUNTED,
        "amount_right",
        "unidentified",
        "false_auto_matches",
        "called_harmless",
        "clean_breaks",
    )
    parts = [common.table(("figure", "value"), [(name, figures[name]) for name in names])]
    for group in ("symptom", "cause", "fault"):
        rows = [(name, *(counts[c] for c in COUNTED)) for name, counts in figures[f"per_{group}"].items()]
        parts.append(common.table((group, *COUNTED), rows))
    return "\n\n".join([*parts, "\n".join(figures["missed"])])


if __name__ == "__main__":
    common.main(measure, show, __doc__ or "")
