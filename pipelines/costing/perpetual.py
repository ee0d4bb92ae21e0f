"""Moving average and FIFO: what a receipt puts into a pool and an issue takes out of it, row by row.
Layers live in `layers`, stock below zero in `negatives`, which operation means what in `operations`."""

from pipelines.costing.codes import FIFO, NEGATIVE_REFUSED, NOWHERE
from pipelines.costing.compiled import compiled
from pipelines.costing.exact import add, portion
from pipelines.costing.layers import add_layer, check_unit_costs, take_layers
from pipelines.costing.negatives import add_negative, fill_negatives
from pipelines.costing.unit_value import at_unit_value, taken_value


@compiled
def last_known_value(state, pool, quantity, unit_cost):  # type: ignore[no-untyped-def]
    """`quantity` (positive) at the last known cost, else at the given unit cost; -1 when nothing is known."""
    run = state.run[0]
    if pool.last_quantity > 0:
        return at_unit_value(run, pool.last_amount, quantity, pool.last_quantity)
    if unit_cost >= 0:
        return portion(run, unit_cost, quantity, run.cost_scale)
    return -1


@compiled
def remember_cost(pool, quantity, amount):  # type: ignore[no-untyped-def]
    """Goods that came for nothing do not teach what goods cost."""
    if quantity > 0 and amount > 0:
        pool.last_quantity, pool.last_amount = quantity, amount


@compiled
def deposit(state, index, quantity, amount, learn):  # type: ignore[no-untyped-def]
    """Put `quantity` (positive) worth `amount` into the pool: first over open negative issues, the rest as
    stock.

    `learn`: whether the row says something new about what the goods cost.
    """
    run, pool = state.run[0], state.pools[index]
    after = add(run, pool.quantity, quantity)
    total = add(run, pool.amount, amount)
    if run.error != 0:
        return
    filled, worth, corrected = fill_negatives(state, index, quantity, amount, pool.method == FIFO)
    pool.quantity = after
    pool.amount = total + corrected
    if pool.method == FIFO and filled < quantity:
        run.made_layer = add_layer(state, index, quantity - filled, amount - worth, quantity)
    if not learn:
        return
    if pool.method == FIFO or after <= 0:
        remember_cost(pool, quantity, amount)
    else:
        remember_cost(pool, pool.quantity, pool.amount)


@compiled
def _take_average(run, pool, quantity, value):  # type: ignore[no-untyped-def]
    """What leaves an average pool with `quantity` of its units: at `value` when given (capped), all with
    the last."""
    if quantity == pool.quantity:
        return pool.amount
    if value >= 0:
        return min(value, pool.amount)
    if run.unit_scale != 0:
        return taken_value(run, pool.amount, quantity, pool.quantity)
    return pool.amount - portion(run, pool.amount, pool.quantity - quantity, pool.quantity)


@compiled
def withdraw(state, index, quantity, value, preferred, unit_cost):  # type: ignore[no-untyped-def]
    """Take `quantity` (positive) out of the pool; returns what it is worth.

    `value` is the worth of the whole quantity where another document decides it, -1 where the method does.
    What the pool does not have is estimated: its share of `value`, else the last known cost, else
    `unit_cost`, else nothing. FIFO takes from the `preferred` layer first.
    """
    run, pool = state.run[0], state.pools[index]
    there = min(quantity, max(pool.quantity, 0))
    short = quantity - there
    estimate, taken = 0, 0
    if short > 0:
        if run.refuse_negative != 0:
            run.error = NEGATIVE_REFUSED
            return 0
        estimate = _estimate(state, pool, quantity, short, value, unit_cost)
    after = add(run, pool.quantity, -quantity)
    below = add(run, min(pool.amount, 0), -estimate)
    add(run, max(pool.amount, 0), estimate)
    if pool.method == FIFO:
        check_unit_costs(state, index, preferred, there)
    elif there > 0:
        taken = _take_average(run, pool, there, value)
    if run.error != 0:
        return 0
    if pool.method == FIFO:
        taken = take_layers(state, index, preferred, there)
    pool.quantity = after
    pool.amount = below if short > 0 else pool.amount - taken
    if short > 0:
        add_negative(state, index, short, estimate)
    elif value >= 0 and pool.method != FIFO:
        remember_cost(pool, pool.quantity, pool.amount)
    return taken + estimate


@compiled
def _estimate(state, pool, quantity, short, value, unit_cost):  # type: ignore[no-untyped-def]
    if value >= 0:
        return portion(state.run[0], value, short, quantity)
    return max(last_known_value(state, pool, short, unit_cost), 0)


@compiled
def current_value(state, pool, quantity, unit_cost):  # type: ignore[no-untyped-def]
    """`quantity` (positive) at the pool's unit value now; an empty pool's last known cost; -1 when nothing
    is known."""
    if pool.quantity > 0:
        return at_unit_value(state.run[0], pool.amount, quantity, pool.quantity)
    return last_known_value(state, pool, quantity, unit_cost)


@compiled
def adjust(state, index, amount, layer_node):  # type: ignore[no-untyped-def]
    """Add `amount` to stock that is there: to the pool, under FIFO to one layer; never below zero.

    Returns what was put into stock; the rest has nothing to stand on.
    """
    run, pool = state.run[0], state.pools[index]
    if pool.quantity <= 0 or (pool.method == FIFO and layer_node == NOWHERE):
        return 0
    total = add(run, pool.amount, amount)
    if run.error != 0:
        return 0
    if pool.method == FIFO:
        layer = state.layers[layer_node]
        put = max(amount, -layer.amount)
        layer.amount += put
        if layer_node == pool.last_layer:
            remember_cost(pool, layer.quantity, layer.amount)
        pool.amount += put
        return put
    put = max(amount, -pool.amount)
    pool.amount = max(total, 0)
    if put != 0:
        remember_cost(pool, pool.quantity, pool.amount)
    return put
