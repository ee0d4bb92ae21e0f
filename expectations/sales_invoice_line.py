"""What a delivery of sales invoices is expected to be beyond the contract.

The arithmetic both kinds of invoice have in common is in `documents.py`.
"""

from collections.abc import Iterator

from expectations.checks import Check, Delivery
from expectations.documents import invoice_checks, price_check
from expectations.orders import fulfilling_checks
from pipelines.contract import Table


def checks(table: Table, delivery: Delivery) -> Iterator[Check]:
    """The checks of this table alone."""
    yield price_check("unit_price", table.columns["unit_price"].label)
    yield from invoice_checks()
    yield from fulfilling_checks(table, delivery)
