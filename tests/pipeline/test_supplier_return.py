"""What a return to the supplier is worth under each policy and method; the document's own amount stays the claim."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import build_period

RECEIPT = [*tiny.RECEIPT, "lot_no", "original_document_no", "original_line_no"]
METHODS = {"M": "moving_average", "F": "fifo", "P": "periodic_average", "S": "standard", "L": "specific"}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("original_cost", {"M": "-60", "F": "-60", "P": "-60", "S": "-65", "L": "-60"}),
        ("current_cost", {"M": "-55", "F": "-50", "P": "-60", "S": "-65", "L": "-60"}),
        ("oldest_layer", {"M": "-55", "F": "-50", "P": "-60", "S": "-65", "L": "-60"}),
    ],
)
def test_a_supplier_return_by_policy(tmp_path: Path, policy: str, expected: dict[str, str]) -> None:
    """Of each item 10 at 10.00 and 10 at 12.00; 5 of the second receipt go back; the standard is 13.00."""
    root = tiny.write_books(tmp_path / "books", ["2026-01"])
    overrides = ", ".join(f"{{item_code: {item}, method: {method}}}" for item, method in METHODS.items())
    settings = (root / "books.yml").read_text("utf-8")
    settings = settings.replace(
        "pool: company}", f"pool: company, supplier_return: {policy}, overrides: [{overrides}]}}"
    )
    (root / "books.yml").write_text(settings, "utf-8")
    tiny.write(
        root / "inbox" / "item.csv",
        ["item_code", "name", "category", "is_stocked", "standard_cost"],
        [(item, item, "goods", "是", "13.00") for item in METHODS],
    )
    receipts = [
        (document, line, f"2026-01-{day}", "S1", item, "W", quantity, "", amount, "0.13", lot, origin, line if origin else "")
        for line, item in enumerate(METHODS, 1)
        for document, day, quantity, amount, lot, origin in (
            ("R1", "05", "10", "100", "L1", ""),
            ("R2", "06", "10", "120", "L2", ""),
            ("R3", "07", "-5", "-60", "L2", "R2"),
        )
    ]  # fmt: skip
    inbox = root / "inbox" / "2026-01"
    tiny.write(inbox / "goods_receipt_line.csv", RECEIPT, receipts)
    for table, header in (("purchase_invoice_line", tiny.INVOICE), ("delivery_line", tiny.DELIVERY)):
        tiny.write(inbox / f"{table}.csv", header, [])
    built = build_period(root, "2026-01", tmp_path / "work")
    assert not built.messages
    found = built.rows("select item_code, amount from costing.stock_ledger where document_no = 'R3'")
    assert dict(found) == {item: Decimal(amount) for item, amount in expected.items()}
