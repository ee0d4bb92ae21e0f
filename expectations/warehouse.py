"""What the warehouses are expected to be: places whose goods have a value of their own.

Goods that have quantity and no value (受托代销, 代管) are not kept apart yet: they are refused, never priced
as own.
"""

from collections.abc import Iterator

from expectations.checks import BLOCK, Check, Delivery
from pipelines.contract import Table


def checks(_table: Table, _delivery: Delivery) -> Iterator[Check]:
    """The checks of this table alone."""
    yield Check(
        name="goods_are_valued",
        severity=BLOCK,
        text="warehouse_valued",
        predicate="is_valued__typed = false "
        "or lower(ownership__typed) in ('consigned_in', 'vmi', '受托代销', '代管')",
        value="warehouse_code",
    )
