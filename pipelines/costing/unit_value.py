"""What a quantity is worth at the unit value of its pool, layer or period: the one place where a rounded unit
cost comes in. Which amount and which quantity make the unit value is the business of the methods."""

from pipelines.costing.compiled import compiled
from pipelines.costing.exact import portion


@compiled
def at_unit_value(run, amount, quantity, whole):  # type: ignore[no-untyped-def]
    """`quantity` at `amount` ÷ `whole`: exactly, or by policy at that quotient rounded to so many decimals of
    the currency unit.

    A rounded unit cost that does not fit 64 bits sets `run.error` to overflow.
    """
    if run.unit_scale == 0:
        return portion(run, amount, quantity, whole)
    return portion(run, portion(run, amount, run.unit_scale, whole), quantity, run.unit_scale)


@compiled
def taken_value(run, amount, quantity, whole):  # type: ignore[no-untyped-def]
    """What leaves when `quantity` of `whole` units worth `amount` (all positive) go: all with the last unit,
    never more than there is."""
    if quantity == whole:
        return amount
    return min(at_unit_value(run, amount, quantity, whole), amount)
