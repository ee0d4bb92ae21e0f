"""Runs suites with Great Expectations, as SQL inside DuckDB: one batch and one query per table.

What is expected is declared elsewhere in this package; what becomes of the result is in `pipelines/gate.py`.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

from expectations.checks import BLOCK, ROWS, Check, Delivery
from expectations.typed import typed_rows
from pipelines.contract import load_contract
from pipelines.gx_duckdb import SCHEME, close_all, register

if TYPE_CHECKING:
    from pathlib import Path

    from expectations.suites import Suites

METRIC = "delivery.fault_counts"
# A colon that SQLAlchemy would take for the name of a parameter.
PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w)")


def validate(database: Path, suites: Suites, delivery: Delivery) -> dict[tuple[str, str], int]:
    """Number of faults by table and check; RuntimeError(table, check, reason) when one gives no result."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = _open(database)
        try:
            return {
                (table, name): count
                for table, checks in suites.items()
                for name, count in _validate(source, table, checks, delivery).items()
            }
        finally:
            close_all()


def counts_sql(table: str, checks: list[Check], delivery: Delivery) -> str:
    """One row, one column per check: how many faults it found. The table is read and typed once for all."""
    counted = ", ".join(f'{check.count_sql()} as "{check.name}"' for check in checks)
    rows = typed_rows(load_contract().tables[table], delivery, checks)
    return f"with {ROWS} as materialized ({rows}) select count(*), {counted} from {ROWS}"


def _open(database: Path) -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    from great_expectations import get_context
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    register()
    stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    settings = DataContextConfig(
        store_backend_defaults=stores, analytics_enabled=False, progress_bars={"globally": False}
    )
    context = get_context(mode="ephemeral", project_config=settings)
    return context.data_sources.add_sql(
        name="candidate", connection_string=f"{SCHEME}:///{database.resolve()}"
    )


def _validate(source: Any, table: str, checks: list[Check], delivery: Delivery) -> dict[str, int]:
    from great_expectations import ExpectationSuite

    counted = _expectation_class()
    query = counts_sql(table, checks, delivery)
    expectations = [
        counted(
            check=check.name,
            allowed=check.allowed,
            query=query,
            severity="critical" if check.severity == BLOCK else "warning",
        )
        for check in checks
    ]
    batch = source.add_table_asset(name=table, schema_name="raw", table_name=table).add_batch_definition(
        "whole"
    )
    outcome = batch.get_batch().validate(
        ExpectationSuite(name=table, expectations=expectations), result_format="SUMMARY"
    )
    return {found.expectation_config.kwargs["check"]: _count(table, found) for found in outcome.results}


def _count(table: str, found: Any) -> int:
    value = found.result.get("observed_value")
    if value is None:
        told = [info["exception_message"] for info in found.exception_info.values() if isinstance(info, dict)]
        raise RuntimeError(
            table, found.expectation_config.kwargs["check"], "; ".join(told) or found.exception_info
        )
    return int(value)


@cache
def _expectation_class() -> Any:
    """Great Expectations' own way to batch: one metric counts all faults of a table, every check asks it."""
    import sqlalchemy as sa
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine
    from great_expectations.expectations.expectation import BatchExpectation
    from great_expectations.expectations.metrics.metric_provider import metric_value
    from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

    class FaultCounts(TableMetricProvider):  # type: ignore[misc]  # imported where used, so mypy sees Any
        metric_name = METRIC
        value_keys = ("query",)

        @metric_value(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]  # as above
        def _sqlalchemy(  # Great Expectations hands over the class by name
            cls: Any,  # noqa: N805
            execution_engine: Any,
            metric_value_kwargs: Any,
            **_kwargs: Any,
        ) -> dict[str, int]:
            query = sa.text(PARAMETER.sub(r"\\:", metric_value_kwargs["query"]))
            return dict(execution_engine.execute_query(query).mappings().one())

    class ExpectNoFaults(BatchExpectation):  # type: ignore[misc]  # as above
        check: str
        allowed: int
        query: str
        metric_dependencies = (METRIC,)
        success_keys = ("check", "allowed", "query")

        def _validate(self, metrics: Any, **_kwargs: Any) -> dict[str, Any]:
            count = metrics[METRIC][self.check]
            return {"success": count <= self.allowed, "result": {"observed_value": count}}

    assert FaultCounts.metric_name == METRIC
    return ExpectNoFaults
