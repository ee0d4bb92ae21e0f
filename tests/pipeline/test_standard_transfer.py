"""Transfers at a standard cost that does not multiply to whole cents: the cent is variance, and none is lost."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.pipeline import tiny
from tests.pipeline.candidates import build_period
from tests.pipeline.test_linked_pools import write_stock

MOVEMENT = ["document_no", "line_no", "document_date", "movement_type", "item_code", "warehouse_code",
            "counterpart_warehouse_code", "quantity", "amount", "original_document_no", "original_line_no"]  # fmt: skip


def write_books(root: Path, moved: list[tuple[object, ...]]) -> Path:
    """A at a standard of 12.3456; the account of its stock goes by warehouse."""
    write_stock(root, "standard", {"2026-01": []})
    header = ["item_code", "name", "category", "is_stocked", "standard_cost"]
    tiny.write(root / "inbox" / "item.csv", header, [("A", "A", "goods", "是", "12.3456")])
    tiny.write(root / "inbox" / "2026-01" / "stock.csv", MOVEMENT, moved)
    accounts = [("inventory", "", "1405"), ("inventory", "W", "140501"), ("inventory", "X", "140502"),
                ("material_variance", "", "1404")]  # fmt: skip
    tiny.write(root / "account_map.csv", ["account_role", "warehouse_code", "account_code"], accounts)
    return root


def test_a_cent_that_the_standard_makes_on_the_way_is_variance(tmp_path: Path) -> None:
    """12.3456 each: of 10 (123.46) 6 leave V for 74.08 and are 74.07 at W; of the 4 left (49.38) one leaves for 12.34
    and is 12.35 at X, which it reaches by a document of its own."""
    moved: list[tuple[object, ...]] = [
        ("O1", 1, "2026-01-01", "opening", "A", "V", "", 10, "123.46", "", ""),
        ("T1", 1, "2026-01-10", "transfer", "A", "V", "W", 6, "", "", ""),
        ("T2", 1, "2026-01-11", "transfer_out", "A", "V", "X", 1, "", "", ""),
        ("T3", 1, "2026-01-12", "transfer_in", "A", "X", "V", 1, "", "T2", 1),
    ]
    built = build_period(write_books(tmp_path / "books", moved), "2026-01", tmp_path / "work")
    assert not built.messages
    moves = "select amount, expensed_amount from costing.stock_ledger where event_type like 'transfer%' order by sequence_no"
    assert built.rows(moves) == [
        (Decimal("-74.08"), 0),
        (Decimal("74.07"), Decimal("0.01")),
        (Decimal("-12.34"), 0),
        (Decimal("12.35"), Decimal("-0.01")),
    ]
    posted = "select document_no, account_code, sum(signed_amount) from postings.voucher_line group by all order by 1, 2"
    assert built.rows(posted) == [
        ("T1", "1404", Decimal("0.01")),
        ("T1", "1405", Decimal("-74.08")),
        ("T1", "140501", Decimal("74.07")),
        ("T3", "1404", Decimal("-0.01")),
        ("T3", "1405", Decimal("-12.34")),
        ("T3", "140502", Decimal("12.35")),
    ]
    assert not built.rows("select * from state.transit")


def test_the_cent_stays_in_the_variance_of_its_item(tmp_path: Path) -> None:
    """Nothing is issued in the month, so the next one opens with the cent."""
    moved: list[tuple[object, ...]] = [
        ("O1", 1, "2026-01-01", "opening", "A", "V", "", 10, "123.46", "", ""),
        ("T1", 1, "2026-01-10", "transfer", "A", "V", "W", 6, "", "", ""),
    ]
    built = build_period(write_books(tmp_path / "books", moved), "2026-01", tmp_path / "work")
    assert not built.messages
    assert built.rows("select item_code, amount from state.variance") == [("A", Decimal("0.01"))]
