"""First in, first out: the open layers of a pool, oldest first, and what an issue takes from them.
Balances of the pool and what happens below zero live in `perpetual` and `negatives`."""

from pipelines.costing.codes import NOWHERE
from pipelines.costing.compiled import compiled
from pipelines.costing.results import write_consumption
from pipelines.costing.unit_value import at_unit_value, taken_value


@compiled
def add_layer(state, pool_index, quantity, amount, original):  # type: ignore[no-untyped-def]
    """Put a layer of the row at hand behind the pool's others; returns its node."""
    run, pool, layers = state.run[0], state.pools[pool_index], state.layers
    node = run.layer_free
    if node == NOWHERE:
        node = run.layers_used
        run.layers_used += 1
    else:
        run.layer_free = layers[node].next
    run.layers += 1
    layer = layers[node]
    layer.quantity, layer.amount, layer.original = quantity, amount, original
    layer.source, layer.row, layer.pool = run.sequence, run.row, pool_index
    layer.next, layer.previous = NOWHERE, pool.last_layer
    if pool.last_layer == NOWHERE:
        pool.first_layer = node
    else:
        layers[pool.last_layer].next = node
    pool.last_layer = node
    return node


@compiled
def _remove_layer(state, node):  # type: ignore[no-untyped-def]
    run, layers = state.run[0], state.layers
    layer = layers[node]
    pool = state.pools[layer.pool]
    if layer.previous == NOWHERE:
        pool.first_layer = layer.next
    else:
        layers[layer.previous].next = layer.next
    if layer.next == NOWHERE:
        pool.last_layer = layer.previous
    else:
        layers[layer.next].previous = layer.previous
    layer.next = run.layer_free
    layer.pool = NOWHERE
    run.layer_free = node
    run.layers -= 1


@compiled
def _take_from(state, node, quantity):  # type: ignore[no-untyped-def]
    """Take up to `quantity` from one layer; returns the quantity and amount taken. The last take empties
    it."""
    layer = state.layers[node]
    taken = min(quantity, layer.quantity)
    amount = taken_value(state.run[0], layer.amount, taken, layer.quantity)
    layer.quantity -= taken
    layer.amount -= amount
    write_consumption(state, layer.pool, state.run[0].sequence, layer.source, taken, amount)
    if layer.quantity == 0:
        _remove_layer(state, node)
    return taken, amount


@compiled
def take_layers(state, pool_index, preferred, quantity):  # type: ignore[no-untyped-def]
    """The value of `quantity` units: from the `preferred` layer first, if there is one, then from the
    oldest."""
    left, amount = quantity, 0
    if preferred != NOWHERE and left > 0:
        taken, worth = _take_from(state, preferred, left)
        left -= taken
        amount += worth
    pool = state.pools[pool_index]
    while left > 0:
        taken, worth = _take_from(state, pool.first_layer, left)
        left -= taken
        amount += worth
    return amount


@compiled
def check_unit_costs(state, pool_index, preferred, quantity):  # type: ignore[no-untyped-def]
    """Before `take_layers` changes anything: a rounded unit cost that it needs and that does not fit is an
    error."""
    if state.run[0].unit_scale == 0:
        return
    left, node = quantity, state.pools[pool_index].first_layer
    if preferred != NOWHERE:
        left = _check_layer(state, preferred, left)
    while left > 0:
        if node != preferred:
            left = _check_layer(state, node, left)
        node = state.layers[node].next


@compiled
def _check_layer(state, node, left):  # type: ignore[no-untyped-def]
    layer = state.layers[node]
    if left < layer.quantity:
        at_unit_value(state.run[0], layer.amount, left, layer.quantity)
    return left - layer.quantity


@compiled
def layer_of(state, pool_index, slot):  # type: ignore[no-untyped-def]
    """The open layer that the row behind `slot` made in this pool; NOWHERE when nothing is left of it."""
    if slot < 0:
        return NOWHERE
    origin = state.slots[slot]
    if origin.layer == NOWHERE:
        return NOWHERE
    layer = state.layers[origin.layer]
    if layer.pool != pool_index or layer.source != origin.source:
        return NOWHERE
    return origin.layer
