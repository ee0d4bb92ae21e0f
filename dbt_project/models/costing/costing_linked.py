"""One row per thing known of linked cost pools before the kernel runs: a movement's place in its day and,
under periodic average, its amount; a pool with its totals; a pool without a rate. The arithmetic is
`pipelines.costing.linked`."""

# ruff: noqa: INP001  (dbt loads the file by its path)
from typing import Any


def model(dbt: Any, session: Any) -> Any:  # noqa: ARG001
    """Solve the links of the period; they are few beside its movements and fit into memory."""
    from pipelines.costing.linked_table import value_linked_pools

    dbt.config(materialized="table")
    links = dbt.ref("costing_link").order("effective_date, out_event_id, in_event_id").to_arrow_table()
    pools = dbt.ref("costing_pool").order("pool_no").to_arrow_table()
    produced = dbt.ref("costing_produced").aggregate(
        "order_slot, max(share_total) as share_total", "order_slot"
    )
    orders = (
        dbt.ref("costing_order")
        .set_alias("orders")
        .join(produced.set_alias("produced"), "orders.order_slot = produced.order_slot", how="left")
        .order("orders.order_slot")
        .project(
            "coalesce(share_total, 0)::bigint as brought_quantity, "
            "cast(brought_material * 100 as bigint) as brought_amount, "
            "0::bigint as last_cost_quantity, 0::bigint as last_cost_amount"
        )
    )
    return value_linked_pools(links, pools, orders.to_arrow_table())
