"""Estimates that stay until the invoice comes: taken back whole with it, or only the difference posted on it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_periods

# B: 50 estimated at 100.00, 30 sold, billed at 5,200.00: of 200.00 more, 80.00 belong to the 20 that are left and
# 120.00 to those sold. C: 50 estimated at 100.00, 20 billed at 104.00 in February, the rest at 101.00 in March.
ROWS: dict[str, dict[str, list[tiny.Row]]] = {
    "2026-01": {
        "goods_receipt_line": [
            ("RB", 1, "2026-01-05", "S1", "B", "W", "50", "100.00", "5000.00", "0.13"),
            ("RC", 1, "2026-01-06", "S1", "C", "W", "50", "100.00", "5000.00", "0.13"),
        ],
        "delivery_line": [("D1", 1, "2026-01-10", "C1", "B", "W", "30", "200.00", "6000.00", "0.13")],
        "purchase_invoice_line": [],
    },
    "2026-02": {
        "goods_receipt_line": [],
        "delivery_line": [],
        "purchase_invoice_line": [
            ("PB", 1, "2026-02-20", "2026-02-20", "S1", "B", "50", "5200", "676", "5876", "RB", 1),
            ("PC", 1, "2026-02-21", "2026-02-21", "S1", "C", "20", "2080", "270.4", "2350.4", "RC", 1),
        ],
    },
    "2026-03": {
        "goods_receipt_line": [],
        "delivery_line": [],
        "purchase_invoice_line": [
            ("PD", 1, "2026-03-15", "2026-03-15", "S1", "C", "30", "3030", "393.9", "3423.9", "RC", 1)
        ],
    },
}
Voucher = tuple[str, str, list[tuple[str, str, str]]]
SALE = [
    ("1122", "6780", ""),
    ("6001", "", "6000"),
    ("22210106", "", "780"),
    ("6401", "3000", ""),
    ("1405", "", "3000"),
]
JANUARY: list[Voucher] = [
    ("delivery", "D1", SALE),
    ("goods_receipt", "RB", [("1405", "5000", ""), ("220202", "", "5000")]),
    ("goods_receipt", "RC", [("1405", "5000", ""), ("220202", "", "5000")]),
]
CONSUMED = ("6401", "120", ""), ("1405", "", "120")
LEDGER: dict[str, dict[str, list[Voucher]]] = {
    "reverse_on_invoice": {
        "2026-01": JANUARY,
        "2026-02": [
            ("goods_receipt", "RB", [("1405", "-5000", ""), ("220202", "", "-5000")]),
            ("purchase_invoice", "PB", [("1405", "5200", ""), ("22210101", "676", ""), ("2202", "", "5876"), *CONSUMED]),
            ("goods_receipt", "RC", [("1405", "-2000", ""), ("220202", "", "-2000")]),
            ("purchase_invoice", "PC", [("1405", "2080", ""), ("22210101", "270.4", ""), ("2202", "", "2350.4")]),
        ],
        "2026-03": [
            ("goods_receipt", "RC", [("1405", "-3000", ""), ("220202", "", "-3000")]),
            ("purchase_invoice", "PD", [("1405", "3030", ""), ("22210101", "393.9", ""), ("2202", "", "3423.9")]),
        ],
    },
    "difference_on_invoice": {
        "2026-01": JANUARY,
        "2026-02": [
            ("purchase_invoice", "PB", [
                ("220202", "5000", ""), ("1405", "200", ""), ("22210101", "676", ""), ("2202", "", "5876"), *CONSUMED]),
            ("purchase_invoice", "PC", [
                ("220202", "2000", ""), ("1405", "80", ""), ("22210101", "270.4", ""), ("2202", "", "2350.4")]),
        ],
        "2026-03": [
            ("purchase_invoice", "PD", [
                ("220202", "3000", ""), ("1405", "30", ""), ("22210101", "393.9", ""), ("2202", "", "3423.9")]),
        ],
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=sorted(LEDGER))
def months(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, list[Built]]:
    mode: str = request.param
    folder = tmp_path_factory.mktemp(mode)
    root = tiny.write_books(folder / "books", [])
    settings = (
        (root / "books.yml")
        .read_text("utf-8")
        .replace(
            "costing: {method: moving_average,",
            f"posting: {{estimated_receipts: {mode}}}\ncosting: {{method: moving_average, late_cost: on_hand_share,",
        )
    )
    (root / "books.yml").write_text(settings, "utf-8")
    items = [(code, code, "goods", "是") for code in "BC"]
    tiny.write(root / "inbox" / "item.csv", ["item_code", "name", "category", "is_stocked"], items)
    headers = {"purchase_invoice_line": tiny.INVOICE}
    for month, tables in ROWS.items():
        for table, lines in tables.items():
            tiny.write(root / "inbox" / month / f"{table}.csv", headers.get(table, tiny.RECEIPT), lines)
        entries = tiny.entries(month, f"{month}-28", *LEDGER[mode][month])
        tiny.write(root / "inbox" / month / "gl_entry_line.csv", tiny.ENTRY, entries)
    return mode, build_periods(root, list(ROWS), folder / "work")


def posted(built: Built) -> set[tuple[str, str, str, Decimal]]:
    rows = built.rows(
        "select document_no, voucher_date, account_code, sum(signed_amount) from postings.voucher_line "
        "where event_type not in ('customer_delivery') group by all having sum(signed_amount) <> 0"
    )
    return {(document, str(day)[5:], account, amount) for document, day, account, amount in rows}


def test_nothing_is_taken_back_before_the_invoice(months: tuple[str, list[Built]]) -> None:
    mode, (january, february, march) = months
    assert not january.messages + february.messages + march.messages
    estimated = {("RB", "01-31", "1405", Decimal(5000)), ("RC", "01-31", "1405", Decimal(5000))}
    assert {row for row in posted(january) if row[2] == "1405"} == estimated
    billed = {
        ("PD", "03-15", "22210101", Decimal("393.9")), ("PD", "03-15", "2202", Decimal("-3423.9")),
    }  # fmt: skip
    if mode == "reverse_on_invoice":
        billed |= {
            ("RC", "03-15", "1405", Decimal(-3000)), ("RC", "03-15", "220202", Decimal(3000)),
            ("PD", "03-15", "1405", Decimal(3030)),
        }  # fmt: skip
        assert ("RC", "02-21", "220202", Decimal(2000)) in posted(february)
        assert ("RB", "02-20", "1405", Decimal(-5000)) in posted(february)
    else:
        billed |= {("PD", "03-15", "220202", Decimal(3000)), ("PD", "03-15", "1405", Decimal(30))}
        assert not [row for row in posted(february) if row[0].startswith("R")]
    assert posted(march) == billed


def test_both_come_to_the_same_stock_and_cost(months: tuple[str, list[Built]]) -> None:
    _, (_, february, march) = months
    sums = "select account_code, sum(signed_amount) from postings.voucher_line group by all"
    moved = dict(february.rows(sums))
    assert moved == {
        "1405": Decimal(160), "6401": Decimal(120), "220202": Decimal(7000), "22210101": Decimal("946.4"),
        "2202": Decimal("-8226.4"),
    }  # fmt: skip
    left = "select item_code, closing_amount from marts.stock_summary order by 1"
    assert march.rows(left) == [("B", Decimal(2080)), ("C", Decimal(5110))]
    open_estimates = "select sum(amount) from marts.open_item where kind = 'estimate'"
    assert february.rows(open_estimates) == [(Decimal(-3000),)]


def test_a_ledger_kept_that_way_has_no_difference(months: tuple[str, list[Built]]) -> None:
    _, built = months
    assert [
        one.rows("select document_no, cause_code, difference_amount from reconciliation.reconciliation_break")
        for one in built
    ] == [[], [], []]
