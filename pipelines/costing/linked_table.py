"""Linked pools as tables: the links and pools that SQL found, and what the solver says of them, in Arrow.
Nothing is solved here; that is `linked`."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.costing.chains import OVERFLOW, UNSOLVABLE
from pipelines.costing.cycles import half_up
from pipelines.costing.linked import Links, Pools, Solution, places, solve_links

SCHEMA: Final = pa.schema(
    {
        "record_kind": pa.string(), "event_id": pa.string(), "place_no": pa.int64(), "amount": pa.int64(),
        "pool_no": pa.int64(), "total_quantity": pa.int64(), "total_amount": pa.int64(),
        "circle_no": pa.int64(), "unit_cost": pa.int64(), "error_code": pa.string(),
    }
)  # fmt: skip
"""movement: an event, its place in the day and, where it was solved, its signed amount into stock in minor
units; pool: one that solved links touch, with all it has to issue, in a circle with its number and its cost
in 1/10⁶; error: a pool without a rate."""


_NODE: Final = ("brought_quantity", "brought_amount", "last_cost_quantity", "last_cost_amount")


def value_linked_pools(
    links: pa.Table, pools: pa.Table, orders: pa.Table, amount_decimals: int = 2
) -> pa.Table:
    """What is known of linked pools, in `SCHEMA`.

    `links`, in their order: out_event_id, in_event_id, effective_date (NULL: has no place in its day),
    is_solved, pool_no or order_slot that it leaves, target_pool_no or target_order_slot that it reaches (both
    NULL: on the way), quantity, arriving_quantity. `pools` and `orders`, a row for each number from 0:
    brought_quantity, brought_amount, last_cost_quantity, last_cost_amount. Quantities in 1/10,000 units,
    amounts in minor units, `amount_decimals` of them. Raises ValueError for a link to a number that is not
    there, KeyError for a missing column; a pool that has no rate is a row of kind error.
    """
    first, on_the_way = pools.num_rows, pools.num_rows + orders.num_rows
    source = _nodes(links["pool_no"], links["order_slot"], first, on_the_way)
    target = _nodes(links["target_pool_no"], links["target_order_slot"], first, on_the_way)
    solved = links["is_solved"].to_numpy(zero_copy_only=False)
    quantity, arriving = links["quantity"].to_numpy(), links["arriving_quantity"].to_numpy()
    given = (np.concatenate([pools[name].to_numpy(), orders[name].to_numpy(), [0]]) for name in _NODE)
    solution = solve_links(
        Pools(*given), Links(source[solved], target[solved], quantity[solved], arriving[solved])
    )
    amount = np.zeros(links.num_rows, np.int64)
    amount[solved] = solution.amount
    touched = np.unique(np.concatenate([source[solved], target[solved]]))
    pool_rows = _pools(solution, touched[touched < first], 10 ** (4 + 6 - amount_decimals))
    place = _places(links["effective_date"], source, target)
    return pa.concat_tables([_movements(links, place, solved, amount), pool_rows, _errors(solution, first)])


def _nodes(pools: Any, orders: Any, first: int, nowhere: int) -> Any:
    """One number for pools and orders alike: orders stand behind the pools."""
    behind = pc.add(orders.cast(pa.int64()), first)
    return pc.fill_null(pc.coalesce(pools.cast(pa.int64()), behind), nowhere).to_numpy()


def _places(dates: Any, source: Any, target: Any) -> Any:
    """The place in its day of a link that has one: that of the pool it leaves; NULL for the others."""
    dated = pc.is_valid(dates).to_numpy(zero_copy_only=False)
    place = np.zeros(len(source), np.int64)
    place[dated] = places(
        source[dated], target[dated], dates.filter(pa.array(dated)).cast(pa.int32()).to_numpy()
    )
    return pa.array(place, mask=~dated)


def _movements(links: pa.Table, place: Any, solved: Any, amount: Any) -> pa.Table:
    """An out row takes what its links take together; an in row is worth its link."""
    worth = pa.array(amount, mask=~solved)
    out = pa.table({"event_id": links["out_event_id"], "place_no": place, "amount": pc.negate(worth)})
    arriving = pa.table({"event_id": links["in_event_id"], "place_no": place, "amount": worth})
    both = pa.concat_tables([out, arriving])
    both = both.filter(pc.is_valid(both["event_id"]))
    summed = both.group_by("event_id", use_threads=False).aggregate([("place_no", "max"), ("amount", "sum")])
    return _of_kind(
        "movement", event_id=summed["event_id"], place_no=summed["place_no_max"], amount=summed["amount_sum"]
    )


def _pools(solution: Solution, touched: Any, scale: int) -> pa.Table:
    """Totals of the pools that links touch, and the exact rates of those in a circle, rounded for print."""
    circle, cost = np.zeros((2, len(solution.status)), np.int64)
    for number, (members, rates) in enumerate(solution.circles, start=1):
        circle[list(members)] = number
        for pool, rate in rates.items():
            cost[pool] = half_up(scale * rate)
    alone = circle[touched] == 0
    return _of_kind(
        "pool",
        pool_no=touched,
        total_quantity=solution.total_quantity[touched],
        total_amount=solution.total_amount[touched],
        circle_no=pa.array(circle[touched], mask=alone),
        unit_cost=pa.array(cost[touched], mask=alone),
    )


def _errors(solution: Solution, pools: int) -> pa.Table:
    wrong = np.flatnonzero(np.isin(solution.status[:pools], (UNSOLVABLE, OVERFLOW)))
    names = {UNSOLVABLE: "no_rate", OVERFLOW: "overflow"}
    return _of_kind("error", pool_no=wrong, error_code=[names[int(code)] for code in solution.status[wrong]])


def _of_kind(kind: str, **columns: Any) -> pa.Table:
    rows = len(next(iter(columns.values())))
    columns["record_kind"] = [kind] * rows
    return pa.table([_column(columns.get(field.name), field.type, rows) for field in SCHEMA], schema=SCHEMA)


def _column(values: Any, kind: pa.DataType, rows: int) -> Any:
    if values is None:
        return pa.nulls(rows, kind)
    return values.cast(kind) if isinstance(values, pa.ChunkedArray) else pa.array(values, kind)
