"""What each operation does to a moving average or FIFO pool: choose the value, then deposit, withdraw or
adjust. The arithmetic is in `perpetual`; the other methods have their own operations in `periodic` and
`standard`."""

from pipelines.costing import codes
from pipelines.costing.compiled import compiled
from pipelines.costing.exact import add, portion
from pipelines.costing.layers import layer_of
from pipelines.costing.originals import correct_original, original_quantity, original_value
from pipelines.costing.perpetual import adjust, current_value, deposit, last_known_value, withdraw


@compiled
def given_amount(run, row):  # type: ignore[no-untyped-def]
    """The amount of the row, else its quantity at its unit cost, else the run's error is no_cost.

    An amount that points against its quantity would be a negative unit cost: negative_cost.
    """
    quantity, amount = row.quantity, row.amount
    if amount == codes.NONE:
        if row.unit_cost < 0:
            run.error = codes.NO_COST
            return 0
        return portion(run, row.unit_cost, quantity, run.cost_scale)
    if (amount < 0 and quantity > 0) or (amount > 0 and quantity < 0):
        run.error = codes.NEGATIVE_COST
        return 0
    return amount


@compiled
def perpetual_row(state, row, index):  # type: ignore[no-untyped-def]
    """Value one row of a moving average or FIFO pool; returns its signed amount into stock."""
    run, op, quantity = state.run[0], row.op, row.quantity
    if op == codes.VALUE or (op == codes.IN_AMOUNT and quantity == 0):
        return _value_only(state, row, index)
    if op == codes.IN_AMOUNT:
        return _given(state, row, index)
    if op not in (codes.OUT, codes.IN_ORIGINAL, codes.OUT_ORIGINAL, codes.IN_CURRENT):
        run.error = codes.UNSUPPORTED_OPERATION
        return 0
    if quantity == 0:
        return 0
    value = -1
    if op in (codes.IN_ORIGINAL, codes.OUT_ORIGINAL):
        value = original_value(state, row, abs(quantity))
        if run.error != 0:
            return 0
    if quantity > 0:
        return _come_back(state, row, index, value)
    preferred = codes.NOWHERE
    if op == codes.OUT_ORIGINAL:
        preferred = layer_of(state, index, row.original_slot)
    return -withdraw(state, index, -quantity, value, preferred, row.unit_cost)


@compiled
def _come_back(state, row, index, value):  # type: ignore[no-untyped-def]
    """Into the pool at a known original value, else at the pool's current one."""
    run, quantity, learn = state.run[0], row.quantity, value >= 0
    if value < 0:
        value = current_value(state, state.pools[index], quantity, row.unit_cost)
        learn = state.pools[index].last_quantity == 0
    if run.error != 0:
        return 0
    if value < 0:
        deposit(state, index, quantity, 0, False)
        run.error = codes.NO_COST
        return 0
    deposit(state, index, quantity, value, learn)
    return value


@compiled
def _given(state, row, index):  # type: ignore[no-untyped-def]
    """A receipt at its own amount; a red one takes that amount out, and expenses what stock cannot give."""
    run, quantity = state.run[0], row.quantity
    amount = given_amount(run, row)
    if run.error == codes.NO_COST and quantity > 0:
        run.error = 0
        deposit(state, index, quantity, 0, False)
        run.error = codes.NO_COST
    if run.error != 0:
        return 0
    if quantity > 0:
        deposit(state, index, quantity, amount, True)
        return amount
    preferred = layer_of(state, index, row.original_slot)
    out = -withdraw(state, index, -quantity, -amount, preferred, codes.NONE)
    if run.error == 0:
        run.expensed = amount - out
    return out


@compiled
def _value_only(state, row, index):  # type: ignore[no-untyped-def]
    """Late cost and cost adjustments: into stock while there is any, else, or by policy, to expense."""
    run, pool, amount = state.run[0], state.pools[index], row.amount
    if amount == codes.NONE or row.quantity != 0:
        run.error = codes.UNSUPPORTED_OPERATION
        return 0
    if run.late_cost == codes.LATE_TO_EXPENSE:
        run.expensed = amount
        return 0
    slot, node = row.original_slot, layer_of(state, index, row.original_slot)
    share = amount
    if pool.method == codes.MOVING_AVERAGE:
        share = on_hand_share(state, row, pool.quantity, original_quantity(state, row))
    elif node != codes.NOWHERE:
        share = on_hand_share(state, row, state.layers[node].quantity, state.layers[node].original)
    put = adjust(state, index, share, node)
    rest = add(run, amount, -put)
    if run.error != 0:
        return 0
    correct_original(state, slot, put)
    run.expensed = rest
    return put


@compiled
def on_hand_share(state, row, there, received):  # type: ignore[no-untyped-def]
    """The part of a late cost for what is still there of the quantity it was paid for; all of it under
    another policy, and where no receipt is known."""
    run = state.run[0]
    if run.late_cost != codes.LATE_BY_ON_HAND_SHARE or received <= 0:
        return row.amount
    return portion(run, row.amount, min(max(there, 0), received), received)


@compiled
def neutral_value(state, row, index, out_value):  # type: ignore[no-untyped-def]
    """A move inside one pool: its share of the pool; the in line repeats the out line right before it."""
    run, quantity = state.run[0], row.quantity
    if quantity > 0 and run.neutral_quantity == quantity and run.neutral_pool == index:
        run.neutral_quantity = 0
        return run.neutral_amount
    value = out_value
    if value < 0:
        value = max(last_known_value(state, state.pools[index], abs(quantity), row.unit_cost), 0)
    if quantity < 0:
        run.neutral_amount, run.neutral_quantity, run.neutral_pool = value, -quantity, index
        return -value
    return value
