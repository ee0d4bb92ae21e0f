"""Causes told by what else the extracts hold, on the smallest company, one fault at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_period

JANUARY = "2026-01"


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def named(built: Built) -> set[tuple[str, str, str, str]]:
    """Tie, symptom, cause and disposition of every break."""
    assert built.failed == []
    return set(
        built.rows(
            "select tie_code, symptom_code, cause_code, disposition from reconciliation.reconciliation_break"
        )
    )


def test_an_amount_that_its_own_price_contradicts_is_wrong_on_the_document(tmp_path: Path) -> None:
    root = tiny.write_books(tmp_path / "books", [JANUARY])
    replaced(root / "inbox" / JANUARY / "delivery_line.csv", "4,10.00,40.00", "4,10.00,41.00")
    assert named(build_period(root, JANUARY, tmp_path / "work")) == {
        (tie, "amount", "data_entry_error", "correct_subledger")
        for tie in ("revenue", "output_vat", "receivables")
    }


def test_a_voucher_ahead_of_a_document_that_the_extract_holds_already_is_early(tmp_path: Path) -> None:
    root = tiny.write_books(tmp_path / "books", [JANUARY])
    replaced(root / "books.yml", "inbox/{period}/delivery_line.csv", "inbox/delivery_line.csv")
    header, january = tiny.MONTHS[JANUARY]["delivery_line"]
    tiny.write(
        root / "inbox/delivery_line.csv", header, [*january, *tiny.MONTHS["2026-02"]["delivery_line"][1]]
    )
    ledger, rows = tiny.MONTHS[JANUARY]["gl_entry_line"]
    revenue = ("delivery", "D2", [("1122", "22.60", ""), ("6001", "", "20.00"), ("22210106", "", "2.60")])
    early = [(*row[:2], "9", *row[3:]) for row in tiny.entries(JANUARY, "2026-01-31", revenue)]
    tiny.write(root / "inbox" / JANUARY / "gl_entry_line.csv", ledger, [*rows, *early])
    assert named(build_period(root, JANUARY, tmp_path / "work")) == {
        (tie, "period", "wrong_period", "timing") for tie in ("revenue", "output_vat", "receivables")
    }


@pytest.mark.parametrize(
    ("ledger", "name"),
    [
        ("4.24", ("rounding", "rounding_point", "accepted")),
        ("4.25", ("rounding", "rounding_point", "accepted")),
        ("4.23", ("opening", "opening_migration", "correct_ledger")),
        ("4.30", ("opening", "opening_migration", "correct_ledger")),
    ],
)
def test_opening_stock_is_rounded_elsewhere_only_where_its_own_unit_costs_give_the_ledger_s_figure(
    tmp_path: Path, ledger: str, name: tuple[str, str, str]
) -> None:
    # Two lines of 2.125: 4.26 half up, 4.24 half even, 4.25 in one sum.
    root = tiny.write_books(tmp_path / "books", [JANUARY])
    opened = "extracts:\n  - {table: stock_movement_line, path: inbox/opening.csv}"
    replaced(root / "books.yml", "extracts:", opened)
    item = root / "inbox/item.csv"
    item.write_text(item.read_text("utf-8") + "B,垫片,goods,是\n", "utf-8")
    line = ("2025-12-31", "2026-01-01", "opening", "B", "W", "1", "2.125")
    header = "document_no line_no document_date posting_date movement_type item_code warehouse_code quantity unit_cost"
    tiny.write(root / "inbox/opening.csv", header.split(), [("O", 1, *line), ("O", 2, *line)])
    columns, rows = tiny.MONTHS[JANUARY]["gl_entry_line"]
    voucher = (JANUARY, "记", "9", 1, "2026-01-01", "期初", "1405", ledger, "", "", "", "", "opening")
    balanced = (*voucher[:3], 2, *voucher[4:6], "4001", "", ledger, *voucher[9:])
    entries = [*[(*row, "") for row in rows], voucher, balanced]
    tiny.write(root / "inbox" / JANUARY / "gl_entry_line.csv", [*columns, "voucher_kind"], entries)
    assert named(build_period(root, JANUARY, tmp_path / "work")) == {("stock", *name)}


@pytest.mark.parametrize(("ordered", "cause"), [("B", "wrong_item"), ("A", "unknown")])
def test_a_cost_differs_by_the_item_when_the_delivery_is_on_another_than_its_order(
    tmp_path: Path, ordered: str, cause: str
) -> None:
    root = tiny.write_books(tmp_path / "books", [JANUARY])
    replaced(
        root / "books.yml",
        "  - {table: delivery_line",
        "  - {table: sales_order_line, path: inbox/order.csv}\n  - {table: delivery_line",
    )
    header = ["item_code", "name", "category", "is_stocked"]
    tiny.write(root / "inbox/item.csv", header, [("A", "螺丝", "goods", "是"), ("B", "螺母", "goods", "是")])
    order = ["document_no", "line_no", "document_date", "party_code", "item_code", "quantity"]
    tiny.write(root / "inbox/order.csv", order, [("O1", 1, "2026-01-10", "C1", ordered, "4")])
    columns, rows = tiny.MONTHS[JANUARY]["delivery_line"]
    named_order = [*columns, "order_document_no", "order_line_no"]
    tiny.write(root / "inbox" / JANUARY / "delivery_line.csv", named_order, [(*rows[0], "O1", 1)])
    replaced(root / "inbox" / JANUARY / "gl_entry_line.csv", "20.00", "26.50")
    assert {(tie, found) for tie, _, found, _ in named(build_period(root, JANUARY, tmp_path / "work"))} == {
        (tie, cause) for tie in ("stock", "cost_of_sales")
    }
