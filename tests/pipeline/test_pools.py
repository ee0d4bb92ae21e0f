"""Which pool a movement belongs to and when: lots under specific identification, lots of a warehouse, and the
order of posting."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import build_period

RECEIPT = [*tiny.RECEIPT, "lot_no", "entered_at", "approved_at"]


def write_lots(root: Path, costing: str, receipts: list[tiny.Row], deliveries: list[tiny.Row]) -> Path:
    """Receipts and deliveries: (document, day, quantity, amount, lot, entered at, approved at)."""
    tiny.write_books(root, ["2026-01"])
    settings = (root / "books.yml").read_text("utf-8")
    settings = settings.replace("method: moving_average, pool: company", costing)
    (root / "books.yml").write_text(settings, "utf-8")
    inbox = root / "inbox" / "2026-01"
    for table, rows, party in (("goods_receipt_line", receipts, "S1"), ("delivery_line", deliveries, "C1")):
        lines = [
            (
                number,
                1,
                f"2026-01-{day}",
                party,
                "A",
                "W",
                quantity,
                "",
                amount,
                "0.13",
                lot,
                entered,
                approved,
            )
            for number, day, quantity, amount, lot, entered, approved in rows
        ]
        tiny.write(inbox / f"{table}.csv", RECEIPT, lines)
    tiny.write(inbox / "purchase_invoice_line.csv", tiny.INVOICE, [])
    return root


@pytest.mark.parametrize(
    ("costing", "expected"),
    [
        ("method: specific, pool: company", ["-12.00", "-10.00"]),
        ("method: fifo, pool: warehouse_lot", ["-12.00", "-10.00"]),
        ("method: moving_average, pool: warehouse_lot", ["-12.00", "-10.00"]),
        ("method: moving_average, pool: warehouse", ["-11.00", "-11.00"]),
    ],
)
def test_a_lot_keeps_its_own_cost(tmp_path: Path, costing: str, expected: list[str]) -> None:
    """Lot L1 at 10, lot L2 at 12; one of L2 and one of L1 leave."""
    root = write_lots(
        tmp_path / "books",
        costing,
        [("R1", "05", 2, "20", "L1", "", ""), ("R2", "06", 2, "24", "L2", "", "")],
        [("D1", "10", 1, "30", "L2", "", ""), ("D2", "11", 1, "30", "L1", "", "")],
    )
    built = build_period(root, "2026-01", tmp_path / "work")
    assert not built.failed
    rows = built.rows(
        "select document_no, lot_no, amount from costing.stock_ledger where quantity < 0 order by 1"
    )
    assert rows == [("D1", "L2", Decimal(expected[0])), ("D2", "L1", Decimal(expected[1]))]


def test_specific_identification_without_a_lot_names_the_row(tmp_path: Path) -> None:
    root = write_lots(
        tmp_path / "books",
        "method: specific, pool: company",
        [("R1", "05", 2, "20", "L1", "", "")],
        [("D1", "10", 1, "30", "", "", "")],
    )
    built = build_period(root, "2026-01", tmp_path / "work")
    assert "costing_has_no_errors" in built.failed
    (failure,) = [result for result in built.results if result.name == "costing_has_no_errors"]
    named = built.rows(failure.sql)
    assert ("lot_missing", "delivery", "D1", 1, "A", "W") in named


@pytest.mark.parametrize(("order", "expected"), [("date", "-10.00"), ("posted_at", "-11.00")])
def test_the_order_of_posting_is_followed_where_it_is_chosen(
    tmp_path: Path, order: str, expected: str
) -> None:
    """A delivery of the 10th is approved on the 21st, after a receipt of the 20th at a higher price."""
    root = write_lots(
        tmp_path / "books",
        f"method: moving_average, pool: company, movement_order: {order}",
        [
            ("R1", "05", 2, "20", "", "2026-01-05 10:00", ""),
            ("R2", "20", 2, "24", "", "2026-01-25 10:00", "2026-01-20 09:00"),
        ],
        [("D1", "10", 1, "30", "", "2026-01-10 10:00", "2026-01-21 09:00")],
    )
    built = build_period(root, "2026-01", tmp_path / "work")
    assert not built.failed
    assert built.rows("select amount from costing.stock_ledger where document_no = 'D1'") == [
        (Decimal(expected),)
    ]


def test_unit_costs_are_cut_as_the_settings_say(tmp_path: Path) -> None:
    """7 for 100.00: 14.29 each, so 3 leave for 42.87 instead of 42.86; the last takes the rest."""
    root = write_lots(
        tmp_path / "books",
        "method: moving_average, pool: company, unit_cost_decimals: 2",
        [("R1", "05", 7, "100", "", "", "")],
        [("D1", "10", 3, "60", "", "", ""), ("D2", "11", 4, "80", "", "", "")],
    )
    built = build_period(root, "2026-01", tmp_path / "work")
    assert not built.failed
    assert built.rows("select amount from costing.stock_ledger where quantity < 0 order by document_no") == [
        (Decimal("-42.87"),),
        (Decimal("-57.13"),),
    ]
