"""One row per item that is costed: the component of items that walks with it, its level inside, and whether
it is made of itself. The arithmetic is `pipelines.costing.components`."""

# ruff: noqa: INP001  (dbt loads the file by its path)
from typing import Any


def model(dbt: Any, session: Any) -> Any:  # noqa: ARG001
    """Group the items that this period's orders and conversion documents link."""
    import pyarrow as pa

    from pipelines.costing.components import components

    dbt.config(materialized="table")
    known = dbt.ref("costing_item").project("item_code, item_key")
    items = known.order("item_key").to_arrow_table()
    moved = dbt.ref("costing_movement").filter("order_key is not null")
    below_zero = dbt.source("carried", "negative_issue").filter(
        "event_type = 'production_issue' or production_order_no is not null"
    )
    waiting = below_zero.join(known, "item_code")  # their true-ups change the order
    linking = moved.project(
        "item_key, direction < 0 as leaves, "
        "case when starts_with(order_key, 'product:') then 'order:' else order_key end as order_key"
    ).union(
        waiting.project(
            "item_key, true as leaves, 'order:' || coalesce(production_order_no, '') as order_key"
        )
    )
    links = linking.project(
        "item_key, dense_rank() over (order by order_key) - 1 as order_no, leaves, "
        "order_key like 'order:%' as has_levels"
    )
    link = links.distinct().to_arrow_table()
    found = components(
        items.num_rows,
        *(
            link[name].to_numpy(zero_copy_only=False)
            for name in ("item_key", "order_no", "leaves", "has_levels")
        ),
    )
    for name, values in zip(("component_key", "level_no", "in_circle"), found, strict=True):
        items = items.append_column(name, pa.array(values))
    return items
