"""Where the source's costs are posted: its figure of every movement is the sub-ledger, ours stands beside it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_periods

MOVEMENT = ["document_no", "line_no", "document_date", "movement_type", "item_code", "warehouse_code",
            "quantity", "amount"]  # fmt: skip
DELIVERY = [
    *tiny.DELIVERY,
    "reported_unit_cost",
    "reported_amount",
    "original_document_no",
    "original_line_no",
]
MONTHS = ["2026-01", "2026-02", "2026-03"]
SOLD = {
    "2026-01": [
        ("D1", 1, "2026-01-10", "C1", "A", "W", "5", "20", "100", "0", "", "55.10", "", ""),
        ("D2", 1, "2026-01-11", "C1", "A", "W", "2", "20", "40", "0", "11.10", "", "", ""),
    ],
    "2026-02": [
        ("D3", 1, "2026-02-10", "C1", "A", "W", "-1", "20", "-20", "0", "", "11.02", "D1", "1"),
        ("D4", 1, "2026-02-12", "C1", "A", "W", "3", "20", "60", "0", "", "", "", ""),
    ],
    "2026-03": [("D5", 1, "2026-03-01", "C1", "B", "W", "1", "20", "20", "0", "", "", "", "")],
}


def write_company(root: Path) -> Path:
    """Ten of A for 100.00 and ten for 120.00; what is sold is costed by the source, D4 by its item cost alone."""
    tiny.write_books(root, [])
    settings = (root / "books.yml").read_text("utf-8")
    settings = settings.replace("pool: company", "pool: company, cost_of_record: source")
    settings += "  - {table: item_cost, path: inbox/item_cost.csv}\n"
    settings += '  - {table: stock_movement_line, path: "inbox/{period}/stock.csv"}\n'
    (root / "books.yml").write_text(settings, "utf-8")
    roles = [(role, code) for code, _, role in tiny.ACCOUNTS] + [("other_income", "6301")]
    tiny.write(root / "account_map.csv", ["account_role", "account_code"], roles)
    inbox = root / "inbox"
    tiny.write(inbox / "item.csv", ["item_code", "name"], [("A", "A"), ("B", "B")])
    costs = [("A", "2026-02-11", "11.07"), ("A", "2026-02-13", "12.00")]
    tiny.write(inbox / "item_cost.csv", ["item_code", "valid_from", "unit_cost"], costs)
    received = [
        ("O1", 1, "2026-01-01", "opening", "A", "W", "10", "100.00"),
        ("O2", 1, "2026-01-01", "opening", "B", "W", "1", "5.00"),
        ("A1", 1, "2026-01-05", "other_in", "A", "W", "10", "120.00"),
    ]
    for month in MONTHS:
        tiny.write(inbox / month / "stock.csv", MOVEMENT, received if month == MONTHS[0] else [])
        tiny.write(inbox / month / "delivery_line.csv", DELIVERY, SOLD[month])
        for table, header in (("goods_receipt_line", tiny.RECEIPT), ("purchase_invoice_line", tiny.INVOICE)):
            tiny.write(inbox / month / f"{table}.csv", header, [])
        cost = [("6401", "55.20", ""), ("1405", "", "55.20")] if month == MONTHS[0] else []
        entries = tiny.entries(month, f"{month}-28", ("delivery", "D1", cost))
        tiny.write(inbox / month / "gl_entry_line.csv", tiny.ENTRY, entries)
    return root


def costs(built: Built) -> dict[str, tuple[Decimal, Decimal]]:
    """Document of a sale → the source's figure and ours."""
    rows = built.rows(
        "select document_no, amount, recomputed_amount from costing.stock_ledger where document_type = 'delivery'"
    )
    return {document: (amount, recomputed) for document, amount, recomputed in rows}


def legs(built: Built, account: str) -> tuple[Decimal, ...]:
    """Reported, ledger − reported, reported − recomputed."""
    (row,) = built.rows(
        "select reported_amount, posting_leg_amount, costing_leg_amount from reconciliation.tie_out "
        f"where account_code = '{account}'"
    )
    return row


def money(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, amounts))


def test_the_source_is_posted_and_ours_checks_it(tmp_path: Path) -> None:
    root = write_company(tmp_path / "books")
    january, february, march = build_periods(root, MONTHS, tmp_path / "work")
    assert not january.messages + february.messages
    assert costs(january) == {"D1": money("-55.10", "-55.00"), "D2": money("-22.20", "-22.00")}
    assert costs(february) == {"D3": money("11.02", "11.00"), "D4": money("-33.21", "-33.00")}
    posted = (
        "select document_no, signed_amount from postings.voucher_line where account_code = '6401' order by 1"
    )
    assert january.rows(posted) == [("D1", Decimal("55.10")), ("D2", Decimal("22.20"))]
    assert legs(january, "6401") == money("77.30", "-22.10", "0.30")
    assert legs(january, "1405") == money("147.70", "-202.90", "-0.30")
    assert legs(february, "6401") == money("22.19", "-22.19", "0.19")
    assert legs(february, "1405")[::2] == money("125.51", "-0.49")
    differs = "select difference_amount from reconciliation.reconciliation_break where document_no = 'D1' and tie_code = 'cost_of_sales'"
    assert january.rows(differs) == [(Decimal("0.10"),)]

    (failure,) = [result for result in march.results if result.name == "costing_has_no_errors"]
    assert march.rows(failure.sql) == [("not_costed_by_source", "delivery", "D5", 1, "B", "W")]
    assert failure.is_failed
