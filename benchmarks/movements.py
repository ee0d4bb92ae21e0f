"""Movements of a company of any size, in no order, in the tables that the costing models start from.

The same size is always the same company (`movements.sql`); what is done with it is in `costing_work.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from pipelines import steps
from pipelines.books import load_books
from pipelines.extracts import land
from pipelines.period import Period
from pipelines.progress import Progress
from pipelines.transform import CANDIDATE, build, load_project
from tests.pipeline import tiny

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from pipelines.publication import RunInputs

WAREHOUSES = 3
MADE = "models.json"
DRIFTING = {"pair": "k", "comes": "hash(k + 1) % 100 < 45", "bought": "units * 13 // 10"}
KEPT = {"pair": "(k // 2)", "comes": "k % 2 = 0", "bought": "units"}
"""How rows become movements: each for itself, or a receipt and the issue of as much."""
LAST = "state_open_layer +state_cost_state +state_negative_issue"
"""The models that need everything of the costing step; with all before them they are made once, empty of
meaning, so that every table is there as dbt makes it."""


class Company(NamedTuple):
    """`rows` movements of `items` items in three warehouses over `months`; skewed: one item has half. Every
    pool opens with `units`; where it `keeps_stock`, what is bought is sold in the same month, so that a month
    ends with as many layers as it began with. Otherwise stock drifts upwards."""

    rows: int
    items: int
    is_skewed: bool = False
    months: int = 1
    units: int = 20_000
    keeps_stock: bool = False


def make_models(work: Path) -> None:
    """A database with every table that the step needs, in `work`, and beside it the compiled SQL by model and
    the files of the models in Python."""
    project = load_project()
    books = load_books(tiny.write_books(work / "books", ["2026-01"]))
    run = steps.PeriodRun(books, Period("2026-01"), cast("RunInputs", SimpleNamespace(inputs=())), work, [])
    steps.extract(run, land(books), [], Progress("en", lambda _: None))
    results = build(project, work, lambda _: None, LAST)
    failed = [result.name for result in results if result.is_failed]
    assert not failed, failed
    nodes = {node["name"]: node for node in project.manifest["nodes"].values()}
    python = {
        name: str(project.folder / node["original_file_path"])
        for name, node in nodes.items()
        if node["resource_type"] == "model" and node["language"] == "python"
    }
    views = [name for name, node in nodes.items() if node["config"].get("materialized") == "view"]
    sql = {result.name: result.sql for result in results if result.name not in python}
    before = _before(nodes)
    made = {
        "sql": sql,
        "python": python,
        "views": views,
        "database": str(work / CANDIDATE),
        "before": [result.name for result in results if result.name in before],
    }
    (work / MADE).write_text(json.dumps(made), "utf-8")


def _before(nodes: Mapping[str, Any]) -> set[str]:
    """The tables of the costing room between the events to value and the view that orders them."""

    def sources(name: str, *stops: str) -> set[str]:
        given = nodes[name].get("depends_on", {}).get("nodes", [])
        found = {of.split(".")[-1] for of in given if of.startswith("model.")}
        return found.union(*(sources(of, *stops) for of in found if of not in stops))

    room = sources("costing_input", "stock_event") - {"stock_event"}
    return {
        name
        for name in room
        if nodes[name]["fqn"][1] == "costing" and nodes[name]["config"]["materialized"] == "table"
    }


def write_movements(connection: duckdb.DuckDBPyConnection, company: Company, method: str) -> None:
    """Replace the tiny company's items and events; every pool opens with a receipt."""
    connection.execute(f"update settings.books set method = '{method}', pool = 'warehouse'")
    connection.execute("delete from settings.costing_override")
    connection.execute("delete from staging.stg_item")
    connection.execute(
        "insert into staging.stg_item (item_code, category) "
        f"select printf('I%06d', n), 'C' || n % 20 from range({company.items}) as item(n)"
    )
    connection.execute(
        Path(__file__)
        .with_suffix(".sql")
        .read_text("utf-8")
        .format(
            rows=company.rows,
            items=company.items,
            months=company.months,
            units=company.units,
            **(KEPT if company.keeps_stock else DRIFTING),
            warehouses=WAREHOUSES,
            pools=company.items * WAREHOUSES,
            skewed="when k % 2 = 0 then 7" if company.is_skewed else "",
        )
    )


def take_month(connection: duckdb.DuckDBPyConnection, month: int | None) -> None:
    """Make the movements of one month, or of all, the events that the models value."""
    chosen = "" if month is None else f"where month = {month}"
    connection.execute("delete from costing.stock_event")
    connection.execute(
        "insert into costing.stock_event by name "
        f"select * exclude (month), effective_date as document_date from every_event {chosen}"
    )
