"""Accounts kept by quantity and amount: another quantity at the same amount is a difference too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import build_period

JANUARY = "2026-01"


def quantity_breaks(root: Path, work: Path, quantities: tuple[str, str, str]) -> list[tuple[str, ...]]:
    """Breaks of January, in which the ledger counts these pieces in one purchase and two sales of 4 and 1."""
    tiny.write_books(root, [JANUARY])
    folder = root / "inbox" / JANUARY
    tiny.edit(
        root / "books.yml",
        "  - {table: warehouse",
        "  - {table: unit_conversion, path: inbox/unit.csv}\n  - {table: warehouse",
    )
    tiny.write(
        root / "inbox/unit.csv", ["item_code", "from_unit", "to_unit", "factor"], [("A", "箱", "个", "2")]
    )
    tiny.write(
        root / "inbox/item.csv",
        ["item_code", "name", "category", "is_stocked", "unit"],
        [("A", "螺丝", "goods", "是", "个")],
    )
    delivered = tiny.MONTHS[JANUARY]["delivery_line"][1]
    second = ("D9", 1, "2026-01-21", "C1", "A", "W", "1", "10.00", "10.00", "0.13")
    tiny.write(folder / "delivery_line.csv", tiny.DELIVERY, [*delivered, second])
    bought = (
        "purchase_invoice",
        "P1",
        [("1405", "50.00", ""), ("22210101", "6.50", ""), ("2202", "", "56.50")],
    )
    sold = (
        tiny.sale("D1", "45.20", "40.00", "5.20", "20.00"),
        tiny.sale("D9", "11.30", "10.00", "1.30", "5.00"),
    )
    count = dict(zip(("P1", "D1", "D9"), quantities, strict=True))
    rows = [
        (*row, count[str(row[11])] if row[6] == "1405" else "")
        for row in tiny.entries(JANUARY, "2026-01-31", bought, *sold)
    ]
    tiny.write(folder / "gl_entry_line.csv", [*tiny.ENTRY, "quantity"], rows)
    built = build_period(root, JANUARY, work)
    assert built.failed == []
    matched = built.rows("select count(*) from reconciliation.reconciliation_match where tie_code = 'stock'")
    breaks = built.rows(
        "select document_no, symptom_code, cause_code, disposition from reconciliation.reconciliation_break"
    )
    assert matched[0][0] + len(breaks) == 3
    return [tuple(row) for row in breaks]


@pytest.mark.parametrize(
    ("quantities", "found"),
    [
        (("10", "4", "1"), []),
        (("10", "7", "1"), [("D1", "quantity_or_value_only", "data_entry_error", "correct_ledger")]),
        (("10", "2", "1"), [("D1", "quantity_or_value_only", "unit_conversion", "correct_ledger")]),
        # Kept in another unit throughout, or hardly ever right: the ledger does not count in stock units.
        (("5", "2", "1"), []),
    ],
)
def test_another_quantity_at_the_same_amount_is_told_where_the_ledger_counts_in_stock_units(
    tmp_path: Path, quantities: tuple[str, str, str], found: list[tuple[str, ...]]
) -> None:
    assert quantity_breaks(tmp_path / "books", tmp_path / "work", quantities) == found
