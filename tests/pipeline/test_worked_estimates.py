"""Worked figures of estimated receipts, from documents to vouchers: billed in the same period, and in the next one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_periods

Posted = set[tuple[str, str, Decimal]]


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> list[Built]:
    """A: 100 received at 10.00, 60 sold, billed at 11.00 in the same month. B: 50 estimated at 100.00, billed at
    5,200.00 in the next one."""
    folder = tmp_path_factory.mktemp("estimates")
    root = tiny.write_books(folder / "books", ["2026-01", "2026-02"])
    items = [(code, code, "goods", "是") for code in "AB"]
    tiny.write(root / "inbox" / "item.csv", ["item_code", "name", "category", "is_stocked"], items)
    rows: dict[str, dict[str, list[tiny.Row]]] = {
        "2026-01": {
            "goods_receipt_line": [
                ("RA", 1, "2026-01-05", "S1", "A", "W", "100", "10.00", "1000.00", "0.13"),
                ("RB", 1, "2026-01-05", "S1", "B", "W", "50", "100.00", "5000.00", "0.13"),
            ],
            "delivery_line": [("D1", 1, "2026-01-10", "C1", "A", "W", "60", "20.00", "1200.00", "0.13")],
            "purchase_invoice_line": [
                (
                    "PA",
                    1,
                    "2026-01-25",
                    "2026-01-25",
                    "S1",
                    "A",
                    "100",
                    "1100.00",
                    "143.00",
                    "1243.00",
                    "RA",
                    1,
                )
            ],
        },
        "2026-02": {
            "goods_receipt_line": [],
            "delivery_line": [],
            "purchase_invoice_line": [
                (
                    "PB",
                    1,
                    "2026-02-20",
                    "2026-02-20",
                    "S1",
                    "B",
                    "50",
                    "5200.00",
                    "676.00",
                    "5876.00",
                    "RB",
                    1,
                )
            ],
        },
    }
    headers = {"purchase_invoice_line": tiny.INVOICE}
    for month, tables in rows.items():
        for table, lines in tables.items():
            header = headers.get(table, tiny.RECEIPT)
            tiny.write(root / "inbox" / month / f"{table}.csv", header, lines)
    built = build_periods(root, list(rows), folder / "work")
    assert not [message for one in built for message in one.messages]
    return built


def posted(built: Built, *documents: str) -> Posted:
    """Day, account and signed amount of what is posted for these documents."""
    return {
        (str(day)[5:], account, amount)
        for day, account, amount in built.rows(
            "select voucher_date, account_code, sum(signed_amount) from postings.voucher_line "
            f"where document_no in {(*documents, '')} group by all"
        )
    }


def test_a_receipt_billed_in_its_period_is_worth_the_invoice_from_its_own_date(months: list[Built]) -> None:
    """1,100.00 on the 5th, though the invoice is of the 25th: 660.00 are sold and 440.00 are left."""
    january = months[0]
    moved = "select amount from costing.stock_ledger where item_code = 'A' and amount <> 0 order by effective_date"
    assert january.rows(moved) == [(Decimal(1100),), (Decimal(-660),)]
    left = "select closing_amount from marts.stock_summary where item_code = 'A'"
    assert january.rows(left) == [(Decimal(440),)]


def test_an_estimate_is_reversed_on_the_first_day_and_the_invoice_posted_whole(months: list[Built]) -> None:
    """5,000.00 estimated at the close, without tax; red on the first; then 5,200.00 and 676.00 of tax, 5,876.00 in all."""
    january, february = months
    assert posted(january, "RB") == {("01-31", "1405", Decimal(5000)), ("01-31", "220202", Decimal(-5000))}
    assert posted(february, "RB", "PB") == {
        ("02-01", "1405", Decimal(-5000)),
        ("02-01", "220202", Decimal(5000)),
        ("02-20", "1405", Decimal(5200)),
        ("02-20", "22210101", Decimal(676)),
        ("02-20", "2202", Decimal(-5876)),
    }
