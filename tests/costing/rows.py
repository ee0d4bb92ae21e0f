"""Rows for the costing kernel, how to feed them, and what came out, as plain Python for comparison.
The rules are not here: they are in `oracle`, which the kernel is compared with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

import pyarrow as pa

from pipelines.costing import cost_movements

MOVING_AVERAGE, FIFO, PERIODIC_AVERAGE, STANDARD = 1, 2, 3, 4
IN_AMOUNT, OUT, IN_ORIGINAL, OUT_ORIGINAL, IN_CURRENT, VALUE, REVALUE, NEUTRAL, PRODUCED = range(1, 10)
CARRIED_STATE, CARRIED_LAYER, CARRIED_NEGATIVE, CARRIED_ORDER = 20, 21, 22, 23

SCHEMA = pa.schema(
    {
        "sequence_no": pa.int64(), "component_key": pa.int32(), "pool_key": pa.int32(), "method": pa.uint8(),
        "op": pa.uint8(), "quantity": pa.int64(), "amount": pa.int64(), "unit_cost": pa.int64(),
        "own_slot": pa.int32(), "original_slot": pa.int32(), "original_quantity": pa.int64(),
        "original_amount": pa.int64(), "last_cost_quantity": pa.int64(), "last_cost_amount": pa.int64(),
        "pool_total_quantity": pa.int64(), "pool_total_amount": pa.int64(),
        "order_slot": pa.int32(), "share_before": pa.int64(), "share_after": pa.int64(),
        "share_total": pa.int64(), "event_id": pa.string(),
        "event_type": pa.string(), "original_event_id": pa.string(), "effective_date": pa.date32(),
    }
)  # fmt: skip


@dataclass(frozen=True, repr=False)
class Row:
    """One row of costing_input: quantities in 1/10,000 units, amounts in cents, unit costs in millionths."""

    op: int
    quantity: int = 0
    amount: int | None = None
    method: int = MOVING_AVERAGE
    component_key: int = 0
    pool_key: int = 0
    sequence_no: int = 0
    unit_cost: int | None = None
    own_slot: int = -1
    original_slot: int = -1
    original_quantity: int | None = None
    original_amount: int | None = None
    last_cost_quantity: int | None = None
    last_cost_amount: int | None = None
    pool_total_quantity: int | None = None
    pool_total_amount: int | None = None
    order_slot: int = -1
    share_before: int | None = None
    share_after: int | None = None
    share_total: int | None = None
    event_id: str | None = None
    event_type: str | None = None
    original_event_id: str | None = None
    effective_date: date | None = None

    def __repr__(self) -> str:
        """Only what is not usual, so that a failing history can be read."""
        said = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}
        return f"Row({', '.join(f'{name}={value!r}' for name, value in said.items())})"


def numbered(rows: Iterable[Row]) -> list[Row]:
    """The rows by item, in their order, with sequence numbers and, where there is none, an event of their
    own."""
    ordered = sorted(rows, key=lambda row: row.component_key)
    return [
        replace(row, sequence_no=number, event_id=row.event_id or f"e{number}")
        for number, row in enumerate(ordered, start=1)
    ]


def batches_of(rows: list[Row], size: int = 1_000) -> list[pa.RecordBatch]:
    table = pa.Table.from_pylist([asdict(row) for row in rows], schema=SCHEMA).combine_chunks()
    return list(table.to_batches(max_chunksize=size))


def valued(rows: list[Row], batch_size: int = 1_000, /, **policy: Any) -> list[dict[str, Any]]:
    """Every record of the kernel as a dictionary; late cost goes to stock and negative stock is refused
    unless said."""
    policy = {"late_cost": "stock", "negative_stock": "refuse"} | policy
    orders = 1 + max((row.order_slot for row in rows), default=-1)
    slots = 1 + max((max(row.own_slot, row.original_slot) for row in rows), default=-1)
    out = cost_movements(
        batches_of(rows, batch_size),
        slots=slots,
        orders=orders,
        **policy,
    )
    return [record for batch in out for record in batch.to_pylist()]


def of_kind(records: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [record for record in records if record["record_kind"] == kind]


def movements(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows' own movements, without true-ups, in order."""
    found = [r for r in of_kind(records, "movement") if r["event_type"] != "negative_true_up"]
    return sorted(found, key=lambda record: int(record["sequence_no"]))


def true_ups(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [r for r in of_kind(records, "movement") if r["event_type"] == "negative_true_up"]
