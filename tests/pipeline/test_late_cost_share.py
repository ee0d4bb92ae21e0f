"""Late cost of goods that have left: it goes where their issues went, to the cent, period after period."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_periods
from tests.pipeline.test_production import ROLES

METHODS = ("moving_average", "fifo", "periodic_average")
MOVEMENT = ["document_no", "line_no", "document_date", "movement_type", "item_code", "warehouse_code", "quantity",
            "amount", "production_order_no", "reason_code"]  # fmt: skip
ACCOUNTS = {*ROLES, *((role, code) for code, _, role in tiny.ACCOUNTS)}
Rows = list[tiny.Row]


def write_trade(
    root: Path, policy: str, items: dict[str, str], months: dict[str, tuple[Rows, Rows, Rows, Rows]]
) -> Path:
    """Books of items with a method each; a month has receipts (document, day, item, quantity, amount), sales
    (document, day, item, quantity), invoices (document, item, quantity, net, receipt) and movements
    (document, day, type, item, quantity, amount, order, reason); documents have one line."""
    tiny.write_books(root, [])
    overrides = ", ".join(f"{{item_code: {item}, method: {method}}}" for item, method in items.items())
    settings = (root / "books.yml").read_text("utf-8")
    settings = settings.replace(
        "pool: company}", f"pool: company, late_cost: {policy}, overrides: [{overrides}]}}"
    )
    settings += '  - {table: stock_movement_line, path: "inbox/{period}/stock.csv"}\n'
    (root / "books.yml").write_text(settings, "utf-8")
    tiny.write(root / "account_map.csv", ["account_role", "account_code"], sorted(ACCOUNTS))
    tiny.write(
        root / "inbox" / "item.csv",
        ["item_code", "name", "category", "is_stocked"],
        [(item, item, "goods", "是") for item in [*items, "Z"]],
    )
    for month, (receipts, sales, invoices, movements) in months.items():
        inbox = root / "inbox" / month
        goods = [(d, 1, f"{month}-{day}", "S1", i, "W", q, "", a, "0.13") for d, day, i, q, a in receipts]
        sold = [(d, 1, f"{month}-{day}", "C1", i, "W", q, "10", "", "0.13") for d, day, i, q in sales]
        billed = [
            (d, 1, f"{month}-20", f"{month}-20", "S1", i, q, net, 0, net, r, 1)
            for d, i, q, net, r in invoices
        ]
        moved = [(d, 1, f"{month}-{day}", kind, i, "W", *rest) for d, day, kind, i, *rest in movements]
        for table, header, rows in (
            ("goods_receipt_line", tiny.RECEIPT, goods),
            ("delivery_line", tiny.DELIVERY, sold),
            ("purchase_invoice_line", tiny.INVOICE, billed),
            ("gl_entry_line", tiny.ENTRY, []),
            ("stock", MOVEMENT, moved),
        ):
            tiny.write(inbox / f"{table}.csv", header, rows)
    return root


def posted(built: Built, document: str) -> dict[str, Decimal]:
    """Account → signed amount of the vouchers of a document, without reversals of its estimate."""
    rows = built.rows(
        f"select account_code, sum(signed_amount) from postings.voucher_line where document_no = '{document}' "
        "group by account_code having sum(signed_amount) <> 0"
    )
    return dict(rows)


def shares(built: Built, item: str) -> dict[str | None, Decimal]:
    rows = built.rows(
        f"select original_event_id, amount from costing.late_cost_share where item_code = '{item}'"
    )
    return dict(rows)


def test_half_of_what_was_consumed_went_into_production(tmp_path: Path) -> None:
    """50 estimated at 100, invoiced at 5,200, 20 on hand: 80 to stock, 120 to cost of sales; with 15 of the 30 in
    production 60 each."""
    sold = {f"S{method[0]}": method for method in METHODS}
    made = {f"P{method[0]}": method for method in METHODS}
    january: tuple[Rows, Rows, Rows, Rows] = ([], [], [], [])
    invoices: Rows = []
    for item in (*sold, *made):
        january[0].append((f"R{item}", "05", item, 50, 5000))
        january[1].append((f"D{item}", "10", item, 30 if item in sold else 15))
        invoices.append((f"V{item}", item, 50, 5200, f"R{item}"))
    january[3].extend((f"I{item}", "12", "production_issue", item, 15, "", "MO1", "") for item in made)
    months = {"2026-01": january, "2026-02": ([], [], invoices, [])}
    root = write_trade(tmp_path / "books", "on_hand_share", sold | made, months)
    before, after = build_periods(root, ["2026-01", "2026-02"], tmp_path / "work")
    assert not before.messages + after.messages
    for item in sold:
        assert shares(after, item) == {f"delivery:D{item}:1": Decimal(120)}
        assert posted(after, f"V{item}") == {
            "1405": Decimal(5080),
            "6401": Decimal(120),
            "2202": Decimal(-5200),
        }
    for item in made:
        assert sorted(shares(after, item).values()) == [Decimal(60), Decimal(60)]
        expected = {
            "1405": Decimal(5080),
            "5001": Decimal(60),
            "6401": Decimal(60),
            "2202": Decimal(-5200),
        }
        assert posted(after, f"V{item}") == expected
    process = after.rows(
        "select opening_material_amount, late_cost_amount, closing_material_amount from costing.work_in_process"
    )
    assert process == [(Decimal(4500), Decimal(180), Decimal(4680))]


@pytest.mark.parametrize("policy", ["stock", "on_hand_share"])
def test_nothing_is_left_in_stock(tmp_path: Path, policy: str) -> None:
    """3 units, sold, given away and lost: the 1.00 that comes late is 0.33, 0.33 and 0.34, red under FIFO."""
    items = {method[0].upper(): method for method in METHODS}
    months: dict[str, tuple[Rows, Rows, Rows, Rows]] = {
        "2026-01": ([], [], [], []),
        "2026-02": ([], [], [], []),
        "2026-03": ([], [], [], []),
    }
    for item in items:
        months["2026-01"][0].append((f"R{item}", "05", item, 3, 30))
        months["2026-01"][1].append((f"D{item}", "10", item, 1))
        months["2026-02"][3].extend(
            [
                (f"O{item}", "11", "other_out", item, 1, "", "", "gift"),
                (f"X{item}", "12", "count_loss", item, 1, "", "", ""),
            ]
        )
        months["2026-03"][2].append((f"V{item}", item, 3, "29" if item == "F" else "31", f"R{item}"))
    root = write_trade(tmp_path / "books", policy, items, months)
    built = build_periods(root, list(months), tmp_path / "work")
    assert not [message for one in built for message in one.messages]
    for item in items:
        sign = -1 if item == "F" else 1
        assert posted(built[2], f"V{item}") == {
            "1405": Decimal(30),
            "6401": sign * Decimal("0.33"),
            "6602": sign * Decimal("0.33"),
            "1901": sign * Decimal("0.34"),
            "2202": Decimal(-30 - sign),
        }


def test_a_share_goes_along_to_the_pool_that_the_goods_reached(tmp_path: Path) -> None:
    """Of 50 at W 15 are sold and 15 moved to X, where 5 are given away; 200 late: 80 at W, 60 sold, 60 to X: 40 there,
    20 with the gift."""
    items = {method[0].upper(): method for method in METHODS}
    january: tuple[Rows, Rows, Rows, Rows] = ([], [], [], [])
    invoices: Rows = []
    moved: Rows = []
    for item in items:
        january[0].append((f"R{item}", "05", item, 50, 5000))
        january[1].append((f"D{item}", "10", item, 15))
        moved.append((f"T{item}", 1, "2026-01-11", "transfer", item, "W", "X", 15))
        moved.append((f"O{item}", 1, "2026-01-12", "other_out", item, "X", "", 5))
        invoices.append((f"V{item}", item, 50, 5200, f"R{item}"))
    months = {"2026-01": january, "2026-02": ([], [], invoices, [])}
    root = write_trade(tmp_path / "books", "on_hand_share", items, months)
    settings = (root / "books.yml").read_text("utf-8")
    (root / "books.yml").write_text(settings.replace("pool: company", "pool: warehouse"), "utf-8")
    tiny.write(root / "inbox" / "warehouse.csv", ["warehouse_code", "name"], [("W", "W"), ("X", "X")])
    tiny.write(root / "account_map.csv", ["account_role", "warehouse_code", "account_code"],
               [*((role, "", code) for role, code in sorted(ACCOUNTS)), ("inventory", "X", "1406")])  # fmt: skip
    header = ["document_no", "line_no", "document_date", "movement_type", "item_code", "warehouse_code",
              "counterpart_warehouse_code", "quantity"]  # fmt: skip
    tiny.write(root / "inbox" / "2026-01" / "stock.csv", header, moved)
    before, after = build_periods(root, list(months), tmp_path / "work")
    assert not before.messages + after.messages
    for item in items:
        late = "select warehouse_code, amount from costing.stock_ledger where cause_code = 'late_price' "
        assert after.rows(f"{late} and item_code = '{item}' order by 1") == [
            ("W", Decimal(80)),
            ("X", Decimal(40)),
        ]
        assert sorted(shares(after, item).values()) == [Decimal(20), Decimal(60), Decimal(60)]
        assert posted(after, f"V{item}") == {
            "1405": Decimal(5080),
            "1406": Decimal(40),
            "6401": Decimal(60),
            "6602": Decimal(20),
            "2202": Decimal(-5200),
        }
