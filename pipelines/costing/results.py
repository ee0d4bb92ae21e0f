"""Writes the records that stand beside the movements: consumption, true-up, layer, state, open negative,
error. Each is one row of the results table; turning them into Arrow columns belongs to `stream`."""

from pipelines.costing.codes import CONSUMPTION, ERROR, LAYER, NEGATIVE, NOWHERE, STATE, TRUE_UP
from pipelines.costing.compiled import compiled


@compiled
def new_result(state, kind, pool, row):  # type: ignore[no-untyped-def]
    """A fresh record of one kind; `row` is the input row whose documents it repeats."""
    run = state.run[0]
    result = state.results[run.results]
    run.results += 1
    result.kind, result.pool, result.row = kind, pool, row
    result.error, result.at, result.component, result.sequence, result.source = (
        0,
        run.row,
        run.component,
        run.sequence,
        NOWHERE,
    )
    result.out, result.quantity, result.amount, result.original = 0, 0, 0, 0
    result.balance_quantity, result.balance_amount = 0, 0
    result.last_quantity, result.last_amount, result.unit_cost = 0, 0, 0
    return result


@compiled
def write_consumption(state, pool, issue, layer_source, quantity, amount):  # type: ignore[no-untyped-def]
    """`quantity` worth `amount` of the layer that row `layer_source` made went out with row `issue`."""
    result = new_result(state, CONSUMPTION, pool, NOWHERE)
    result.sequence, result.source, result.quantity, result.amount = issue, layer_source, quantity, amount


@compiled
def write_true_up(state, pool, negative, correction):  # type: ignore[no-untyped-def]
    """The refill at hand shows that an issue below zero was worth `correction` more (if negative) than
    estimated."""
    result = new_result(state, TRUE_UP, pool, negative.row)
    result.source, result.out = negative.source, correction


@compiled
def write_error(state, pool, row, error):  # type: ignore[no-untyped-def]
    """Row `row` could not be valued."""
    result = new_result(state, ERROR, pool, row)
    result.error = error


@compiled
def write_layer(state, layer):  # type: ignore[no-untyped-def]
    """A layer that is still open at the close."""
    result = new_result(state, LAYER, layer.pool, layer.row)
    result.source, result.quantity, result.amount, result.original = (
        layer.source, layer.quantity, layer.amount, layer.original,
    )  # fmt: skip


@compiled
def write_negative(state, pool, row, source, quantity, amount):  # type: ignore[no-untyped-def]
    """An issue below zero that no receipt has filled at the close."""
    result = new_result(state, NEGATIVE, pool, row)
    result.source, result.quantity, result.amount = source, quantity, amount


@compiled
def write_state(state, index):  # type: ignore[no-untyped-def]
    """What the next period must know of a pool."""
    pool = state.pools[index]
    result = new_result(state, STATE, index, pool.row)
    result.balance_quantity, result.balance_amount = pool.quantity, pool.amount
    result.last_quantity, result.last_amount, result.unit_cost = (
        pool.last_quantity, pool.last_amount, pool.unit_cost,
    )  # fmt: skip
