"""One row per thing the costing kernel says: a movement, a consumed, open or negative piece of stock, a
state, an error. Only the stream stands here; what a movement is worth is decided in `pipelines.costing`,
which knows no database."""

# ruff: noqa: INP001  (dbt loads the file by its path)
from typing import Any

ROWS_IN_A_BATCH = 122_880  # one row group of DuckDB


def model(dbt: Any, session: Any) -> Any:  # noqa: ARG001
    """Stream the sorted movements through the kernel; memory does not grow with their number."""
    import pyarrow as pa

    from pipelines.costing import cost_movements, output_schema

    dbt.config(materialized="table")
    followed = len(dbt.ref("late_transfer").project("late_event_id").distinct())
    slots, orders = len(dbt.ref("costing_slot")), len(dbt.ref("costing_order")) + followed
    books = dbt.source("settings", "books")
    (late_cost, negative_stock, decimals), *_ = books.project(
        "late_cost, negative_stock, try_cast(unit_cost_decimals as integer)"
    ).fetchall()
    batches = dbt.ref("costing_input").to_arrow_reader(ROWS_IN_A_BATCH)
    valued = cost_movements(
        batches,
        slots=slots,
        orders=orders,
        late_cost=late_cost,
        negative_stock=negative_stock,
        unit_cost_decimals=decimals,
    )
    return pa.RecordBatchReader.from_batches(output_schema(batches.schema), valued)
