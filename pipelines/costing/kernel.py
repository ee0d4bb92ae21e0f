"""The compiled loop over the rows of a batch: find the pool, let its method value the row, write down the
result. Compiled once for read-only Arrow memory and cached on disk; how batches come and go belongs to
`stream`."""

import hashlib
from pathlib import Path
from typing import Any

from numba import types

from pipelines.costing import codes
from pipelines.costing.closing import begin_component, carry, close_component, reach_pool
from pipelines.costing.compiled import compiled, compiled_at_import
from pipelines.costing.exact import portion
from pipelines.costing.held import collect_rows
from pipelines.costing.operations import neutral_value, perpetual_row
from pipelines.costing.orders import add_to_order, carry_order, check_order, keep_material, value_from_order
from pipelines.costing.originals import check_slots, keep_original
from pipelines.costing.periodic import late_share_row, open_period, periodic_row, produced_row, rate_value
from pipelines.costing.perpetual import current_value
from pipelines.costing.records import ROWS_TYPE, STATE_TYPE, VALUED_TYPE
from pipelines.costing.results import write_error
from pipelines.costing.standard import standard_row


@compiled
def _moves_inside(state, row, index):  # type: ignore[no-untyped-def]
    """The value of a move inside one pool, at the pool's own unit value."""
    run, pool, quantity = state.run[0], state.pools[index], abs(row.quantity)
    if pool.method == codes.STANDARD and pool.unit_cost != codes.NONE:
        value = portion(run, pool.unit_cost, quantity, run.cost_scale)
    elif pool.method == codes.PERIODIC_AVERAGE:
        if pool.opened == 0:
            open_period(state, row, index)
        value = rate_value(state, pool, quantity, row.unit_cost)
    else:
        value = current_value(state, pool, quantity, row.unit_cost)
    return neutral_value(state, row, index, value)


@compiled
def _value(state, row, index):  # type: ignore[no-untyped-def]
    """The signed amount of one movement, by the method of its pool."""
    run, op, method = state.run[0], row.op, state.pools[index].method
    if op == codes.NEUTRAL:
        return _moves_inside(state, row, index)
    if op == codes.PRODUCED:
        value_from_order(state, row)
        if run.error != 0:
            return 0
        if method == codes.PERIODIC_AVERAGE:
            return produced_row(state, row, index) if row.quantity != 0 else late_share_row(state, row, index)
    if method == codes.STANDARD:
        return standard_row(state, row, index)
    if method == codes.PERIODIC_AVERAGE:
        return periodic_row(state, row, index)
    return perpetual_row(state, row, index)


@compiled
def _check(state, row):  # type: ignore[no-untyped-def]
    """What must hold of any row before it is valued; sets the run's error."""
    run, method = state.run[0], row.method
    pool = state.pools[row.pool]
    if row.op != codes.NEUTRAL:
        run.neutral_quantity = 0
    check_slots(state, row)
    check_order(state, row)
    if row.quantity == codes.NONE:
        run.error = codes.OVERFLOW
    elif method < codes.MOVING_AVERAGE or method > codes.STANDARD:
        run.error = codes.UNSUPPORTED_OPERATION
    elif pool.method == 0:
        pool.method = method
    elif pool.method != method:
        run.error = codes.METHOD_CHANGED


@compiled
def _movement(state, row, index, valued):  # type: ignore[no-untyped-def]
    """Value one movement and write down what it did."""
    run, pool, out = state.run[0], state.pools[index], 0
    if run.error == 0:
        out = _value(state, row, index)
    if run.error != 0:
        out, run.expensed = 0, 0
    elif row.quantity != 0:
        keep_original(state, row.own_slot, row.quantity, out + run.expensed)
        keep_material(state, row, out)
    elif row.op == codes.VALUE:
        add_to_order(state, row.order_slot, run.expensed)
    place = run.row
    valued.out[place], valued.expensed[place] = out, run.expensed
    valued.balance_quantity[place], valued.balance_amount[place] = pool.quantity, pool.amount


