"""One set of books with every costing method, three pools and goods on the way over a period end, against a ledger that
was posted from the same figures, all worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_periods

COSTING = """costing:
  method: moving_average
  pool: warehouse
  overrides:
    - {item_code: B, method: fifo}
    - {category: AUX, method: periodic_average}
    - {item_code: D, method: standard}
    - {category: SERIAL, method: specific}
"""
ITEMS = [("A", "goods", ""), ("B", "goods", ""), ("C", "AUX", ""), ("D", "goods", "10"), ("E", "SERIAL", "")]
MOVEMENT = ["document_no", "line_no", "document_date", "movement_type", "item_code", "warehouse_code",
            "counterpart_warehouse_code", "quantity", "amount", "lot_no", "original_document_no", "original_line_no"]  # fmt: skip
ACCOUNTS = [*tiny.ACCOUNTS, ("1404", "材料成本差异", "material_variance"), ("6301", "营业外收入", "other_income"),
            ("6602", "管理费用", "admin_expense")]  # fmt: skip

# A, moving average. W: 10 for 100 and 5 for 65, so 11.00; 6 to X (66), of which 3 are sold: 33. On the 31st 4 leave
# for Y (44) and arrive in February, when one is used: 11.
# B, FIFO. W: 10 for 100, 10 for 120; 12 to X: 100 + 24 = 124; 5 used there: 124 × 5 / 12 = 51.67. On the 31st 2
# leave for Y (24), one is used there in February: 12.
# C, periodic average. W: 100 for 1,000 and 100 for 1,200, X: 50 for 450; 80 from W to X and 20 back: 874.07 and
# 203.70; 10 used at X: (450.00 + 874.07) × 10 / 130 = 101.85.
# D, standard 10.00. W: 10 received for 112, so 12 of variance; 4 to X (40), one used: 10, and 12 × 10 / 100 = 1.20
# of the variance.
# E, by lot. W: 2 of L1 for 20, 2 of L2 for 24; one of L2 to X (12) and used; one of L1 used: 10.
JANUARY = [
    ("N1", "02", "other_in", "A", "W", "", 10, 100, "", "", ""),
    ("N2", "03", "other_in", "A", "W", "", 5, 65, "", "", ""),
    ("T1", "05", "transfer", "A", "W", "X", 6, "", "", "", ""),
    ("T9", "31", "transfer_out", "A", "W", "Y", 4, "", "", "", ""),
    ("N3", "02", "other_in", "B", "W", "", 10, 100, "", "", ""),
    ("N4", "03", "other_in", "B", "W", "", 10, 120, "", "", ""),
    ("T2", "05", "transfer", "B", "W", "X", 12, "", "", "", ""),
    ("U1", "06", "other_out", "B", "X", "", 5, "", "", "", ""),
    ("T8", "31", "transfer_out", "B", "W", "Y", 2, "", "", "", ""),
    ("N5", "02", "other_in", "C", "W", "", 100, 1000, "", "", ""),
    ("N6", "20", "other_in", "C", "W", "", 100, 1200, "", "", ""),
    ("N7", "02", "other_in", "C", "X", "", 50, 450, "", "", ""),
    ("T3", "10", "transfer", "C", "W", "X", 80, "", "", "", ""),
    ("T4", "11", "transfer", "C", "X", "W", 20, "", "", "", ""),
    ("U2", "12", "other_out", "C", "X", "", 10, "", "", "", ""),
    ("T5", "10", "transfer", "D", "W", "X", 4, "", "", "", ""),
    ("U3", "11", "other_out", "D", "X", "", 1, "", "", "", ""),
    ("N8", "02", "other_in", "E", "W", "", 2, 20, "L1", "", ""),
    ("N9", "02", "other_in", "E", "W", "", 2, 24, "L2", "", ""),
    ("T6", "05", "transfer", "E", "W", "X", 1, "", "L2", "", ""),
    ("U4", "06", "other_out", "E", "X", "", 1, "", "L2", "", ""),
    ("U5", "07", "other_out", "E", "W", "", 1, "", "L1", "", ""),
]
FEBRUARY = [
    ("T9A", "02", "transfer_in", "A", "Y", "W", 4, "", "", "T9", 1),
    ("U6", "03", "other_out", "A", "Y", "", 1, "", "", "", ""),
    ("T8A", "02", "transfer_in", "B", "Y", "W", 2, "", "", "T8", 1),
    ("U7", "03", "other_out", "B", "Y", "", 1, "", "", "", ""),
]
INTO = [("N1", "100"), ("N2", "65"), ("N3", "100"), ("N4", "120"), ("N5", "1000"), ("N6", "1200"), ("N7", "450"),
        ("N8", "20"), ("N9", "24")]  # fmt: skip
USED = {
    "2026-01": [("U1", "51.67"), ("U2", "101.85"), ("U3", "10"), ("U4", "12"), ("U5", "10")],
    "2026-02": [("U6", "11"), ("U7", "12")],
}
CLOSING: dict[str, dict[tuple[str, str], tuple[int, str]]] = {
    "2026-01": {
        ("A", "W"): (5, "55"), ("A", "X"): (3, "33"),
        ("B", "W"): (6, "72"), ("B", "X"): (7, "72.33"),
        ("C", "W"): (140, "1529.63"), ("C", "X"): (100, "1018.52"),
        ("D", "W"): (6, "60"), ("D", "X"): (3, "30"),
        ("E", "W"): (2, "22"),
    },
}  # fmt: skip
CLOSING["2026-02"] = CLOSING["2026-01"] | {("A", "Y"): (3, "33"), ("B", "Y"): (1, "12")}


def vouchers(month: str) -> list[tiny.Row]:
    made: list[tuple[str, str, list[tuple[str, str, str]]]] = [
        ("other_out", number, [("6602", amount, ""), ("1405", "", amount)]) for number, amount in USED[month]
    ]
    if month == "2026-01":
        made += [
            ("other_in", number, [("1405", amount, ""), ("6301", "", amount)]) for number, amount in INTO
        ]
        made += [
            ("purchase_invoice", "P1", [("1405", "112", ""), ("2202", "", "112")]),
            ("goods_receipt", "R1", [("1404", "12", ""), ("1405", "", "12")]),
            ("variance_allocation", month, [("6602", "1.20", ""), ("1404", "", "1.20")]),
            tiny.sale("D1", "67.80", "60.00", "7.80", "33.00"),
        ]
    return tiny.entries(month, f"{month}-28", *made)


def write_mixed(root: Path) -> Path:
    tiny.write_books(root, [])
    settings = (root / "books.yml").read_text("utf-8")
    settings = settings.replace("costing: {method: moving_average, pool: company}\n", COSTING)
    settings += '  - {table: stock_movement_line, path: "inbox/{period}/stock.csv"}\n'
    (root / "books.yml").write_text(settings, "utf-8")
    inbox = root / "inbox"
    tiny.write(
        root / "account_map.csv",
        ["account_role", "account_code"],
        [(role, code) for code, _, role in ACCOUNTS],
    )
    tiny.write(inbox / "account.csv", ["account_code", "name"], [(code, name) for code, name, _ in ACCOUNTS])
    tiny.write(inbox / "warehouse.csv", ["warehouse_code", "name"], [(code, code) for code in "WXY"])
    header = ["item_code", "name", "category", "standard_cost", "is_stocked"]
    tiny.write(inbox / "item.csv", header, [(code, code, kind, cost, "是") for code, kind, cost in ITEMS])
    receipt = ("R1", 1, "2026-01-04", "S1", "D", "W", 10, "", 112, "0")
    invoice = ("P1", 1, "2026-01-08", "2026-01-08", "S1", "D", 10, 112, 0, 112, "R1", 1)
    sale = ("D1", 1, "2026-01-20", "C1", "A", "X", 3, 20, 60, "0.13")
    for month, movements in (("2026-01", JANUARY), ("2026-02", FEBRUARY)):
        first = month == "2026-01"
        tiny.write(inbox / month / "goods_receipt_line.csv", tiny.RECEIPT, [receipt] if first else [])
        tiny.write(inbox / month / "purchase_invoice_line.csv", tiny.INVOICE, [invoice] if first else [])
        tiny.write(inbox / month / "delivery_line.csv", tiny.DELIVERY, [sale] if first else [])
        tiny.write(inbox / month / "gl_entry_line.csv", tiny.ENTRY, vouchers(month))
        rows = [(number, 1, f"{month}-{day}", *rest) for number, day, *rest in movements]
        tiny.write(inbox / month / "stock.csv", MOVEMENT, rows)
    return root


def closing(built: Built) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    rows = built.rows(
        "select item_code, warehouse_code, closing_quantity, closing_amount from marts.stock_summary"
    )
    return {(item, place): (quantity, amount) for item, place, quantity, amount in rows if quantity}


def test_every_method_in_one_set_of_books_ties_to_a_ledger_kept_by_hand(tmp_path: Path) -> None:
    root = write_mixed(tmp_path / "books")
    for month, built in zip(CLOSING, build_periods(root, list(CLOSING), tmp_path / "work"), strict=True):
        assert not built.messages
        expected = {key: (Decimal(q), Decimal(amount)) for key, (q, amount) in CLOSING[month].items()}
        assert closing(built) == expected
        on_the_way = Decimal(68 if month == "2026-01" else 0)
        stock = sum((amount for _, amount in expected.values()), on_the_way)
        tie = "select closing_subledger_amount, closing_ledger_amount from reconciliation.tie_out where account_code = '1405'"
        assert built.rows(tie) == [(stock, stock)]
        assert built.rows("select * from reconciliation.reconciliation_break") == []
        assert built.rows("select sum(abs(difference_amount)) from reconciliation.tie_out") == [(Decimal(0),)]
