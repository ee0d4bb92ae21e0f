"""The memory of a costing run: one record type for each of run, pool, layer, open negative issue, slot, order
and result. Only shapes and their allocation live here; the modules that change them own their meaning."""

from typing import Any, Final, NamedTuple

import numpy as np
from numba import from_dtype, types

from pipelines.costing.codes import NOWHERE

_I8: Final = "int64"


def _record(*fields: str) -> np.dtype[Any]:
    return np.dtype([(field, _I8) for field in fields], align=True)


RUN: Final = _record(
    "late_cost", "refuse_negative",  # policies
    "cost_scale", "unit_scale",  # given unit cost × quantity ÷ scale = amount; the same rounded, 0 = exact
    "component", "sequence", "row", "error", "open", "begun",  # where the run stands
    "pools", "layers", "layers_used", "layer_free", "negatives", "negatives_used", "negative_free", "results",
    "neutral_amount", "neutral_quantity", "neutral_pool",  # the last move inside one pool
    "expensed", "made_layer",  # what the row at hand did beside its amount
    "fingerprint",
)  # fmt: skip
POOL: Final = _record(
    "method", "quantity", "amount", "last_quantity", "last_amount", "unit_cost",
    "row", "issue_row", "issue_sequence",
    "first_layer", "last_layer", "first_negative", "last_negative",
    "opened", "opening", "total_quantity", "total_amount", "issued_quantity", "issued_amount",  # periodic
)  # fmt: skip
LAYER: Final = _record("quantity", "amount", "original", "source", "row", "next", "previous", "pool")
OPEN_NEGATIVE: Final = _record("quantity", "amount", "source", "row", "slot", "order", "next")
SLOT: Final = _record("quantity", "amount", "source", "layer")
ORDER: Final = _record("amount", "shared")
RESULT: Final = _record(
    "kind", "error", "row", "at", "component", "pool", "sequence", "source",
    "out", "quantity", "amount", "original",
    "balance_quantity", "balance_amount", "last_quantity", "last_amount", "unit_cost",
)  # fmt: skip


class State(NamedTuple):
    """Everything a run remembers between two rows; each field is an array of records."""

    run: Any
    row: Any
    pools: Any
    layers: Any
    negatives: Any
    slots: Any
    orders: Any
    results: Any


class Rows(NamedTuple):
    """The kernel's own columns of one batch; NULL is `codes.NONE`, a missing slot -1."""

    sequence: Any
    component: Any
    pool: Any
    method: Any
    op: Any
    quantity: Any
    amount: Any
    unit_cost: Any
    own_slot: Any
    original_slot: Any
    original_quantity: Any
    original_amount: Any
    last_quantity: Any
    last_amount: Any
    total_quantity: Any
    total_amount: Any
    order_slot: Any
    share_before: Any
    share_after: Any
    share_total: Any


class Valued(NamedTuple):
    """What the kernel says of each row of one batch; rows that are no movement stay 0."""

    out: Any
    expensed: Any
    balance_quantity: Any
    balance_amount: Any


def _array(dtype: np.dtype[Any]) -> Any:
    return types.Array(from_dtype(dtype), 1, "C")


def _read(name: str) -> Any:
    return types.Array(getattr(types, name), 1, "C", readonly=True)


ROW: Final = _record(*Rows._fields)
_ROW_TYPES: Final = {"component": "int32", "pool": "int32", "method": "uint8", "op": "uint8",
                     "own_slot": "int32", "original_slot": "int32", "order_slot": "int32"}  # fmt: skip
STATE_TYPE: Final = types.NamedTuple(
    [_array(dtype) for dtype in (RUN, ROW, POOL, LAYER, OPEN_NEGATIVE, SLOT, ORDER, RESULT)], State
)
ROWS_TYPE: Final = types.NamedTuple([_read(_ROW_TYPES.get(name, _I8)) for name in Rows._fields], Rows)
VALUED_TYPE: Final = types.NamedUniTuple(types.Array(types.int64, 1, "C"), len(Valued._fields), Valued)


def row_type(name: str) -> str:
    """The numpy type of a column of `Rows`."""
    return _ROW_TYPES.get(name, _I8)


def new_state(slots: int, orders: int) -> State:
    """An empty memory with room for `slots` originals and `orders` orders; the rest grows as batches come."""
    run = np.zeros(1, RUN)
    run["component"], run["layer_free"], run["negative_free"] = NOWHERE, NOWHERE, NOWHERE
    table = np.zeros(slots, SLOT)
    table["layer"] = NOWHERE
    row, pools, layers, negatives, results = (
        np.zeros(1, dtype) for dtype in (ROW, POOL, LAYER, OPEN_NEGATIVE, RESULT)
    )
    return State(run, row, pools, layers, negatives, table, np.zeros(orders, ORDER), results)


def with_room(state: State, *, pools: int, nodes: int, results: int) -> State:
    """The same memory with room for `pools` pools of a component, `nodes` new layers and negatives, `results`
    records."""
    run = state.run[0]
    return state._replace(
        pools=_grown(state.pools, pools),
        layers=_grown(state.layers, int(run["layers_used"]) + nodes),
        negatives=_grown(state.negatives, int(run["negatives_used"]) + nodes),
        results=_grown(state.results, results),
    )


def _grown(array: Any, size: int) -> Any:
    if len(array) >= size:
        return array
    larger = np.zeros(max(size, 2 * len(array)), array.dtype)
    larger[: len(array)] = array
    return larger
