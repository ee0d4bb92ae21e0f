"""Periodic average: one rate for a pool and a period, from totals that come with the rows. The remainder
stays in stock and goes with the issue that leaves nothing; stock may be below zero on the way. An issue
whose amount is given (pools that feed each other are solved beforehand) takes that amount; a receipt from an
order, whose materials are valued in the same run, is not in the totals but enters them when it comes."""

from pipelines.costing import codes
from pipelines.costing.compiled import compiled
from pipelines.costing.exact import add
from pipelines.costing.negatives import fill_negatives
from pipelines.costing.operations import given_amount, on_hand_share
from pipelines.costing.originals import correct_original, original_quantity, original_value
from pipelines.costing.perpetual import last_known_value, remember_cost
from pipelines.costing.unit_value import at_unit_value


@compiled
def open_period(state, row, index):  # type: ignore[no-untyped-def]
    """Take over the pool's totals; receipts fill what earlier periods left below zero before they make the
    rate."""
    run, pool = state.run[0], state.pools[index]
    quantity, amount = row.total_quantity, row.total_amount
    if codes.NONE in (quantity, amount):
        run.error = codes.POOL_TOTAL_MISSING
        return
    received, worth = add(run, quantity, -pool.quantity), add(run, amount, -pool.amount)
    if run.error != 0:
        return
    if pool.first_negative != codes.NOWHERE and received > 0 and worth >= 0:
        corrected = fill_negatives(state, index, received, worth, False)[2]
        pool.amount += corrected
        amount += corrected
    pool.opened, pool.opening, pool.total_quantity, pool.total_amount = 1, pool.quantity, quantity, amount
    if quantity > 0:
        remember_cost(pool, quantity, amount)
    else:
        remember_cost(pool, received, worth)


@compiled
def rate_value(state, pool, quantity, unit_cost):  # type: ignore[no-untyped-def]
    """`quantity` (positive) at the period's rate; without one at the last known cost; -1 when nothing is
    known."""
    if pool.total_quantity > 0 and pool.total_amount >= 0:
        return at_unit_value(state.run[0], pool.total_amount, quantity, pool.total_quantity)
    return last_known_value(state, pool, quantity, unit_cost)


@compiled
def _unissued(run, pool):  # type: ignore[no-untyped-def]
    """What issues have left of the period's totals: quantity and amount."""
    quantity = add(run, pool.total_quantity, -pool.issued_quantity)
    return quantity, add(run, pool.total_amount, -pool.issued_amount)


@compiled
def _issue_value(state, pool, quantity, unit_cost):  # type: ignore[no-untyped-def]
    """An issue (quantity positive): what takes the last unit takes the rest; what goes beyond is an
    estimate."""
    run = state.run[0]
    unissued, rest = _unissued(run, pool)
    if unissued > 0 and unissued <= quantity:
        if unissued == quantity:
            return rest
        return add(run, rest, max(rate_value(state, pool, quantity - unissued, unit_cost), 0))
    value = max(rate_value(state, pool, quantity, unit_cost), 0)
    return min(value, rest) if unissued > 0 and rest >= 0 else value


@compiled
def _return_value(state, pool, quantity, unit_cost):  # type: ignore[no-untyped-def]
    """A negative issue (quantity positive): the mirror image; NONE when nothing says what it is worth."""
    run = state.run[0]
    unissued, rest = _unissued(run, pool)
    beyond = -rest
    if unissued < 0 and unissued + quantity >= 0:
        if unissued + quantity == 0:
            return beyond
        value = rate_value(state, pool, unissued + quantity, unit_cost)
        return codes.NONE if value < 0 else add(run, beyond, value)
    value = rate_value(state, pool, quantity, unit_cost)
    if value < 0:
        return codes.NONE
    return min(value, beyond) if unissued < 0 and beyond >= 0 else value


@compiled
def periodic_row(state, row, index):  # type: ignore[no-untyped-def]
    """Value one row of a periodic average pool; returns its signed amount into stock."""
    run, pool, op, quantity = state.run[0], state.pools[index], row.op, row.quantity
    if pool.opened == 0:
        open_period(state, row, index)
    if run.error != 0:
        return 0
    if op == codes.VALUE or (op == codes.IN_AMOUNT and quantity == 0):
        return _value_only(state, row, pool)
    if op == codes.OUT and row.amount != codes.NONE:
        return _issue(run, pool, quantity, given_amount(run, row))
    if op == codes.IN_AMOUNT or (op == codes.OUT_ORIGINAL and row.amount != codes.NONE):
        return _receive(run, pool, quantity, given_amount(run, row))
    if op == codes.OUT_ORIGINAL or (op == codes.IN_ORIGINAL and row.original_quantity > 0):
        value = original_value(state, row, abs(quantity))
        if value >= 0:
            return _receive(run, pool, quantity, value if quantity > 0 else -value)
    if op not in (codes.OUT, codes.IN_ORIGINAL, codes.OUT_ORIGINAL, codes.IN_CURRENT):
        run.error = codes.UNSUPPORTED_OPERATION
        return 0
    return _at_rate(state, pool, quantity, row.unit_cost)


