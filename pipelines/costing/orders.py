"""Production orders, subcontract orders and conversion documents: what went into each of them, and what a
receipt from one takes over. Which order a row belongs to, and that all its issues come before its receipts,
is settled in SQL."""

from pipelines.costing import codes
from pipelines.costing.compiled import compiled
from pipelines.costing.exact import add, add_or_none, portion


@compiled
def check_order(state, row):  # type: ignore[no-untyped-def]
    """An order from which a receipt has taken its share must not change any more; sets the run's error."""
    run, slot, op = state.run[0], row.order_slot, row.op
    if slot < codes.NOWHERE or slot >= len(state.orders):
        run.error = codes.BAD_REFERENCE
    elif slot >= 0 and state.orders[slot].shared != 0 and (_moves_material(op) or op == codes.CARRIED_ORDER):
        run.error = codes.ORDER_CHANGED


@compiled
def carry_order(state, row):  # type: ignore[no-untyped-def]
    """What went into an order in earlier periods and is not in a finished product yet."""
    check_order(state, row)
    if row.order_slot < 0 or row.amount == codes.NONE:
        state.run[0].error = codes.BAD_REFERENCE
    if state.run[0].error == 0:
        add_to_order(state, row.order_slot, row.amount)


@compiled
def _moves_material(op):  # type: ignore[no-untyped-def]
    return op in (codes.OUT, codes.OUT_ORIGINAL, codes.IN_ORIGINAL, codes.IN_CURRENT)


@compiled
def add_to_order(state, slot, amount):  # type: ignore[no-untyped-def]
    """Cost that a receipt can still share in; what no longer fits 64 bits is an error of the receipt that
    asks for it."""
    if slot < 0:
        return
    order = state.orders[slot]
    if order.shared == 0:
        order.amount = add_or_none(order.amount, amount)


@compiled
def keep_material(state, row, out):  # type: ignore[no-untyped-def]
    """An issue to an order is part of its cost, a return (`out` above 0) no longer is."""
    if _moves_material(row.op):
        add_to_order(state, row.order_slot, -out)


@compiled
def value_from_order(state, row):  # type: ignore[no-untyped-def]
    """Turn a PRODUCED row into a receipt at a given amount: its share of the order and its own `amount`.

    The share is the difference of two rounded parts of what went in, `share_before` and `share_after` of
    `share_total`, so that all receipts together take over exactly the part that is done. Nothing went in
    and no amount: the row has no cost. Without a quantity it is a late cost, which may have nothing left.
    """
    run, amount, went_in = state.run[0], row.amount, 0
    row.op = codes.IN_AMOUNT
    if row.order_slot >= 0:
        order = state.orders[row.order_slot]
        order.shared, went_in = 1, order.amount
        _check_shares(run, row)
    if went_in == codes.NONE:
        run.error = codes.OVERFLOW
    if run.error != 0:
        return
    if went_in == 0 and row.quantity == 0 and row.order_slot >= 0:
        row.amount = 0 if amount == codes.NONE else amount
        return
    if went_in == 0 and amount in (codes.NONE, 0):
        row.amount, row.unit_cost = codes.NONE, codes.NONE
        if row.method == codes.STANDARD:
            run.error = codes.NO_COST
        return
    if amount == codes.NONE:
        amount = 0
    if went_in != 0:
        before = portion(run, went_in, row.share_before, row.share_total)
        after = portion(run, went_in, row.share_after, row.share_total)
        amount = add(run, amount, add(run, after, -before))
    row.amount = amount


@compiled
def _check_shares(run, row):  # type: ignore[no-untyped-def]
    """Parts of a whole: NULL, too, lies outside."""
    least, most = min(row.share_before, row.share_after), max(row.share_before, row.share_after)
    if least < 0 or most > row.share_total or row.share_total <= 0:
        run.error = codes.BAD_REFERENCE
