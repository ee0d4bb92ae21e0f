"""What the warehouses are expected to be: clear about whose goods they hold.

Goods of others (受托代销, 代管) have quantity and no value; that is decided in staging and costing, not here.
"""

from collections.abc import Iterator

from expectations.checks import WARN, Check, Delivery
from pipelines.contract import Table


def checks(_table: Table, _delivery: Delivery) -> Iterator[Check]:
    """The checks of this table alone."""
    yield Check(
        name="goods_of_others_have_no_value",
        severity=WARN,
        text="warehouse_valued",
        predicate="is_valued__typed "
        "and lower(ownership__typed) in ('consigned_in', 'vmi', '受托代销', '代管')",
        value="warehouse_code",
    )
