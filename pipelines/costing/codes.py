"""The numbers that methods, operations, record kinds and errors go by between Arrow and the compiled code.
What each operation does stands in the module of its method; their names in a result belong to `stream`."""

from typing import Final

# methods
MOVING_AVERAGE: Final = 1
FIFO: Final = 2
PERIODIC_AVERAGE: Final = 3
STANDARD: Final = 4

# operations
IN_AMOUNT: Final = 1
OUT: Final = 2
IN_ORIGINAL: Final = 3
OUT_ORIGINAL: Final = 4
IN_CURRENT: Final = 5
VALUE: Final = 6
REVALUE: Final = 7
NEUTRAL: Final = 8
PRODUCED: Final = 9
CARRIED_STATE: Final = 20
CARRIED_LAYER: Final = 21
CARRIED_NEGATIVE: Final = 22
CARRIED_ORDER: Final = 23

# where a late cost goes
LATE_TO_EXPENSE: Final = 0
LATE_TO_STOCK: Final = 1
LATE_BY_ON_HAND_SHARE: Final = 2

# kinds of records that stand beside the movements
KINDS: Final = ("movement", "consumption", "layer", "state", "negative", "error", "carried")
TRUE_UP: Final = 0  # a movement too, but one no document asked for
CONSUMPTION: Final = 1
LAYER: Final = 2
STATE: Final = 3
NEGATIVE: Final = 4
ERROR: Final = 5
CARRIED: Final = 6  # an input row that is no movement: others refer to it

# what can be wrong with a row; 0 is nothing
ERRORS: Final = (
    "",
    "overflow",  # a figure does not fit 64 bits
    "negative_refused",  # more leaves than is there
    "no_cost",  # nothing says what the goods are worth
    "negative_cost",  # quantity and amount point in opposite directions
    "standard_cost_missing",
    "pool_total_missing",  # a periodic average needs the pool's totals
    "pool_total_mismatch",  # the given totals are not the sum of the pool's rows
    "method_changed",  # one pool, two methods
    "unsupported_operation",
    "out_of_order",
    "bad_reference",  # a slot, a pool, a component or a share outside what was announced
    "order_changed",  # a receipt had already taken its share of the order
)
OVERFLOW: Final = 1
NEGATIVE_REFUSED: Final = 2
NO_COST: Final = 3
NEGATIVE_COST: Final = 4
STANDARD_COST_MISSING: Final = 5
POOL_TOTAL_MISSING: Final = 6
POOL_TOTAL_MISMATCH: Final = 7
METHOD_CHANGED: Final = 8
UNSUPPORTED_OPERATION: Final = 9
OUT_OF_ORDER: Final = 10
BAD_REFERENCE: Final = 11
ORDER_CHANGED: Final = 12

NONE: Final = -(2**63)  # stands for NULL among 64-bit integers: no figure may be that large
NOWHERE: Final = -1  # no node, no slot
