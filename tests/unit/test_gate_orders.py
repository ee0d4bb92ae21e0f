"""Orders against receipts, deliveries and invoices: over several months, in one unit, told once where nobody says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.gate_delivery import add, faults, landed, sound_delivery

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

ORDER = {
    "document_no": "PO1",
    "document_date": "2025-12-30",
    "item_code": "A1",
    "quantity": "10",
    "unit": "箱",
}
NAMED = "update raw.goods_receipt_line set order_document_no = 'PO1', order_line_no = '1' where line_no = '1'"
EARLIER = (
    "insert into raw.earlier_fulfilment values ('goods_receipt_line', 'PO1', {line}, '{unit}', {quantity})"
)


@pytest.fixture
def candidate() -> Iterator[duckdb.DuckDBPyConnection]:
    """A receipt of 10 boxes on line 1 of an order; line 2 is for 5 more and has nothing yet."""
    connection = sound_delivery()
    add(connection, "purchase_order_line", line_no="1", **ORDER)
    add(connection, "purchase_order_line", line_no="2", **{**ORDER, "quantity": "5"})
    connection.execute(NAMED)
    landed(connection)
    yield connection
    connection.close()


def found(candidate: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The checks of orders that fail, and how often."""
    counted = faults(candidate, "purchase_order_line", "goods_receipt_line", "purchase_invoice_line")
    return {name: count for (_, name), count in counted.items() if count}


def test_what_is_still_to_come_is_told_and_nothing_else(candidate: duckdb.DuckDBPyConnection) -> None:
    assert found(candidate) == {"order_line_is_fulfilled": 1}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("update raw.purchase_order_line set document_date = '2026-01-01' where line_no = '2'", {}),
        ("update raw.purchase_order_line set status = '作废' where line_no = '2'", {}),
        ("update raw.purchase_order_line set status = '草稿' where line_no = '2'", {}),
        (EARLIER.format(line=2, unit="箱", quantity=1), {}),
        (EARLIER.format(line="null", unit="箱", quantity=1), {}),
        (EARLIER.format(line=1, unit="箱", quantity=1), {"order_line_is_fulfilled": 1, "quantity_is_within_the_order": 1}),
        (EARLIER.format(line=1, unit="个", quantity=1), {"order_line_is_fulfilled": 1}),
        ("update raw.goods_receipt_line set quantity = '10.5' where line_no = '1'", {"order_line_is_fulfilled": 1, "quantity_is_within_the_order": 1}),
        ("update raw.goods_receipt_line set order_line_no = '3' where line_no = '1'", {"order_line_is_fulfilled": 2, "order_is_delivered": 1}),
        ("update raw.goods_receipt_line set order_document_no = null", {}),
        ("insert into raw.item by name select 'B1' as item_code, '箱' as stock_unit; update raw.purchase_order_line set item_code = 'B1' where line_no = '1'",
         {"order_line_is_fulfilled": 1, "item_is_that_of_the_order": 1}),
        ("update raw.goods_receipt_line set line_no = '2', quantity = '2' where line_no = '2'", {"order_line_is_fulfilled": 1, "line_names_an_order": 1}),
        ("update raw.purchase_invoice_line set order_document_no = 'PO1'", {"order_line_is_fulfilled": 1}),
        ("update raw.purchase_invoice_line set order_document_no = 'PO0'", {"order_line_is_fulfilled": 1, "order_is_delivered": 1, "order_is_billed": 1}),
    ],
)  # fmt: skip
def test_each_way_an_order_can_differ(
    candidate: duckdb.DuckDBPyConnection, change: str, expected: dict[str, int]
) -> None:
    candidate.execute(change)
    ours = {"order_line_is_fulfilled", "quantity_is_within_the_order", "order_is_delivered", "line_names_an_order",
            "item_is_that_of_the_order", "order_is_billed"}  # fmt: skip
    assert {name: count for name, count in found(candidate).items() if name in ours} == expected


def test_an_order_of_an_earlier_file_is_known(candidate: duckdb.DuckDBPyConnection) -> None:
    candidate.execute("update raw.goods_receipt_line set order_document_no = 'PO0' where line_no = '1'")
    assert found(candidate)["order_is_delivered"] == 1
    candidate.execute(
        "insert into raw.earlier_order values "
        "('purchase_order_line', 'PO0', 1, 'A1', '箱', 9, '2025-11-30', true, 'PO0', 'PO.csv', 2), "
        "('purchase_order_line', 'PO0', 2, 'A1', '箱', 9, '2025-11-30', true, 'PO0', 'PO.csv', 3), "
        "('purchase_order_line', 'PO0', 3, 'A1', '箱', 9, '2025-11-30', false, 'PO0', 'PO.csv', 4)"
    )
    assert found(candidate) == {"order_line_is_fulfilled": 3, "quantity_is_within_the_order": 1}


def test_orders_of_before_the_books_are_not_asked_for(candidate: duckdb.DuckDBPyConnection) -> None:
    candidate.execute("update raw.goods_receipt_line set order_document_no = 'PO0' where line_no = '1'")
    candidate.execute("update settings.period set is_first_period = true")
    assert "order_is_delivered" not in found(candidate)
