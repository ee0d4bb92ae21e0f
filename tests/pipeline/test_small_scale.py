"""A small-scale taxpayer: the tax of a purchase is cost, estimates are gross, sales have one tax account."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.pipeline import tiny
from tests.pipeline.candidates import build_periods

# 100 at 10.00 and 3 %: estimated at 1,030.00, billed at 1,000.00 and 30.00 of tax; 40 sold for 1,030.00 with 3 % inside.
ROWS: dict[str, dict[str, list[tiny.Row]]] = {
    "2026-01": {
        "goods_receipt_line": [("R1", 1, "2026-01-05", "S1", "A", "W", "100", "10", "1000", "0.03")],
        "delivery_line": [("D1", 1, "2026-01-10", "C1", "A", "W", "40", "25", "1000", "0.03")],
        "purchase_invoice_line": [],
    },
    "2026-02": {
        "goods_receipt_line": [],
        "delivery_line": [],
        "purchase_invoice_line": [
            ("P1", 1, "2026-02-20", "2026-02-20", "S1", "A", "100", "1000", "30", "1030", "R1", 1)
        ],
    },
}


def test_what_is_bought_costs_what_is_paid(tmp_path: Path) -> None:
    root = tiny.write_books(tmp_path / "books", [])
    tiny.edit(root / "books.yml", "standard: cas", "standard: cas\ntaxpayer: small_scale")
    for month, tables in ROWS.items():
        for table, lines in tables.items():
            header = tiny.INVOICE if table == "purchase_invoice_line" else tiny.RECEIPT
            tiny.write(root / "inbox" / month / f"{table}.csv", header, lines)
    ledger = {
        "2026-01": [
            tiny.sale("D1", "1030", "1000", "30", "412"),
            ("goods_receipt", "R1", [("1405", "1030", ""), ("220202", "", "1030")]),
        ],
        "2026-02": [
            ("goods_receipt", "R1", [("1405", "-1030", ""), ("220202", "", "-1030")]),
            ("purchase_invoice", "P1", [("1405", "1030", ""), ("2202", "", "1030")]),
        ],
    }
    for month, vouchers in ledger.items():
        entries = tiny.entries(month, f"{month}-01", *vouchers)
        tiny.write(root / "inbox" / month / "gl_entry_line.csv", tiny.ENTRY, entries)
    january, february = build_periods(root, list(ROWS), tmp_path / "work")
    assert not january.messages + february.messages
    left = "select closing_quantity, closing_amount from marts.stock_summary"
    assert [one.rows(left) for one in (january, february)] == [[(Decimal(60), Decimal(618))]] * 2
    taxed = "select count(*) from postings.voucher_line where account_role = 'input_vat'"
    assert february.rows(taxed) == [(0,)]
    differing = "select document_no, cause_code from reconciliation.reconciliation_break"
    assert [one.rows(differing) for one in (january, february)] == [[], []]
