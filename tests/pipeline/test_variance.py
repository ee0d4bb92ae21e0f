"""The variance of planned prices goes with the goods: to what issues cost, to orders, and the rest to next month."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.costing.cases import FOLDER
from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_period, build_periods

ITEMS = [("A", "M1", 10), ("B", "M1", 20), ("C", "M2", 5), ("E", "M3", 10), ("F", "M3", 10), ("P", "M3", 50)]
ACCOUNTS = [*tiny.ACCOUNTS, ("1404", "材料成本差异", "material_variance"), ("1406", "发出商品", "goods_shipped"),
            ("5001", "生产成本", "production_cost"), ("1408", "委托加工物资", "subcontract_material"),
            ("1901", "待处理财产损溢", "pending_property"), ("6602", "管理费用", "admin_expense"),
            ("6405", "采购差异", "purchase_variance")]  # fmt: skip
MOVEMENT = ["document_no", "line_no", "document_date", "movement_type", "item_code", "warehouse_code",
            "quantity", "amount", "production_order_no", "unit_cost"]  # fmt: skip
OPENING = ["kind", "document_no", "item_code", "amount"]

# M1 (A and B): 40,000 planned with 1,200 of variance, 60,000 come for 59,700, 70,000 leave at 0.9 %: 450 with what
# is sold, 72 with what is used, 108 into the order; 270 stay on 30,000.
# M2 (C): 500 planned come for 520, 500 for an estimate of 600 that is left out: 20 on 500 is 4 %, so 10 with the 250
# that are sold; 110 stay.
# February: 1,000 of A come back at 270 ÷ 30,000: −9. The estimate is billed at 570: 110 − 30 = 80 on 750, of which 375
# are sold: 40.
JANUARY: dict[str, list[tiny.Row]] = {
    "goods_receipt_line": [
        ("R1", 1, "2026-01-05", "S1", "A", "W", 6000, "", 60000, "0"),
        ("R2", 1, "2026-01-06", "S1", "C", "W", 100, "", 510, "0"),
        ("R3", 1, "2026-01-07", "S1", "C", "W", 100, "", 600, "0"),
    ],
    "purchase_invoice_line": [
        ("P1", 1, "2026-01-08", "2026-01-08", "S1", "A", 6000, 59700, 0, 59700, "R1", 1),
        ("P2", 1, "2026-01-08", "2026-01-08", "S1", "C", 100, 520, 0, 520, "R2", 1),
    ],
    "delivery_line": [
        ("D1", 1, "2026-01-20", "C1", "A", "W", 5000, 20, 100000, "0"),
        ("D2", 1, "2026-01-21", "C1", "C", "W", 50, 10, 500, "0"),
    ],
    "stock": [
        ("O1", 1, "2026-01-01", "opening", "A", "W", 3000, 30000, "", ""),
        ("O2", 1, "2026-01-01", "opening", "B", "W", 500, 10000, "", ""),
        ("U1", 1, "2026-01-22", "other_out", "B", "W", 400, "", "", ""),
        ("L1", 1, "2026-01-23", "production_issue", "A", "W", 1200, "", "MO1", ""),
    ],
}  # fmt: skip
FEBRUARY: dict[str, list[tiny.Row]] = {
    "goods_receipt_line": [],
    "purchase_invoice_line": [("P3", 1, "2026-02-10", "2026-02-10", "S1", "C", 100, 570, 0, 570, "R3", 1)],
    "delivery_line": [
        ("D3", 1, "2026-02-05", "C1", "A", "W", -100, 20, -2000, "0"),
        ("D4", 1, "2026-02-20", "C1", "C", "W", 75, 10, 750, "0"),
    ],
    "stock": [],
}  # fmt: skip
# E: 100 in stock, 100 bought for 1,100, 10 given back for a credit of 110 that is still open: 100 of variance on
# 2,000. 200 go to a subcontractor (10), 300 into an order and 100 back (15 and −5), 50 are missing (2.50). The order is
# done: its 200 made a P at 50, which leaves 150 of variance, and the 10 that come later are settled.
# F: 100 revalued from 10 to 9, so 100 of variance on 900, and half of it is used.
MORE: dict[str, list[tiny.Row]] = {
    "goods_receipt_line": [
        ("R5", 1, "2026-01-05", "S1", "E", "W", 100, "", 1000, "0"),
        ("R6", 1, "2026-01-06", "S1", "E", "W", -10, "", -110, "0"),
    ],
    "purchase_invoice_line": [("P5", 1, "2026-01-08", "2026-01-08", "S1", "E", 100, 1100, 0, 1100, "R5", 1)],
    "stock": [
        ("O5", 1, "2026-01-01", "opening", "E", "W", 100, 1000, "", ""),
        ("O6", 1, "2026-01-01", "opening", "F", "W", 100, 1000, "", ""),
        ("W5", 1, "2026-01-10", "subcontract_issue", "E", "W", 20, "", "WW1", ""),
        ("L5", 1, "2026-01-11", "production_issue", "E", "W", 30, "", "MO2", ""),
        ("L6", 1, "2026-01-12", "production_return", "E", "W", 10, "", "MO2", ""),
        ("L7", 1, "2026-01-13", "production_receipt", "P", "W", 1, "", "MO2", ""),
        ("N5", 1, "2026-01-14", "count_loss", "E", "W", 5, "", "", ""),
        ("V6", 1, "2026-01-10", "revaluation", "F", "W", 0, "", "", 9),
        ("U6", 1, "2026-01-12", "other_out", "F", "W", 50, "", "", ""),
    ],
}  # fmt: skip
LEDGER = {
    "2026-01": [
        ("", "", [("1405", "40000", ""), ("1404", "1200", ""), ("4001", "", "41200")]),
        ("purchase_invoice", "P1", [("1405", "59700", ""), ("2202", "", "59700")]),
        ("goods_receipt", "R1", [("1405", "300", ""), ("1404", "", "300")]),
        ("purchase_invoice", "P2", [("1405", "520", ""), ("2202", "", "520")]),
        ("goods_receipt", "R2", [("1404", "20", ""), ("1405", "", "20")]),
        ("goods_receipt", "R3", [("1405", "600", ""), ("220202", "", "600")]),
        ("goods_receipt", "R3", [("1404", "100", ""), ("1405", "", "100")]),
        tiny.sale("D1", "100000", "100000", "", "50000"),
        tiny.sale("D2", "500", "500", "", "250"),
        ("other_out", "U1", [("6602", "8000", ""), ("1405", "", "8000")]),
        ("production_issue", "L1", [("5001", "12000", ""), ("1405", "", "12000")]),
        ("variance_allocation", "2026-01", [("6401", "460", ""), ("6602", "72", ""), ("5001", "108", ""), ("1404", "", "640")]),
    ],
    "2026-02": [
        ("goods_receipt", "R3", [("1405", "-600", ""), ("220202", "", "-600")]),
        ("purchase_invoice", "P3", [("1405", "570", ""), ("2202", "", "570")]),
        ("purchase_invoice", "P3", [("1405", "30", ""), ("1404", "", "30")]),
        tiny.sale("D3", "-2000", "-2000", "", "-1000"),
        tiny.sale("D4", "750", "750", "", "375"),
        ("variance_allocation", "2026-02", [("6401", "31", ""), ("1404", "", "31")]),
    ],
}  # fmt: skip


def write_planned(
    root: Path, standard: str = "cas", costing: str = "", posting: str = "", more: bool = False
) -> Path:
    """Books at planned cost: two categories, two months, and a ledger that was kept by hand."""
    tiny.write_books(root, [])
    settings = (root / "books.yml").read_text("utf-8").replace("standard: cas", f"standard: {standard}")
    settings = settings.replace(
        "method: moving_average, pool: company", "method: standard, pool: company" + costing
    )
    settings = settings.replace("extracts:\n", f"{posting}extracts:\n")
    settings += '  - {table: stock_movement_line, path: "inbox/{period}/stock.csv"}\n'
    settings += "  - {table: opening_item_line, path: inbox/opening.csv}\n"
    (root / "books.yml").write_text(settings, "utf-8")
    inbox = root / "inbox"
    tiny.write(
        root / "account_map.csv", ["account_role", "account_code"], [(r, code) for code, _, r in ACCOUNTS]
    )
    names = [(code, name) for code, name, _ in [*ACCOUNTS, ("4001", "实收资本", "")]]
    tiny.write(inbox / "account.csv", ["account_code", "name"], names)
    header = ["item_code", "name", "category", "standard_cost", "is_stocked"]
    tiny.write(inbox / "item.csv", header, [(code, code, kind, cost, "是") for code, kind, cost in ITEMS])
    tiny.write(inbox / "opening.csv", OPENING, [("variance", "1404", "A", 1200)])
    headers = {"goods_receipt_line": tiny.RECEIPT, "purchase_invoice_line": tiny.INVOICE,
               "delivery_line": tiny.DELIVERY, "stock": MOVEMENT}  # fmt: skip
    for month, tables in (("2026-01", JANUARY), ("2026-02", FEBRUARY)):
        for table, rows in tables.items():
            also = MORE.get(table, []) if more and month == "2026-01" else []
            tiny.write(inbox / month / f"{table}.csv", headers[table], [*rows, *also])
        lines = [
            (*row, "" if row[-1] else "opening") for row in tiny.entries(month, f"{month}-28", *LEDGER[month])
        ]
        tiny.write(inbox / month / "gl_entry_line.csv", [*tiny.ENTRY, "voucher_kind"], lines)
    return root


def shares(built: Built) -> dict[str, Decimal]:
    return dict(built.rows("select document_no, amount from costing.variance_share"))


def left(built: Built) -> dict[str, Decimal]:
    """Category → variance that stays on the account."""
    query = "select category, sum(amount) from state.variance inner join staging.stg_item using (item_code) group by category"
    return dict(built.rows(query))


def test_the_variance_goes_where_the_cost_of_the_issues_went(tmp_path: Path) -> None:
    january, february = build_periods(
        write_planned(tmp_path / "books"), ["2026-01", "2026-02"], tmp_path / "work"
    )
    assert not january.messages + february.messages
    assert shares(january) == {"D1": 450, "U1": 72, "L1": 108, "D2": 10}
    assert left(january) == {"M1": 270, "M2": 110}
    assert shares(february) == {"D3": -9, "D4": 40}
    assert left(february) == {"M1": 279, "M2": 40}
    for built, closing in ((january, 380), (february, 319)):
        assert built.rows("select * from reconciliation.reconciliation_break") == []
        tie = "select closing_subledger_amount, closing_ledger_amount from reconciliation.tie_out where tie_code = 'variance'"
        assert built.rows(tie) == [(closing, closing)]
    process = "select material_amount, late_cost_amount, closing_material_amount from costing.work_in_process"
    assert january.rows(process) == [(12000, 108, 12108)]
    assert february.rows(
        "select opening_material_amount, closing_material_amount from costing.work_in_process"
    ) == [(12108, 12108)]


def test_the_golden_figures_are_those_of_the_first_category() -> None:
    path = FOLDER / "golden.json"
    if not path.is_file():
        pytest.skip("the worked cases are not delivered with the code")
    golden = json.loads(path.read_text("utf-8"))
    found = [value for part in (golden, *golden.values()) if isinstance(part, dict)
             for name, value in part.items() if name == "material_variance"]  # fmt: skip
    assert [(one["issued_var"], one["end_var"]) for one in found] == [("630.00", "270.00")]


def test_a_rate_for_each_item_and_cost_that_waits_for_the_invoice(tmp_path: Path) -> None:
    """A: 900 on 90,000 is 1 %; B has none. What is shipped keeps its share on goods shipped."""
    posting = "posting: {cost_of_sales_on: invoice}\n"
    root = write_planned(tmp_path / "books", costing=", variance_scope: item", posting=posting, more=True)
    built = build_period(root, "2026-01", tmp_path / "work")
    assert not built.messages
    expected = {
        "D1": "500",
        "L1": "120",
        "D2": "10",
        "W5": "10",
        "L5": "15",
        "L6": "-5",
        "N5": "2.50",
        "U6": "50",
    }
    assert shares(built) == {document: Decimal(amount) for document, amount in expected.items()}
    shipped = "select document_no, closing_amount from costing.shipment_balance order by all"
    assert built.rows(shipped) == [("D1", 50500), ("D2", 260)]
    orders = "select order_key, late_cost_amount, settled_amount, closing_material_amount from costing.work_in_process order by all"
    assert built.rows(orders) == [
        ("order:MO1", 120, 0, 12120),
        ("order:MO2", 10, 10, 0),
        ("order:WW1", 10, 0, 210),
    ]
    posted = (
        "select account_code, sum(signed_amount) from postings.voucher_line "
        "where document_type = 'variance_allocation' group by all order by all"
    )
    assert built.rows(posted) == [
        ("1404", Decimal("-702.50")),
        ("1406", 510),
        ("1408", 10),
        ("1901", Decimal("2.50")),
        ("5001", 130),
        ("6602", 50),
    ]
    assert left(built) == {"M1": 280, "M2": 110, "M3": Decimal("267.50")}


def test_where_variances_are_profit_and_loss_nothing_is_allocated(tmp_path: Path) -> None:
    built = build_period(write_planned(tmp_path / "books", "anglo_saxon"), "2026-01", tmp_path / "work")
    assert not built.messages
    assert shares(built) == {}
    posted = (
        "select distinct account_code from postings.voucher_line "
        "where amount_basis in ('net_difference', 'cost_difference')"
    )
    assert ("6405",) in built.rows(posted)
    assert built.rows("select * from postings.voucher_line where account_role = 'material_variance'") == []
