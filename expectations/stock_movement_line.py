"""What a delivery of stock movements is expected to be beyond the contract: a quantity, a price, a target.

What stock documents have in common is in `documents.py`.
"""

from collections.abc import Iterator

from expectations.checks import WARN, Check, Delivery, absent, document_line, present
from expectations.documents import price_checks, quantity_check
from pipelines.contract import Table

VALUE_ONLY = ("cost_adjustment", "revaluation", "landed_cost")


def checks(table: Table, _delivery: Delivery) -> Iterator[Check]:
    """The checks of this table alone."""
    movement = table.columns["movement_type"]
    spellings = [*VALUE_ONLY, *(text for text, value in movement.synonyms.items() if value in VALUE_ONLY)]
    listed = ", ".join(f"lower('{text}')" for text in spellings)
    yield quantity_check(exempt=f"lower(movement_type__typed) in ({listed})")
    yield from price_checks("unit_cost", table.columns["unit_cost"].label)
    one_row = ["transfer", *(text for text, value in movement.synonyms.items() if value == "transfer")]
    transfer = ", ".join(f"lower('{text}')" for text in one_row)
    same = "counterpart_warehouse_code__typed = warehouse_code__typed"
    yield Check(
        name="transfer_has_two_warehouses",
        severity=WARN,
        text="transfer_target",
        predicate=f"lower(movement_type__typed) in ({transfer}) and {present('warehouse_code')} "
        f"and ({absent('counterpart_warehouse_code')} or {same})",
        value=document_line(),
    )
