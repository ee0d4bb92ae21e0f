"""What comes after its month enters the month it is delivered with, on the first day; the earlier one stays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.pipeline import tiny
from tests.pipeline.candidates import build_periods

DELIVERY = [*tiny.DELIVERY, "original_document_no", "original_line_no"]


def test_a_late_document_enters_on_the_first_day_and_a_repeated_one_does_not(tmp_path: Path) -> None:
    """D9 of January comes with February, before R2 makes goods dearer: 5.00. D1 is delivered again; what the
    customer returns of it costs what it cost then. D8 is a service, of which nothing is published."""
    root = tiny.write_books(tmp_path / "books", ["2026-01", "2026-02"])
    items = [("A", "螺丝", "goods", "是"), ("S", "安装", "service", "否")]
    tiny.write(root / "inbox" / "item.csv", ["item_code", "name", "category", "is_stocked"], items)
    sold = [
        ("D8", 1, "2026-01-22", "C1", "S", "W", "1", "9", "9", "0.13", "", ""),
        ("D1", 1, "2026-01-20", "C1", "A", "W", "4", "10", "40", "0.13", "", ""),
        ("D9", 1, "2026-01-25", "C1", "A", "W", "1", "10", "10", "0.13", "", ""),
        ("D2", 1, "2026-02-20", "C1", "A", "W", "2", "10", "20", "0.13", "", ""),
        ("D3", 1, "2026-02-21", "C1", "A", "W", "-1", "10", "-10", "0.13", "D1", "1"),
    ]
    tiny.write(root / "inbox" / "2026-02" / "delivery_line.csv", DELIVERY, sold)
    january, february = build_periods(root, ["2026-01", "2026-02"], tmp_path / "work")
    assert not january.messages + february.messages
    told = (
        "select document_no, document_date, effective_date, amount, cause_code from costing.stock_ledger "
        "where document_type = 'delivery' order by 1"
    )
    assert january.rows(told) == [("D1", date(2026, 1, 20), date(2026, 1, 20), Decimal("-20.00"), None)]
    assert february.rows(told) == [
        ("D2", date(2026, 2, 20), date(2026, 2, 20), Decimal("-10.20"), None),
        ("D3", date(2026, 2, 21), date(2026, 2, 21), Decimal("5.00"), None),
        ("D9", date(2026, 1, 25), date(2026, 2, 1), Decimal("-5.00"), "backdated_change"),
    ]
    billed = (
        "select distinct document_no from postings.voucher_line where document_type = 'delivery' order by 1"
    )
    assert february.rows(billed) == [("D2",), ("D3",), ("D9",)]
    dated = "select distinct voucher_date from postings.voucher_line where document_no = 'D9'"
    assert february.rows(dated) == [(date(2026, 2, 1),)]
    assert february.rows("select opening_amount, closing_amount from marts.stock_summary") == [
        (Decimal("30.00"), Decimal("45.80"))
    ]
