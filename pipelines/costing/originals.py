"""What an earlier document was worth, for the returns and transfers that go by it.
Slots are filled as rows are valued; figures of earlier periods come with the row."""

from pipelines.costing.compiled import compiled

from pipelines.costing.codes import BAD_REFERENCE, NONE, NOWHERE
from pipelines.costing.exact import add, portion


@compiled
def original_value(state, row, quantity):  # type: ignore[no-untyped-def]
    """`quantity` (positive) at the original's unit value; -1 when the original is unknown.

    A slot filled in this run is the original. Otherwise the row gives the original's quantity and amount, and the
    slot, if there is one, holds what this run has corrected on it since.
    """
    run, slot = state.run[0], row.original_slot
    whole, amount = 0, 0
    if slot >= 0:
        whole, amount = state.slots[slot].quantity, state.slots[slot].amount
    if whole == 0 and row.original_quantity > 0 and row.original_amount != NONE:
        whole, amount = row.original_quantity, add(run, amount, row.original_amount)
    if whole <= 0:
        return -1
    return portion(run, max(amount, 0), quantity, whole)


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
    """A late cost went into stock for the row behind the slot: its returns go by the new value."""
    if slot >= 0 and amount != 0:
        state.slots[slot].amount = add(state.run[0], state.slots[slot].amount, amount)


@compiled
def check_slots(state, row):  # type: ignore[no-untyped-def]
    """A slot outside the announced number is an error of the row."""
    most = max(row.own_slot, row.original_slot)
    least = min(row.own_slot, row.original_slot)
    if most >= len(state.slots) or least < NOWHERE:
        state.run[0].error = BAD_REFERENCE
