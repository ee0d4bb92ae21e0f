"""The closing state of a component: a record per pool, open layer and open negative issue, and room for the
next component. Carried records of an earlier close come back through `carry`; what rows do in between is not
known here."""

from pipelines.costing import codes
from pipelines.costing.compiled import compiled
from pipelines.costing.layers import add_layer
from pipelines.costing.negatives import add_negative
from pipelines.costing.periodic import close_period
from pipelines.costing.results import write_error, write_layer, write_negative, write_state


@compiled
def begin_component(state, component):  # type: ignore[no-untyped-def]
    """Forget everything but the slots: no layer and no pool belongs to two components."""
    run = state.run[0]
    run.component, run.pools, run.begun = component, 0, 1
    run.layers, run.layers_used, run.layer_free = 0, 0, codes.NOWHERE
    run.negatives, run.negatives_used, run.negative_free = 0, 0, codes.NOWHERE
    run.neutral_quantity = 0


@compiled
def reach_pool(state, index):  # type: ignore[no-untyped-def]
    """Make sure the component's pools up to `index` are there, empty."""
    run = state.run[0]
    while run.pools <= index:
        pool = state.pools[run.pools]
        pool.method, pool.quantity, pool.amount = 0, 0, 0
        pool.last_quantity, pool.last_amount, pool.unit_cost = 0, 0, codes.NONE
        pool.row, pool.issue_row, pool.issue_sequence = codes.NOWHERE, codes.NOWHERE, 0
        pool.first_layer, pool.last_layer = codes.NOWHERE, codes.NOWHERE
        pool.first_negative, pool.last_negative = codes.NOWHERE, codes.NOWHERE
        pool.opened, pool.opening, pool.total_quantity, pool.total_amount = 0, 0, 0, 0
        pool.issued_quantity, pool.issued_amount = 0, 0
        run.pools += 1


@compiled
def carry(state, row, index):  # type: ignore[no-untyped-def]
    """Take back one record of the previous close."""
    run, pool, op = state.run[0], state.pools[index], row.op
    quantity, amount, slot = row.quantity, row.amount, row.own_slot
    if op == codes.CARRIED_STATE:
        pool.quantity, pool.amount = quantity, amount
        pool.last_quantity, pool.last_amount = max(row.last_quantity, 0), max(row.last_amount, 0)
        pool.unit_cost = row.unit_cost
        return
    node = codes.NOWHERE
    if op == codes.CARRIED_LAYER:
        original = row.original_quantity
        node = add_layer(state, index, quantity, amount, max(original, quantity))
    elif op == codes.CARRIED_NEGATIVE:
        add_negative(state, index, quantity, amount)
    else:
        run.error = codes.UNSUPPORTED_OPERATION
    if slot >= 0:
        kept = state.slots[slot]
        kept.quantity, kept.amount, kept.source, kept.layer = 0, 0, run.sequence, node


@compiled
def close_component(state):  # type: ignore[no-untyped-def]
    """Write the closing state of the component at hand."""
    for index in range(state.run[0].pools):
        pool = state.pools[index]
        if pool.method == 0:
            continue
        if pool.method == codes.PERIODIC_AVERAGE:
            error, row = close_period(state, index)
            if error != 0:
                write_error(state, index, row, error)
        write_state(state, index)
        node = pool.first_layer
        while node != codes.NOWHERE:
            write_layer(state, state.layers[node])
            node = state.layers[node].next
        _write_negatives(state, index)


@compiled
def _write_negatives(state, index):  # type: ignore[no-untyped-def]
    """The open negative issues; a periodic pool that moved names its shortage as one, at its last issue."""
    pool = state.pools[index]
    quantity, amount, node = pool.quantity, pool.amount, pool.first_negative
    while node != codes.NOWHERE:
        quantity += state.negatives[node].quantity
        amount += state.negatives[node].amount
        node = state.negatives[node].next
    if pool.opened != 0 and (quantity != 0 or amount != 0):
        if pool.quantity < 0:
            row = pool.issue_row if pool.issue_sequence > 0 else pool.row
            write_negative(state, index, row, pool.issue_sequence, -pool.quantity, -pool.amount)
        return
    node = pool.first_negative
    while node != codes.NOWHERE:
        negative = state.negatives[node]
        write_negative(state, index, negative.row, negative.source, negative.quantity, negative.amount)
        node = negative.next
