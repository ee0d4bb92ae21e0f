"""What a delivery of goods receipts is expected to be beyond the contract.

What stock documents have in common is in `documents.py`.
"""

from collections.abc import Iterator

from expectations.checks import Check, Delivery
from expectations.documents import number_check, price_checks, quantity_check, worth_check
from expectations.orders import fulfilling_checks
from pipelines.contract import Table


def checks(table: Table, delivery: Delivery) -> Iterator[Check]:
    """The checks of this table alone."""
    yield quantity_check()
    yield number_check()
    yield from price_checks("unit_price", table.columns["unit_price"].label)
    yield worth_check(rejects=True)
    yield from fulfilling_checks(table, delivery)
