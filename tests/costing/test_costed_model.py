"""The dbt model `costed` against a database of its own: settings read, rows streamed through, every record
stored."""

from __future__ import annotations

import importlib.util
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.costing.rows import FIFO, IN_AMOUNT, OUT, SCHEMA, Row, numbered

MODEL = Path(__file__).parents[2] / "dbt_project" / "models" / "costing" / "costed.py"


class FakeDbt:
    """What the model asks of dbt."""

    def __init__(self, session: duckdb.DuckDBPyConnection) -> None:
        self.session, self.settings = session, dict[str, str]()

    def config(self, **settings: str) -> None:
        self.settings |= settings

    def ref(self, name: str) -> Any:
        return self.session.table(name)

    def source(self, schema: str, name: str) -> Any:
        return self.session.table(f"{schema}.{name}")


def load_model() -> Any:
    spec = importlib.util.spec_from_file_location("costed", MODEL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def session(tmp_path: Path) -> Any:
    with duckdb.connect(str(tmp_path / "candidate.duckdb")) as connection:
        connection.execute("create schema settings")
        connection.execute(
            "create table settings.books as select 'stock' as late_cost, 'refuse' as negative_stock, "
            "'exact' as unit_cost_decimals"
        )
        yield connection


def costed(session: duckdb.DuckDBPyConnection, rows: list[Row]) -> FakeDbt:
    """As dbt-duckdb does it: the model reads from the session, a cursor beside it writes what comes."""
    given = pa.Table.from_pylist([asdict(row) for row in rows], schema=SCHEMA)
    session.execute("create table unordered as select * from given order by hash(sequence_no)")
    session.execute(
        "create view costing_input as select * from unordered order by component_key, sequence_no"
    )
    session.execute(
        "create table costing_slot (slot integer); create table costing_order (order_slot integer); "
        "create table late_transfer (late_event_id varchar)"
    )
    assert given.num_rows == len(rows)
    dbt = FakeDbt(session)
    reader = load_model().model(dbt, session)
    assert isinstance(reader, pa.RecordBatchReader)
    writer = session.cursor()
    writer.register("reader", reader)
    writer.execute("create table costed as select * from reader")
    return dbt


def test_rows_in_any_order_are_costed_and_stored(session: duckdb.DuckDBPyConnection) -> None:
    rows = [Row(IN_AMOUNT, 30_000, 1_000, FIFO), Row(OUT, -10_000, None, FIFO), Row(OUT, -10_000, None, FIFO)]
    dbt = costed(session, numbered(rows))
    assert dbt.settings == {"materialized": "table"}
    stored = session.execute(
        "select out_amount from costed where record_kind = 'movement' order by sequence_no"
    ).fetchall()
    assert stored == [(1000,), (-333,), (-334,)]
    kinds = session.execute("select record_kind, count(*) from costed group by all order by 1").fetchall()
    assert kinds == [("consumption", 2), ("layer", 1), ("movement", 3), ("state", 1)]


def test_names_are_text_and_figures_are_integers(session: duckdb.DuckDBPyConnection) -> None:
    costed(session, numbered([Row(IN_AMOUNT, 30_000, 1_000), Row(OUT, -40_000)]))
    types = dict(
        session.execute(
            "select column_name, data_type from duckdb_columns() where table_name = 'costed'"
        ).fetchall()
    )
    assert types["record_kind"] == types["error_code"] == types["event_type"] == "VARCHAR"
    assert types["out_amount"] == types["layer_amount"] == types["last_cost_amount"] == "BIGINT"
    assert session.execute("select error_code from costed where record_kind = 'error'").fetchall() == [
        ("negative_refused",)
    ]


def test_no_movements_make_an_empty_table(session: duckdb.DuckDBPyConnection) -> None:
    costed(session, [])
    assert session.execute("select count(*) from costed").fetchall() == [(0,)]
