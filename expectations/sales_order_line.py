"""What a delivery of sales orders is expected to be beyond the contract.

How orders are held against what was moved and billed is in `orders.py`.
"""

from collections.abc import Iterator

from expectations.checks import Check, Delivery
from expectations.documents import quantity_check
from expectations.orders import order_checks
from pipelines.contract import Table


def checks(table: Table, delivery: Delivery) -> Iterator[Check]:
    """The checks of this table alone."""
    yield quantity_check()
    yield from order_checks(table, delivery)
