"""Batches in, batches out: feeds the compiled loop and turns what it wrote into Arrow.
Nothing is valued here; memory holds one batch, one component's open layers, and the slots of originals."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.costing import codes
from pipelines.costing.held import HeldRows
from pipelines.costing.kernel import close_last, hold_rows, value_rows
from pipelines.costing.records import State, Valued, new_state, with_room
from pipelines.costing.results_table import beside_movements
from pipelines.costing.row_groups import RowGroups
from pipelines.costing.schema import COMPUTED, INPUT, named, output_schema, passed_on, read_rows

LATE_COST: Final = {"expense": codes.LATE_TO_EXPENSE, "stock": codes.LATE_TO_STOCK,
                    "on_hand_share": codes.LATE_BY_ON_HAND_SHARE}  # fmt: skip
NEGATIVE_STOCK: Final = ("estimate_and_true_up", "refuse")


UNIT_COST_DECIMALS: Final = (None, 2, 3, 4, 5, 6, 7, 8)


def cost_movements(
    batches: Iterable[pa.RecordBatch],
    *,
    slots: int,
    orders: int = 0,
    late_cost: str,
    negative_stock: str,
    unit_cost_decimals: int | None = None,
    amount_decimals: int = 2,
) -> Iterator[pa.RecordBatch]:
    """Value movements sorted by (component_key, sequence_no); the batches that come out have `output_schema`.

    In: batches of one schema with the columns of `schema.INPUT`, of any length: quantities in 1/10,000 units,
    amounts in minor units, unit costs in 1/10⁶ of the currency unit, a receipt above 0, an issue below. Out:
    per batch one record per movement in its order (`out_amount` into stock, `expensed_amount` beside it, the
    pool's balance after it), then the records beside them: what FIFO issues consumed, true-ups, errors; with
    the last row of a component its open layers, closing states and open issues below zero.

    `slots` is one more than the largest own_slot or original_slot, `orders` one more than the largest
    order_slot. `late_cost` (stock, on_hand_share, expense): where a cost goes that comes after its receipt.
    `negative_stock` (estimate_and_true_up, refuse): what happens when more leaves than is there.
    `unit_cost_decimals`: an issue is its quantity × the unit value rounded to so many decimals of the
    currency unit, None for exact shares. `amount_decimals`: decimals of the minor unit. Every amount is
    rounded once, half away from zero.

    Raises ValueError for an unknown policy, a pool_key below 0 and rows out of order, KeyError for a missing
    column, pyarrow.ArrowInvalid for a value that its column cannot hold. Anything wrong with a single row is
    an error record beside it, and the walk goes on.

    The rules: a receipt is worth its own document; what leaves is worth what the method says of the pool
    (moving average: what stays is the rounded share, so that the last unit takes the rest; first in first
    out: the oldest layers; periodic average: the period's total ÷ its quantity; standard: the difference of
    two balances); what comes back or arrives from another pool is worth what it left with.
    """
    if late_cost not in LATE_COST or negative_stock not in NEGATIVE_STOCK:
        raise ValueError(f"unknown policy: late_cost {late_cost!r}, negative_stock {negative_stock!r}")
    if unit_cost_decimals not in UNIT_COST_DECIMALS:
        raise ValueError(f"unknown policy: unit_cost_decimals {unit_cost_decimals!r}")
    state = new_state(max(slots, 0), max(orders, 0))
    run = state.run[0]
    run["late_cost"], run["refuse_negative"] = LATE_COST[late_cost], negative_stock == "refuse"
    run["cost_scale"] = 10 ** (4 + 6 - amount_decimals)
    if unit_cost_decimals is not None:
        run["unit_scale"] = 10 ** (4 + unit_cost_decimals - amount_decimals)
    costing: _Costing | None = None
    for batch in batches:
        costing = costing or _Costing(batch.schema, state)
        if batch.num_rows:
            yield from costing.value(batch)
    if costing is not None:
        yield from costing.close()


class _Costing:
    """One run over one stream of batches."""

    def __init__(self, schema: pa.Schema, state: State) -> None:
        self.passed = passed_on(schema)
        self.schema = output_schema(schema)
        self.held = HeldRows(pa.schema([schema.field(name) for name in self.passed]))
        self.beside = RowGroups()
        self.state = state

    def value(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """The rows of one batch as they came, then, when they fill a batch, the records beside them."""
        rows, batch = read_rows(batch), batch.select(self.passed)
        valued = Valued(*(np.zeros(batch.num_rows, np.int64) for _ in Valued._fields))
        limits = pc.min_max(batch.column(INPUT["pool"])).as_py()
        if limits["min"] < 0:
            raise ValueError("a pool_key is below 0")
        pools, row = limits["max"] + 1, 0
        while row < batch.num_rows:
            self._make_room(pools, batch.num_rows)
            row = value_rows(self.state, rows, valued, row)
            if row < 0:
                self._refuse_order(rows)
            self.beside.add(self._results(batch))
        yield self._movements(batch, rows, valued)
        yield from self.beside.full()
        self.held.keep(self.state, hold_rows, batch)

    def close(self) -> Iterator[pa.RecordBatch]:
        """The closing state of the last component."""
        self._make_room(0, 0)
        close_last(self.state)
        self.beside.add(self._results(None))
        yield from self.beside.rest()

    def _make_room(self, pools: int, rows: int) -> None:
        run = self.state.run[0]
        most = int(run["layers"] + 2 * run["negatives"] + 3 * (run["pools"] + pools) + 8)
        self.state = with_room(self.state, pools=pools, nodes=rows, results=most + 2 * rows)

    def _refuse_order(self, rows: Any) -> None:
        row = int(self.state.results[int(self.state.run[0]["results"]) - 1]["row"])
        raise ValueError(
            f"rows are not sorted by component_key, sequence_no: sequence_no {rows.sequence[row]}"
        )

    def _results(self, batch: pa.RecordBatch | None) -> list[pa.RecordBatch]:
        run = self.state.run[0]
        written = self.state.results[: int(run["results"])]
        run["results"] = 0
        return beside_movements(written, batch, self.held, self.schema)

    def _movements(self, batch: pa.RecordBatch, rows: Any, valued: Valued) -> pa.RecordBatch:
        """Every row in its order, with what it is worth."""
        count = batch.num_rows
        carried = rows.op >= codes.CARRIED_STATE
        computed = {
            "record_kind": named((carried * codes.CARRIED).astype(np.int8), codes.KINDS),
            "out_amount": pa.array(valued.out),
            "expensed_amount": pa.array(valued.expensed),
            "balance_quantity": pa.array(valued.balance_quantity),
            "balance_amount": pa.array(valued.balance_amount),
        }
        columns = [
            computed.get(field.name, pa.nulls(count, field.type))
            if field.name in COMPUTED
            else batch.column(field.name)
            for field in self.schema
        ]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)
