"""What an earlier document was worth, for the returns and transfers that go by it.
Slots are filled as rows are valued; figures of earlier periods come with the row."""

from pipelines.costing.codes import BAD_REFERENCE, NONE, NOWHERE, OVERFLOW
from pipelines.costing.compiled import compiled
from pipelines.costing.exact import add, add_or_none, portion


@compiled
def original_value(state, row, quantity):  # type: ignore[no-untyped-def]
    """`quantity` (positive) at the original's unit value; -1 when the original is unknown.

    A slot filled in this run is the original. Otherwise the row gives the original's quantity and amount,
    and the slot, if there is one, holds what this run has corrected on it since.
    """
    run, slot = state.run[0], row.original_slot
    whole, amount = 0, 0
    if slot >= 0:
        whole, amount = state.slots[slot].quantity, state.slots[slot].amount
        if amount == NONE:
            run.error = OVERFLOW
            return -1
    if whole == 0 and row.original_quantity > 0 and row.original_amount != NONE:
        whole, amount = row.original_quantity, add(run, amount, row.original_amount)
    if whole <= 0:
        return -1
    return portion(run, max(amount, 0), quantity, whole)


@compiled
def original_quantity(state, row):  # type: ignore[no-untyped-def]
    """How many units the original moved: in this run, else as the row says; 0 when unknown."""
    whole = 0
    if row.original_slot >= 0:
        whole = state.slots[row.original_slot].quantity
    return whole if whole != 0 else max(row.original_quantity, 0)


@compiled
def keep_original(state, slot, quantity, amount):  # type: ignore[no-untyped-def]
    """Later rows may go by the row at hand: remember what it was worth, and the layer it made."""
    if slot < 0:
        return
    run, kept = state.run[0], state.slots[slot]
    kept.quantity, kept.amount = abs(quantity), abs(amount)
    kept.source, kept.layer = run.sequence, run.made_layer


@compiled
def correct_original(state, slot, amount):  # type: ignore[no-untyped-def]
    """The row behind the slot turned out to be worth `amount` more: its returns go by the new value.

    What no longer fits 64 bits is an error of the row that asks for it, not of the one that corrects.
    """
    if slot < 0 or amount == 0:
        return
    kept = state.slots[slot]
    kept.amount = add_or_none(kept.amount, amount)


@compiled
def check_slots(state, row):  # type: ignore[no-untyped-def]
    """A slot outside the announced number is an error of the row."""
    most = max(row.own_slot, row.original_slot)
    least = min(row.own_slot, row.original_slot)
    if most >= len(state.slots) or least < NOWHERE:
        state.run[0].error = BAD_REFERENCE
