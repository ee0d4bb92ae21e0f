"""The costing models of the project against one database, made one by one and timed: the step without dbt
around it.

SQL models are what dbt compiled, Python models are called as dbt-duckdb calls them; which movements they see
is written by `movements.py`.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import yaml

from pipelines.transform import PROJECT

if TYPE_CHECKING:
    import duckdb

STEP = ("costing_input", "costed")
STATES = ("cost_state", "open_layer", "negative_issue")


class Models:
    """The project's models against one database."""

    def __init__(self, made: Mapping[str, Any], connection: duckdb.DuckDBPyConnection) -> None:
        self.made, self.connection = made, connection

    def make(self, *names: str) -> float:
        """Make models anew, in this order; returns the seconds."""
        began = time.perf_counter()
        for name in names:
            relation = (
                f"state.{name.removeprefix('state_')}" if name.startswith("state_") else f"costing.{name}"
            )
            if name in self.made["python"]:
                self._python(relation, self.made["python"][name])
            else:
                kind = "view" if name in self.made["views"] else "table"
                self.connection.execute(f"create or replace {kind} {relation} as {self.made['sql'][name]}")
        return time.perf_counter() - began

    def _python(self, relation: str, path: str) -> None:
        """As dbt-duckdb does it: the model reads from one cursor, another writes what comes."""
        spec = importlib.util.spec_from_file_location("model", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        session = self.connection.cursor()
        found = module.model(_Dbt(session), session)
        writer = self.connection.cursor()
        writer.register("found", found)
        writer.execute(f"create or replace table {relation} as select * from found")
        writer.close()
        session.close()


class _Dbt:
    """What a Python model asks of dbt."""

    def __init__(self, session: duckdb.DuckDBPyConnection) -> None:
        self._session = session

    def config(self, **_: str) -> None:
        pass

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        return self._session.table(f"costing.{name}")

    def source(self, schema: str, name: str) -> duckdb.DuckDBPyRelation:
        return self._session.table(f"{schema}.{name}")


def profile() -> dict[str, Any]:
    """DuckDB's settings of the project's profile."""
    output = yaml.safe_load((PROJECT / "profiles.yml").read_text("utf-8"))["tieout"]["outputs"]["candidate"]
    return {"threads": output["threads"], **output.get("settings", {})}
