"""Costs that come after their receipt: split over its lines to the cent, and placed as the policy says."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_periods

NONE = Decimal(0)
RECEIPT = [*tiny.RECEIPT]
CHARGE = ["document_no", "line_no", "document_date", "movement_type", "item_code", "warehouse_code", "quantity",
          "amount", "original_document_no", "original_line_no", "allocation_key"]  # fmt: skip


def build(root: Path, method: str, policy: str, key: str, work: Path) -> list[Built]:
    """January: A 10 for 50.00, B 20 for 100.01; 4 of A are sold. February: 10.00 of freight for that receipt."""
    tiny.write_books(root, ["2026-01", "2026-02"])
    settings = (root / "books.yml").read_text("utf-8")
    settings = settings.replace("method: moving_average", f"method: {method}, late_cost: {policy}")
    settings += '  - {table: stock_movement_line, path: "inbox/{period}/charge.csv"}\n'
    (root / "books.yml").write_text(settings, "utf-8")
    tiny.write(
        root / "inbox" / "item.csv",
        ["item_code", "name", "category", "is_stocked", "unit_weight"],
        [("A", "A", "goods", "是", "3"), ("B", "B", "goods", "是", "0.5")],
    )
    receipts = [
        ("R1", 1, "2026-01-05", "S1", "A", "W", "10", "5.00", "50.00", "0.13"),
        ("R1", 2, "2026-01-05", "S1", "B", "W", "20", "", "100.01", "0.13"),
    ]
    tiny.write(root / "inbox" / "2026-01" / "goods_receipt_line.csv", RECEIPT, receipts)
    for month, name in (("2026-02", "goods_receipt_line"), ("2026-02", "delivery_line")):
        tiny.write(root / "inbox" / month / f"{name}.csv", RECEIPT, [])
    tiny.write(root / "inbox" / "2026-01" / "charge.csv", CHARGE, [])
    charge = ("L1", 1, "2026-02-10", "landed_cost", "A", "W", "0", "10.00", "R1", "", key)
    tiny.write(root / "inbox" / "2026-02" / "charge.csv", CHARGE, [charge])
    return build_periods(root, ["2026-01", "2026-02"], work)


def landed(built: Built) -> list[tuple[str, Decimal, Decimal]]:
    return built.rows(
        "select item_code, amount, expensed_amount from costing.stock_ledger "
        "where cause_code = 'landed_cost' order by item_code"
    )


@pytest.mark.parametrize(
    ("key", "first", "second"),
    [("", "3.33", "6.67"), ("quantity", "3.33", "6.67"), ("weight", "7.50", "2.50")],
)
def test_a_landed_cost_is_split_over_the_lines_of_its_receipt(
    tmp_path: Path, key: str, first: str, second: str
) -> None:
    january, february = build(tmp_path / "books", "moving_average", "stock", key, tmp_path / "work")
    assert not january.messages + february.messages
    assert landed(february) == [("A", Decimal(first), NONE), ("B", Decimal(second), NONE)]


@pytest.mark.parametrize("method", ["moving_average", "fifo", "periodic_average"])
def test_what_is_no_longer_there_is_expensed_by_its_share(tmp_path: Path, method: str) -> None:
    """6 of 10 of A are left: 2.00 of 3.33 goes to stock, 1.33 follows the goods."""
    january, february = build(tmp_path / "books", method, "on_hand_share", "quantity", tmp_path / "work")
    assert not january.messages + february.messages
    assert landed(february) == [("A", Decimal("2.00"), Decimal("1.33")), ("B", Decimal("6.67"), NONE)]


def test_policy_may_expense_it_whole(tmp_path: Path) -> None:
    january, february = build(tmp_path / "books", "periodic_average", "expense", "", tmp_path / "work")
    assert not january.messages + february.messages
    assert landed(february) == [("A", NONE, Decimal("3.33")), ("B", NONE, Decimal("6.67"))]
