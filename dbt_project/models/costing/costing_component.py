"""One row per item that is costed: the component of items that walks with it, and its level inside. The
arithmetic is `pipelines.costing.components`."""

# ruff: noqa: INP001  (dbt loads the file by its path)
from typing import Any


def model(dbt: Any, session: Any) -> Any:  # noqa: ARG001
    """Group the items that this period's orders and conversion documents link."""
    import pyarrow as pa

    from pipelines.costing.components import components

    dbt.config(materialized="table")
    items = dbt.ref("costing_item").project("item_code, item_key").order("item_key").to_arrow_table()
    linking = dbt.ref("costing_movement").filter("order_key is not null")
    links = linking.project(
        "item_key, dense_rank() over (order by order_key) - 1 as order_no, direction < 0 as leaves, "
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
    return items.append_column("component_key", pa.array(found[0])).append_column(
        "level_no", pa.array(found[1])
    )
