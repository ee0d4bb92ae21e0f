"""Runs books and kills itself (SIGKILL) when the given progress line is printed; a process of its own for
tests.

Usage: python -m tests.pipeline.interrupted BOOKS [LINE]; without LINE it runs to the end.
One server process imports everything once and forks a child per request read from standard input.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from pipelines.batch import run_periods
from pipelines.books import load_books
from pipelines.cli import Launcher
from pipelines.publication import lock
from pipelines.session import Session
from pipelines.transform import load_project


def warm_up() -> None:
    """Everything that a run imports, so that no child has to."""
    import dagster_dbt  # noqa: F401
    import great_expectations  # noqa: F401
    from dbt.adapters.duckdb import connections  # noqa: F401

    load_project()


def run(root: Path, last_line: int | None) -> None:
    """Run all periods; the process is gone once that many lines were said."""
    said = 0

    def say(_line: str) -> None:
        nonlocal said
        said += 1
        if said == last_line:
            os.kill(os.getpid(), signal.SIGKILL)

    with lock(root, "interrupted"):
        outcome = run_periods(Session(load_books(root), say, publishes=False), Launcher())
    if outcome.error is not None:
        raise outcome.error


def serve() -> None:
    """For each line `LINE FOLDER` of standard input: a child that runs; answers with its exit status."""
    warm_up()
    for request in sys.stdin:
        line, _, folder = request.strip().partition(" ")
        child = os.fork()
        if child == 0:
            try:
                run(Path(folder), int(line) or None)
            except BaseException as error:  # noqa: BLE001 - the child must not live on
                print(repr(error), file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
