"""Goods that are not where they usually are: lent, consigned out, with a subcontractor, or of somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_period, build_periods

MOVEMENT = ["document_no", "line_no", "document_date", "movement_type", "item_code", "warehouse_code",
            "counterpart_warehouse_code", "quantity", "amount", "unit", "reason_code"]  # fmt: skip
DELIVERY = [*tiny.DELIVERY, "business_type"]
ROLES = [
    ("inventory", "", "", "1405"), ("inventory", "*loan", "", "140509"), ("goods_shipped", "", "", "1406"),
    ("subcontract_material", "", "", "1408"), ("ap_estimated", "", "", "220202"), ("other_income", "", "", "6301"),
    ("admin_expense", "", "", "6602"), ("admin_expense", "", "GIFT", "6601"), ("ar", "", "", "1122"),
    ("revenue", "", "", "6001"), ("output_vat", "", "", "22210106"), ("cost_of_sales", "", "", "6401"),
]  # fmt: skip
PLACES = [("W", ""), ("Z", "自有"), ("K", "委托代销"), ("S", "委外"), ("V", "VMI")]

# Of A at 10: 20 are lent, 30 consigned, then 70 come at 20, so the rest is worth 15 when what was lent or
# consigned comes back at 10. A box holds 12.
JANUARY = [
    ("O1", "01", "opening", "W", "", "10", "1200", "箱", ""),
    ("L1", "02", "借出", "W", "", "20", "", "", ""),
    ("C1", "03", "委托代销发出", "W", "", "30", "", "", ""),
    ("A1", "04", "other_in", "W", "", "70", "1400", "", ""),
    ("L2", "05", "借出归还", "W", "", "5", "", "", ""),
    ("C2", "07", "consignment_back", "W", "", "5", "", "", ""),
    ("T1", "08", "transfer", "W", "K", "10", "", "", ""),
    ("T3", "10", "transfer", "W", "S", "1", "", "箱", ""),
    ("T2", "11", "transfer", "W", "Z", "10", "", "", ""),
]
FEBRUARY = [
    ("L3", "02", "loan_back", "W", "", "15", "", "", ""),
    ("G1", "03", "other_out", "W", "", "2", "", "", "GIFT"),
    ("F1", "04", "other_in", "W", "", "3", "", "", "FOUND"),
]
SOLD = [
    ("D1", 1, "2026-01-06", "C1", "A", "W", "10", "30", "300", "0.13", "委托代销结算"),
    ("D3", 1, "2026-01-09", "C1", "A", "K", "4", "30", "120", "0.13", ""),
    ("D2", 1, "2026-01-13", "C1", "A", "V", "6", "30", "180", "0.13", ""),
]


def write_company(root: Path, pool: str) -> Path:
    """Books of one item, places of every ownership, two months of movements, deliveries and a VMI receipt."""
    tiny.write_books(root, [])
    settings = (root / "books.yml").read_text("utf-8").replace("pool: company", f"pool: {pool}")
    settings += "  - {table: unit_conversion, path: inbox/unit.csv}\n"
    settings += '  - {table: stock_movement_line, path: "inbox/{period}/stock.csv"}\n'
    (root / "books.yml").write_text(settings, "utf-8")
    inbox = root / "inbox"
    tiny.write(
        root / "account_map.csv", ["account_role", "warehouse_code", "reason_code", "account_code"], ROLES
    )
    tiny.write(
        inbox / "item.csv", ["item_code", "name", "category", "stock_unit"], [("A", "A", "goods", "个")]
    )
    tiny.write(inbox / "warehouse.csv", ["warehouse_code", "ownership"], PLACES)
    tiny.write(inbox / "unit.csv", ["item_code", "from_unit", "to_unit", "factor"], [("A", "箱", "个", "12")])
    deliver(root, "2026-01", JANUARY, SOLD)
    deliver(root, "2026-02", FEBRUARY, [])
    received = ("V1", 1, "2026-01-12", "S1", "A", "V", "40", "9", "360", "0.13")
    tiny.write(inbox / "2026-01" / "goods_receipt_line.csv", tiny.RECEIPT, [received])
    return root


def deliver(root: Path, month: str, moved: Sequence[tuple[str, ...]], sold: Sequence[tiny.Row]) -> None:
    inbox = root / "inbox" / month
    lines = [
        (number, 1, f"{month}-{day}", kind, "A", place, other, quantity, amount, unit, reason)
        for number, day, kind, place, other, quantity, amount, unit, reason in moved
    ]
    tiny.write(inbox / "stock.csv", MOVEMENT, lines)
    tiny.write(inbox / "delivery_line.csv", DELIVERY, sold)
    tiny.write(inbox / "goods_receipt_line.csv", tiny.RECEIPT, [])
    tiny.write(inbox / "purchase_invoice_line.csv", tiny.INVOICE, [])
    tiny.write(inbox / "gl_entry_line.csv", tiny.ENTRY, [])


def held(built: Built) -> dict[str, tuple[Decimal, Decimal]]:
    rows = built.rows("select warehouse_code, closing_quantity, closing_amount from marts.stock_summary")
    return {place: (quantity, amount) for place, quantity, amount in rows}


def carried(built: Built) -> dict[str, Decimal]:
    accounts = "select account_code, closing_subledger_amount from reconciliation.tie_out"
    return {account: amount for account, amount in built.rows(accounts) if account.startswith("14")}


def expensed(built: Built) -> dict[tuple[str, str], Decimal]:
    """Document and account of what was no transfer → signed amount."""
    rows = built.rows(
        "select document_no, account_code, signed_amount from postings.voucher_line where amount_basis = 'cost' "
        "and account_code[1] = '6'"
    )
    return {(document, account): amount for document, account, amount in rows}


def money(**figures: str) -> dict[str, Decimal]:
    return {account.removeprefix("_"): Decimal(amount) for account, amount in figures.items()}


def test_goods_elsewhere_keep_their_cost_and_goods_of_others_have_none(tmp_path: Path) -> None:
    root = write_company(tmp_path / "books", "company")
    january, february = build_periods(root, ["2026-01", "2026-02"], tmp_path / "work")
    assert not january.messages + february.messages
    assert held(january) == {
        "W": (Decimal(118), Decimal("1730.66")),
        "Z": (Decimal(10), Decimal("146.67")),
        "*loan": (Decimal(15), Decimal("150.00")),
        "*consigned_out": (Decimal(15), Decimal("150.00")),
        "K": (Decimal(6), Decimal("88.00")),
        "S": (Decimal(12), Decimal("176.00")),
        "V": (Decimal(34), Decimal(0)),
    }
    assert carried(january) == money(_1405="1877.33", _140509="150", _1406="238.00", _1408="176.00")
    assert expensed(january) == {
        ("A1", "6301"): Decimal("-1400.00"),
        ("D1", "6401"): Decimal("100.00"),
        ("D3", "6401"): Decimal("58.67"),
    }
    assert january.rows("select count(*) from marts.open_item where kind = 'estimate'") == [(0,)]
    assert held(february)["*loan"] == (Decimal(0), Decimal(0))
    assert held(february)["V"] == (Decimal(34), Decimal(0))
    assert carried(february) == money(_1405="2041.51", _140509="0", _1406="238.00", _1408="176.00")
    assert expensed(february) == {("G1", "6601"): Decimal("28.35"), ("F1", "6301"): Decimal("-42.53")}


def test_goods_of_others_become_ours_by_a_document_with_a_value(tmp_path: Path) -> None:
    root = write_company(tmp_path / "books", "warehouse")
    deliver(root, "2026-01", [("X1", "20", "transfer", "V", "W", "1", "", "", "")], [])
    built = build_period(root, "2026-01", tmp_path / "work")
    assert built.failed[0] == "costing_has_no_errors"
    (failure,) = [result for result in built.results if result.name == "costing_has_no_errors"]
    assert ("value_without_document", "transfer", "X1", 1, "A", "W") in built.rows(failure.sql)
