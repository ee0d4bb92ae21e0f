"""Stock below zero: issues valued by estimate, oldest first, and the true-up when a receipt fills them.
Who may go below zero, and what the estimate is, is decided in `perpetual`."""

from pipelines.costing.codes import IN_AMOUNT, NOWHERE
from pipelines.costing.compiled import compiled
from pipelines.costing.exact import portion
from pipelines.costing.orders import add_to_order
from pipelines.costing.originals import correct_original
from pipelines.costing.results import write_consumption, write_true_up


@compiled
def add_negative(state, pool_index, quantity, amount):  # type: ignore[no-untyped-def]
    """With the row at hand `quantity` units left that were not there, at an estimate of `amount` (both
    positive)."""
    run, row, pool, negatives = state.run[0], state.row[0], state.pools[pool_index], state.negatives
    node = run.negative_free
    if node == NOWHERE:
        node = run.negatives_used
        run.negatives_used += 1
    else:
        run.negative_free = negatives[node].next
    run.negatives += 1
    negative = negatives[node]
    negative.quantity, negative.amount, negative.next = quantity, amount, NOWHERE
    negative.source, negative.row = run.sequence, run.row
    negative.slot, negative.order = row.own_slot, NOWHERE if row.op == IN_AMOUNT else row.order_slot
    if pool.last_negative == NOWHERE:
        pool.first_negative = node
    else:
        negatives[pool.last_negative].next = node
    pool.last_negative = node


@compiled
def _drop_first(state, pool):  # type: ignore[no-untyped-def]
    run, node = state.run[0], pool.first_negative
    pool.first_negative = state.negatives[node].next
    if pool.first_negative == NOWHERE:
        pool.last_negative = NOWHERE
    state.negatives[node].next = run.negative_free
    run.negative_free = node
    run.negatives -= 1


@compiled
def fill_negatives(state, pool_index, quantity, amount, by_layer):  # type: ignore[no-untyped-def]
    """Fill open negative issues, oldest first, from a receipt of `quantity` units worth `amount`.

    Each filled part is worth the difference of two rounded shares of the receipt; its true-up is its
    estimate less that. Returns the quantity filled, what it is worth, and the sum of the true-ups.
    """
    run, pool = state.run[0], state.pools[pool_index]
    filled, worth, corrected = 0, 0, 0
    while pool.first_negative != NOWHERE and filled < quantity:
        negative = state.negatives[pool.first_negative]
        part = min(negative.quantity, quantity - filled)
        estimate = negative.amount
        if part < negative.quantity:
            estimate -= portion(run, negative.amount, negative.quantity - part, negative.quantity)
        filled += part
        share = portion(run, amount, filled, quantity) - worth
        worth += share
        corrected += estimate - share
        negative.quantity -= part
        negative.amount -= estimate
        _correct(state, pool_index, negative, part, share, estimate - share, by_layer)
        if negative.quantity == 0:
            _drop_first(state, pool)
    return filled, worth, corrected


@compiled
def _correct(state, pool_index, negative, part, share, correction, by_layer):  # type: ignore[no-untyped-def]
    """Say so: the true-up, under FIFO which receipt the issue consumed, the issue's own value for its
    returns, and that of the order it went to."""
    run = state.run[0]
    if by_layer:
        write_consumption(state, pool_index, negative.source, run.sequence, part, share)
    if correction != 0:
        write_true_up(state, pool_index, negative, correction)
    correct_original(state, negative.slot, -correction)
    add_to_order(state, negative.order, -correction)
