"""The SQLAlchemy dialect through which Great Expectations reads a DuckDB file; it does not import it.

What is expected of a delivery is in `expectations/`, running it in `pipelines/gate.py`.
"""

import atexit
import sys
from functools import cache
from typing import Any

import duckdb
from duckdb_engine import ConnectionWrapper, Dialect
from sqlalchemy.dialects import registry

SCHEME = "duckdb+gate"

_opened: list[duckdb.DuckDBPyConnection] = []


class GateDialect(Dialect):  # type: ignore[misc]  # duckdb_engine's base class is untyped
    """DuckDB for read-only use by Great Expectations, without transactions.

    SQLAlchemy rolls back whenever Great Expectations gives a connection back, and DuckDB then drops the
    pending result: every check would come back empty. So beginning, committing and rolling back do nothing.
    """

    supports_statement_cache = False

    def connect(self, *_cargs: Any, **cparams: Any) -> ConnectionWrapper:
        """Open the file with no settings of its own, so that it may be open elsewhere in this process."""
        _opened.append(duckdb.connect(cparams["database"]))
        return ConnectionWrapper(_opened[-1])

    def do_begin(self, connection: Any) -> None:
        """Do nothing, see the class."""

    def do_rollback(self, connection: Any) -> None:
        """Do nothing, see the class."""

    def do_commit(self, connection: Any) -> None:
        """Do nothing, see the class."""


@cache
def register() -> None:
    """Make the scheme `duckdb+gate:///<path>` known to SQLAlchemy."""
    registry.register("duckdb.gate", __name__, GateDialect.__name__)
    atexit.register(_let_go)


def close_all() -> None:
    """Close every connection this dialect opened: Great Expectations keeps its engines."""
    while _opened:
        _opened.pop().close()


def _let_go() -> None:
    """Let DuckDB end cleanly.

    Great Expectations keeps SQLAlchemy's dialects alive past the end of the interpreter, and through them
    DuckDB, which then prints a page about leaked objects. Emptying the modules between them ends that.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] == "duckdb_engine"]:
        vars(sys.modules[name]).clear()