@compiled
def _one_row(state, row, valued):  # type: ignore[no-untyped-def]
    run, index = state.run[0], row.pool
    reach_pool(state, index)
    run.sequence, run.error, run.expensed, run.made_layer = row.sequence, 0, 0, codes.NOWHERE
    first = run.results
    if row.op == codes.CARRIED_ORDER:
        carry_order(state, row)
    else:
        _check(state, row)
        state.pools[index].row = run.row
        if row.op < codes.CARRIED_STATE:
            _movement(state, row, index, valued)
        elif run.error == 0:
            carry(state, row, index)
    if run.error != 0:
        write_error(state, index, run.row, run.error)
    for result in range(first, run.results):
        state.results[result].balance_quantity = state.pools[index].quantity
        state.results[result].balance_amount = state.pools[index].amount


@compiled
def room_needed(run):  # type: ignore[no-untyped-def]
    """The most records that one row can write, the close of the component before it included."""
    return run.layers + 2 * run.negatives + 3 * run.pools + 8


@compiled
def _load(rows, place, row):  # type: ignore[no-untyped-def]
    """Copy one row of the columns into the record that the methods read."""
    row.sequence, row.component, row.pool = rows.sequence[place], rows.component[place], rows.pool[place]
    row.method, row.op = rows.method[place], rows.op[place]
    row.quantity, row.amount, row.unit_cost = rows.quantity[place], rows.amount[place], rows.unit_cost[place]
    row.own_slot, row.original_slot = rows.own_slot[place], rows.original_slot[place]
    row.original_quantity, row.original_amount = rows.original_quantity[place], rows.original_amount[place]
    row.last_quantity, row.last_amount = rows.last_quantity[place], rows.last_amount[place]
    row.total_quantity, row.total_amount = rows.total_quantity[place], rows.total_amount[place]
    row.order_slot, row.share_total = rows.order_slot[place], rows.share_total[place]
    row.share_before, row.share_after = rows.share_before[place], rows.share_after[place]


def _fingerprint() -> int:
    """Numba looks at one file when it asks its cache: this number makes the loop depend on all of them."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).digest()
    return int.from_bytes(digest[:7], "big")


def _compiled(fingerprint: int) -> tuple[Any, Any, Any]:
    @compiled_at_import(types.int64(STATE_TYPE, ROWS_TYPE, VALUED_TYPE, types.int64))
    def value_rows(state, rows, valued, start):  # type: ignore[no-untyped-def]
        run, row = state.run[0], state.row[0]
        run.fingerprint = fingerprint
        for place in range(start, len(rows.sequence)):
            if len(state.results) - run.results < room_needed(run):
                return place
            _load(rows, place, row)
            run.row = place
            if run.open != 0 and (
                row.component < run.component
                or (row.component == run.component and row.sequence <= run.sequence)
            ):
                write_error(state, 0, place, codes.OUT_OF_ORDER)
                return -1
            if run.open == 0 or row.component != run.component:
                close_component(state)
                begin_component(state, row.component)
                run.open = 1
            _one_row(state, row, valued)
        return len(rows.sequence)

    @compiled_at_import(types.void(STATE_TYPE))
    def close_last(state):  # type: ignore[no-untyped-def]
        state.run[0].fingerprint = fingerprint
        close_component(state)
        begin_component(state, codes.NOWHERE)

    @compiled_at_import(types.int64(STATE_TYPE, types.int64, types.boolean, types.int64[::1]))
    def hold_rows(state, base, everything, found):  # type: ignore[no-untyped-def]
        state.run[0].fingerprint = fingerprint
        return collect_rows(state, base, everything, found)

    return value_rows, close_last, hold_rows


value_rows, close_last, hold_rows = _compiled(_fingerprint())
"""value_rows(state, rows, valued, start) → the row to go on with: the number of rows when done, less when the
results table needs room first, -1 when a row is out of order. close_last(state) closes the component at hand.
hold_rows(state, base, everything, found) → `held.collect_rows`."""