@compiled
def _at_rate(state, pool, quantity, unit_cost):  # type: ignore[no-untyped-def]
    run, amount = state.run[0], 0
    if quantity < 0:
        amount = -_issue_value(state, pool, -quantity, unit_cost)
    elif quantity > 0:
        amount = _return_value(state, pool, quantity, unit_cost)
    if amount != codes.NONE:
        return _issue(run, pool, quantity, amount)
    _issue(run, pool, quantity, 0)
    if run.error == 0:
        run.error = codes.NO_COST
    return 0


@compiled
def _issue(run, pool, quantity, amount):  # type: ignore[no-untyped-def]
    """An issue of `quantity` (negative; above 0 a return of one) worth `amount`."""
    if run.error != 0:
        return 0
    after, total = add(run, pool.quantity, quantity), add(run, pool.amount, amount)
    issued, worth = add(run, pool.issued_quantity, -quantity), add(run, pool.issued_amount, -amount)
    if run.error != 0:
        return 0
    pool.quantity, pool.amount = after, total
    pool.issued_quantity, pool.issued_amount = issued, worth
    if quantity <= 0:
        pool.issue_row, pool.issue_sequence = run.row, run.sequence
    return amount


@compiled
def _receive(run, pool, quantity, amount):  # type: ignore[no-untyped-def]
    """A receipt, or what reduces receipts, at its own amount; a pool that ends at quantity 0 keeps no
    amount."""
    if run.error != 0:
        return 0
    after, total = add(run, pool.quantity, quantity), add(run, pool.amount, amount)
    if run.error != 0:
        return 0
    if after == 0 and pool.total_quantity == 0 and pool.issued_quantity == 0:
        run.expensed = total
        pool.total_amount -= total
        amount, total = amount - total, 0
    pool.quantity, pool.amount = after, total
    return amount


@compiled
def produced_row(state, row, index):  # type: ignore[no-untyped-def]
    """A receipt from an order: like one that the totals knew, if it comes before the pool's issues."""
    run, pool, quantity = state.run[0], state.pools[index], row.quantity
    if row.amount == codes.NONE:
        run.error = codes.NO_COST
    elif pool.opened == 0:
        open_period(state, row, index)
    amount = given_amount(run, row) if run.error == 0 else 0
    total, worth = add(run, pool.total_quantity, quantity), add(run, pool.total_amount, amount)
    after, left = add(run, pool.quantity, quantity), add(run, pool.amount, amount)
    if run.error != 0:
        return 0
    if pool.first_negative != codes.NOWHERE and quantity > 0 and amount >= 0:
        corrected = fill_negatives(state, index, quantity, amount, False)[2]
        worth, left = worth + corrected, left + corrected
    pool.total_quantity, pool.total_amount, pool.quantity, pool.amount = total, worth, after, left
    if total > 0:
        remember_cost(pool, total, worth)
    else:
        remember_cost(pool, quantity, amount)
    return amount


@compiled
def late_share_row(state, row, index):  # type: ignore[no-untyped-def]
    """A late cost that came with goods from another pool: the totals did not know it."""
    run, pool = state.run[0], state.pools[index]
    if pool.opened == 0:
        open_period(state, row, index)
    total = add(run, pool.total_amount, _share_on_hand(state, row, pool)) if run.error == 0 else 0
    if run.error != 0:
        return 0
    pool.total_amount = total
    return _value_only(state, row, pool)


@compiled
def _value_only(state, row, pool):  # type: ignore[no-untyped-def]
    """A late cost: part of the totals, and so of the rate, unless policy or an empty pool expenses it."""
    run, amount = state.run[0], row.amount
    if amount == codes.NONE or row.quantity != 0:
        run.error = codes.UNSUPPORTED_OPERATION
        return 0
    put = _share_on_hand(state, row, pool)
    if run.late_cost != codes.LATE_TO_EXPENSE and pool.total_quantity <= 0:
        pool.total_amount -= put
        put = 0
    total, expensed = add(run, pool.amount, put), add(run, amount, -put)
    if run.error != 0:
        return 0
    pool.amount, run.expensed = total, expensed
    correct_original(state, row.original_slot, put)
    return put


@compiled
def _share_on_hand(state, row, pool):  # type: ignore[no-untyped-def]
    """What policy puts into stock; of a receipt of an earlier period only what the period opened with is
    there."""
    if state.run[0].late_cost == codes.LATE_TO_EXPENSE:
        return 0
    slot = row.original_slot
    if slot >= 0 and state.slots[slot].quantity != 0:
        return row.amount
    return on_hand_share(state, row, pool.opening, original_quantity(state, row))


@compiled
def close_period(state, index):  # type: ignore[no-untyped-def]
    """At the close the totals must have been those of the rows; returns the error and the row it belongs
    to."""
    run, pool = state.run[0], state.pools[index]
    if pool.opened == 0:
        return 0, codes.NOWHERE
    if (
        pool.quantity != pool.total_quantity - pool.issued_quantity
        or pool.amount != pool.total_amount - pool.issued_amount
    ):
        return codes.POOL_TOTAL_MISMATCH, pool.row
    if pool.quantity < 0 and run.refuse_negative != 0:
        return codes.NEGATIVE_REFUSED, pool.issue_row if pool.issue_sequence > 0 else pool.row
    return 0, codes.NOWHERE
