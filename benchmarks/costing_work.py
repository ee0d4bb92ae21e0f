"""One measured piece of the costing step in a process of its own: `python -m benchmarks.costing_work WHAT
FOLDER JSON`.

It prints one JSON object. Memory and threads are those of the project's profile. The process is the measure
of memory: what it did at its fullest counts, sort or step.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from benchmarks import peers
from benchmarks.costing_models import STATES, STEP, Models, profile
from benchmarks.movements import MADE, Company, take_month, write_movements

IN_ORDER = "component_key, effective_date, document_no, line_no, event_id"


def ratios(made: Mapping[str, Any], cases: Sequence[Mapping[str, Any]], repeats: int) -> dict[str, Any]:
    """Per case (company and method): seconds of sorting the same columns into a table and of the step, taken
    in turns, of each model before it, and what it comes to."""
    found = []
    for case in cases:
        with duckdb.connect(made["database"], config=profile()) as connection:
            write_movements(connection, Company(**case["company"]), case["method"])
            take_month(connection, None)
            models = Models(made, connection)
            before = {name: models.make(name) for name in made["before"]}
            models.make("costing_input")
            _prepare(connection)
            turns = [(*_sort(connection), *_step(models)) for _ in range(repeats)]
            taken = dict(
                zip(("sorts", "sorts_cpu", "steps", "steps_cpu"), zip(*turns, strict=True), strict=True)
            )
            found.append({**case, "before": before, **taken, **_closing(connection)})
    return {"cases": found}


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """The columns that the kernel is given, ready and in no order."""
    connection.execute(
        "create or replace table prepared as "
        "select * exclude (sequence_no) from costing.costing_input order by hash(event_id)"
    )


def _sort(connection: duckdb.DuckDBPyConnection) -> tuple[float, float]:
    """DuckDB's sort of the same columns into a table, nothing else: seconds and CPU seconds."""
    connection.execute("drop table if exists sorted")
    began, cpu = time.perf_counter(), time.process_time()
    connection.execute(f"create table sorted as select * from prepared order by {IN_ORDER}")
    taken = time.perf_counter() - began, time.process_time() - cpu
    connection.execute("drop table sorted")
    return taken


def _step(models: Models) -> tuple[float, float]:
    """From the movements to what they are worth, in a table."""
    cpu = time.process_time()
    return models.make(*STEP), time.process_time() - cpu


def _closing(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What the step came to: rows by kind, closing quantity and amount."""
    kinds = dict(
        connection.execute(
            "select case when event_type = 'negative_true_up' then 'true_up' else record_kind end, count(*) "
            "from costing.costed group by all"
        ).fetchall()
    )
    total = connection.execute(
        "select cast(sum(balance_quantity) as bigint), cast(sum(balance_amount) as bigint) "
        "from costing.costed where record_kind = 'state'"
    ).fetchall()[0]
    return {"records": kinds, "closing": total}


def periods(made: Mapping[str, Any], company: Mapping[str, Any], method: str) -> dict[str, Any]:
    """Twelve periods in one go and one by one, each from what the one before handed over: seconds of each
    period's step, and whether both close the same."""
    given = Company(**company)
    with duckdb.connect(made["database"], config=profile()) as connection:
        write_movements(connection, given, method)
        models = Models(made, connection)
        take_month(connection, None)
        models.make(*made["before"], *STEP, *(f"state_{name}" for name in STATES))
        for name in STATES:
            connection.execute(f"create or replace table whole_{name} as select * from state.{name}")
        seconds = []
        for month in range(given.months):
            take_month(connection, month)
            before = models.make(*made["before"])
            seconds.append(before + models.make(*STEP))
            models.make(*(f"state_{name}" for name in STATES))
            for name in STATES:  # made anew: rows deleted in a long session stay in memory
                connection.execute(
                    f"create or replace table carried.{name} as "
                    f"from (from carried.{name} limit 0) union all by name from state.{name}"
                )
        different = sum(_differing(connection, name) for name in STATES)
        for name in STATES:
            connection.execute(f"delete from carried.{name}")
    return {"method": method, "period_seconds": seconds, "differing": different}


def _differing(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    """Rows of the closing state that are in one of the two alone."""
    one, other = f"select * from whole_{name}", f"select * from state.{name}"
    rows: int = connection.execute(
        f"select (select count(*) from ({one} except all {other})) "
        f"+ (select count(*) from ({other} except all {one}))"
    ).fetchall()[0][0]
    return rows


def run(what: str, work: Path, **options: Any) -> dict[str, Any]:
    """The figures of one piece of work on the models that were made in `work`, in a process of its own, with
    its peak of memory."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.costing_work", what, str(work), json.dumps(options)],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{what}: {_short(figures)}", file=sys.stderr, flush=True)
    return figures


def _short(figures: Mapping[str, Any]) -> str:
    """The figures on a line, for who waits for the rest."""
    plain = {name: value for name, value in figures.items() if name not in {"cases", "peers"}}
    cases = [
        (case["method"], case["company"], case["sorts"], case["steps"]) for case in figures.get("cases", ())
    ]
    return " ".join(map(str, [*cases, plain]))


WORK: dict[str, Callable[..., dict[str, Any]]] = {
    "ratios": ratios,
    "periods": periods,
    "peers": peers.compare,
}

if __name__ == "__main__":
    made = json.loads((Path(sys.argv[2]) / MADE).read_text("utf-8"))
    figures = WORK[sys.argv[1]](made, **json.loads(sys.argv[3]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**figures, "peak_mb": peak}, default=str))
