"""The records beside the movements as Arrow: which input row they repeat and which columns say something of
them. They are written by `results`; here they only change their form."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.costing import codes
from pipelines.costing.held import HeldRows
from pipelines.costing.schema import named

_TRUE_UP_NAME: Final = "negative_true_up"
_WITH_BALANCE: Final = (codes.TRUE_UP, codes.STATE, codes.ERROR)
_WITH_LAYER: Final = (codes.LAYER, codes.NEGATIVE)
_WITH_SOURCE: Final = (*_WITH_LAYER, codes.TRUE_UP)
_CONSUMPTION: Final = {
    "sequence_no": "sequence", "component_key": "component", "pool_key": "pool",
    "source_sequence_no": "source", "layer_quantity": "quantity", "layer_amount": "amount",
}  # fmt: skip


def beside_movements(
    written: Any, batch: pa.RecordBatch | None, held: HeldRows, schema: pa.Schema
) -> list[pa.RecordBatch]:
    """Up to two batches: consumption records, which repeat no documents, and all others, which do."""
    consumed = written["kind"] == codes.CONSUMPTION
    batches = []
    if consumed.any():
        batches.append(_consumption(written, np.flatnonzero(consumed), schema))
    if not consumed.all():
        batches.append(_with_documents(written[~consumed], batch, held, schema))
    return batches


def _consumption(written: Any, places: Any, schema: pa.Schema) -> pa.RecordBatch:
    """The most frequent record of FIFO: keys, quantity and amount, everything else NULL."""
    columns = {column: pa.array(written[field][places]) for column, field in _CONSUMPTION.items()}
    columns["record_kind"] = named(np.full(len(places), codes.CONSUMPTION, np.int8), codes.KINDS)
    return pa.RecordBatch.from_arrays(
        [
            columns[field.name].cast(field.type)
            if field.name in columns
            else pa.nulls(len(places), field.type)
            for field in schema
        ],
        schema=schema,
    )


def _with_documents(
    written: Any, batch: pa.RecordBatch | None, held: HeldRows, schema: pa.Schema
) -> pa.RecordBatch:
    known = held.look_up(batch, written["row"])
    columns = {name: known.column(name).combine_chunks() for name in known.column_names}
    columns |= _computed(written)
    moves = pa.array(written["kind"] == codes.ERROR)
    columns["quantity"] = pc.if_else(moves, columns["quantity"], pa.scalar(None, pa.int64()))
    true_up = written["kind"] == codes.TRUE_UP
    if batch is not None and true_up.any():
        columns |= _true_ups(columns, written, true_up, batch)
    return pa.RecordBatch.from_arrays(
        [columns[field.name].cast(field.type) for field in schema], schema=schema
    )


def _computed(written: Any) -> dict[str, Any]:
    """The columns of the kernel, NULL where the kind of record has nothing to say."""
    kind = written["kind"]

    def of(field: str, *kinds: int) -> Any:
        return pa.array(written[field], mask=~np.isin(kind, kinds))

    nothing = pa.array(
        written["unit_cost"], mask=(kind != codes.STATE) | (written["unit_cost"] == codes.NONE)
    )
    return {
        "record_kind": named(kind.astype(np.int8), codes.KINDS),
        "out_amount": of("out", codes.TRUE_UP, codes.ERROR),
        "expensed_amount": pa.array(np.zeros(len(kind), np.int64), mask=kind != codes.TRUE_UP),
        "balance_quantity": of("balance_quantity", *_WITH_BALANCE),
        "balance_amount": of("balance_amount", *_WITH_BALANCE),
        "source_sequence_no": of("source", *_WITH_SOURCE),
        "layer_quantity": of("quantity", *_WITH_LAYER),
        "layer_original_quantity": of("original", codes.LAYER),
        "layer_amount": of("amount", *_WITH_LAYER),
        "last_cost_quantity": of("last_quantity", codes.STATE),
        "last_cost_amount": of("last_amount", codes.STATE),
        "state_unit_cost": nothing,
        "error_code": named(written["error"].astype(np.int8), codes.ERRORS),
    }


def _true_ups(columns: dict[str, Any], written: Any, true_up: Any, batch: pa.RecordBatch) -> dict[str, Any]:
    """A true-up repeats the issue it corrects, happens when the refill does, and is an event of its own."""
    refill = batch.take(pa.array(written["at"], mask=~true_up))
    when = pa.array(true_up)
    values = {name: refill.column(name) for name in ("effective_date", "entered_at") if name in columns}
    values["sequence_no"] = pa.array(written["sequence"])
    if "quantity" in columns:
        values["quantity"] = pa.array(np.zeros(len(written), np.int64))
    if "event_type" in columns:
        values["event_type"] = pa.scalar(_TRUE_UP_NAME, columns["event_type"].type)
    if "event_id" in columns:
        both = pc.binary_join_element_wise(columns["event_id"], refill.column("event_id"), "/")
        values["event_id"] = both
        if "original_event_id" in columns:
            values["original_event_id"] = columns["event_id"]
    return {name: pc.if_else(when, value, columns[name]) for name, value in values.items()}
