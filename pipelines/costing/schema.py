"""Columns in and out: which input columns the kernel reads, what it adds, and under which names and types.
Their meaning row by row stands in the modules of the methods; what passes through untouched is not listed."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.costing.codes import NONE, NOWHERE
from pipelines.costing.records import Rows, row_type

INPUT: Final = {
    "sequence": "sequence_no", "component": "component_key", "pool": "pool_key", "method": "method",
    "op": "op",
    "quantity": "quantity", "amount": "amount", "unit_cost": "unit_cost", "own_slot": "own_slot",
    "original_slot": "original_slot", "original_quantity": "original_quantity",
    "original_amount": "original_amount", "last_quantity": "last_cost_quantity",
    "last_amount": "last_cost_amount", "total_quantity": "pool_total_quantity",
    "total_amount": "pool_total_amount", "order_slot": "order_slot", "share_before": "share_before",
    "share_after": "share_after", "share_total": "share_total",
}  # fmt: skip
"""Field of `records.Rows` → input column: quantities in 1/10,000 units, amounts in minor units, costs in
1/10⁶."""

NAMES: Final = pa.dictionary(pa.int8(), pa.string())
COMPUTED: Final = {
    "record_kind": NAMES, "out_amount": pa.int64(), "expensed_amount": pa.int64(),
    "balance_quantity": pa.int64(), "balance_amount": pa.int64(), "source_sequence_no": pa.int64(),
    "layer_quantity": pa.int64(), "layer_original_quantity": pa.int64(), "layer_amount": pa.int64(),
    "last_cost_quantity": pa.int64(), "last_cost_amount": pa.int64(), "state_unit_cost": pa.int64(),
    "error_code": NAMES,
}  # fmt: skip
"""Column the kernel fills → Arrow type."""


_STAYS: Final = {"sequence_no", "component_key", "pool_key", "method", "op", "quantity"}
_ENDS_HERE: Final = frozenset(INPUT.values()) - _STAYS


def passed_on(input_schema: pa.Schema) -> list[str]:
    """Input columns that come out as they went in: keys, quantity and all that the kernel does not read."""
    return [name for name in input_schema.names if name not in _ENDS_HERE and name not in COMPUTED]


def output_schema(input_schema: pa.Schema) -> pa.Schema:
    """The schema of what `cost_movements` yields: the columns passed on, then the computed ones.

    Quantities are int64 in 1/10,000 units, amounts int64 in minor units, unit costs int64 in 1/10⁶ of the
    currency unit, `record_kind` and `error_code` dictionaries of strings. `input_schema` may hold any column
    more than the kernel reads: it passes through as it is; what only the kernel reads ends with it. Raises
    nothing; a missing column is refused when the first batch comes.
    """
    passed = [input_schema.field(name) for name in passed_on(input_schema)]
    return pa.schema(passed + [pa.field(name, kind) for name, kind in COMPUTED.items()])


def read_rows(batch: pa.RecordBatch) -> Rows:
    """The kernel's columns of a batch as read-only numpy arrays, without copying where nothing is NULL.

    Raises KeyError for a missing column, pyarrow.ArrowInvalid for a value that its type does not hold.
    """
    return Rows(*(_numbers(batch.column(column), field) for field, column in INPUT.items()))


def _numbers(column: Any, field: str) -> Any:
    kind = row_type(field)
    if kind != str(column.type):
        column = column.cast(pa.from_numpy_dtype(np.dtype(kind)))
    if column.null_count:
        missing = NOWHERE if field.endswith("slot") else NONE if kind == "int64" else 0
        column = pc.fill_null(column, pa.scalar(missing, column.type))
    return column.to_numpy()


def named(codes: Any, names: Sequence[str]) -> Any:
    """Small integers as a dictionary column; an empty name is NULL."""
    absent = np.array([not name for name in names])[codes] if "" in names else None
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, pa.int8(), mask=absent), pa.array(names, pa.string())
    )
