"""Standard cost: the balance is the standard times the quantity, and a movement is the difference of two
balances. What a receipt or an original was worth beyond that is the row's expensed amount: the variance."""

from pipelines.costing import codes
from pipelines.costing.compiled import compiled
from pipelines.costing.exact import add, portion
from pipelines.costing.operations import given_amount
from pipelines.costing.originals import original_value


@compiled
def standard_row(state, row, index):  # type: ignore[no-untyped-def]
    """Value one row of a standard cost pool; returns its signed amount into stock."""
    run, pool, op, quantity = state.run[0], state.pools[index], row.op, row.quantity
    if op == codes.VALUE or (op == codes.IN_AMOUNT and quantity == 0):
        if row.amount == codes.NONE or quantity != 0:
            run.error = codes.UNSUPPORTED_OPERATION
            return 0
        run.expensed = row.amount
        return 0
    standard = _standard(pool, row.unit_cost, op)
    if standard < 0:
        run.error = codes.STANDARD_COST_MISSING
        return 0
    after = pool.quantity if op == codes.REVALUE else add(run, pool.quantity, quantity)
    balance = portion(run, standard, after, run.cost_scale)
    out = add(run, balance, -pool.amount)
    expensed = _beyond(state, row, out)
    if run.error == 0 and run.refuse_negative != 0 and after < 0 and quantity < 0:
        run.error = codes.NEGATIVE_REFUSED
    if run.error != 0:
        return 0
    pool.quantity, pool.amount, pool.unit_cost = after, balance, standard
    run.expensed = expensed
    return out


@compiled
def _standard(pool, unit_cost, op):  # type: ignore[no-untyped-def]
    """The standard in force; a revaluation brings a new one, and so does the first row of a pool without."""
    if op == codes.REVALUE or pool.unit_cost == codes.NONE:
        return unit_cost
    return pool.unit_cost


@compiled
def _beyond(state, row, out):  # type: ignore[no-untyped-def]
    """The part of the row's own value that the standard does not put into stock."""
    run, op, quantity = state.run[0], row.op, row.quantity
    if op == codes.IN_AMOUNT and row.amount != codes.NONE:
        return add(run, given_amount(run, row), -out)
    if op == codes.IN_ORIGINAL and quantity > 0:
        value = original_value(state, row, quantity)
        if value >= 0:
            return add(run, value, -out)
    return 0
