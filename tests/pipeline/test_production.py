"""Production, subcontract and conversion from documents to work in process: worked figures, period after period."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_period, build_periods

MOVEMENT = ["document_no", "line_no", "document_date", "movement_type", "item_code", "warehouse_code", "quantity",
            "amount", "production_order_no"]  # fmt: skip
COST = [
    "period",
    "production_order_no",
    "item_code",
    "cost_element",
    "amount",
    "wip_quantity",
    "stage_percent",
]
ROLES = [
    ("inventory", "1405"), ("production_cost", "5001"), ("conversion_cost", "5101"), ("subcontract_material", "1408"),
    ("subcontract_fee", "2202"), ("pending_property", "1901"), ("other_income", "6301"), ("admin_expense", "6602"),
]  # fmt: skip

NOTHING = (Decimal(0), Decimal(0))

Row = tuple[object, ...]


def write_factory(root: Path, method: str, months: dict[str, tuple[list[Row], list[Row]]]) -> Path:
    """Books of stock movements (document, day, type, item, quantity, amount, order) and production costs
    (order, item, element, amount, quantity in process, stage)."""
    tiny.write_books(root, [])
    settings = (root / "books.yml").read_text("utf-8").replace("method: moving_average", f"method: {method}")
    settings = "\n".join(line for line in settings.splitlines() if "{period}" not in line)
    for table in ("stock_movement_line", "production_cost_line"):
        settings += f'\n  - {{table: {table}, path: "inbox/{{period}}/{table}.csv"}}'
    (root / "books.yml").write_text(settings + "\n", "utf-8")
    tiny.write(root / "account_map.csv", ["account_role", "account_code"], ROLES)
    items = [(code, code, "goods", "是") for code in "MNPQRT"]
    tiny.write(root / "inbox" / "item.csv", ["item_code", "name", "category", "is_stocked"], items)
    for month, (movements, costs) in months.items():
        tiny.write(
            root / "inbox" / month / "stock_movement_line.csv",
            MOVEMENT,
            [
                (number, line, f"{month}-{day}", kind, item, "W", quantity, amount, order)
                for line, (number, day, kind, item, quantity, amount, order) in enumerate(movements, 1)
            ],
        )
        tiny.write(
            root / "inbox" / month / "production_cost_line.csv", COST, [(month, *cost) for cost in costs]
        )
    return root


def worth(built: Built, document: str) -> list[Decimal]:
    rows = built.rows(
        f"select amount from costing.stock_ledger where document_no = '{document}' order by line_no"
    )
    return [amount for (amount,) in rows]


def in_process(built: Built) -> dict[str, tuple[Decimal, Decimal]]:
    return {
        order: (material, conversion)
        for order, material, conversion in built.rows(
            "select order_key, closing_material_amount, closing_conversion_amount from costing.work_in_process"
        )
    }


@pytest.mark.parametrize("method", ["moving_average", "fifo", "periodic_average"])
def test_material_goes_by_quantity_and_conversion_by_equivalent_units(tmp_path: Path, method: str) -> None:
    """60,000 material + 20,000 conversion, 80 of 100 done, 20 at 50 %: 65,777.78 completed, 14,222.22 in
    process; the rest is finished in the next month."""
    root = write_factory(
        tmp_path / "books",
        method,
        {
            "2026-01": (
                [
                    ("O1", "01", "opening", "M", 600, "60000", ""),
                    ("S1", "08", "other_out", "P", 10, "", ""),
                    ("F1", "20", "production_receipt", "P", 80, "", "MO1"),
                    ("I1", "05", "production_issue", "M", 700, "", "MO1"),
                    ("B1", "06", "production_return", "M", 100, "", "MO1"),
                    ("A1", "02", "other_in", "M", 100, "10000", ""),
                ],
                [("MO1", "P", "labour", "12000", 20, "50%"), ("MO1", "P", "overhead", "8000", 20, "50%")],
            ),
            "2026-02": (
                [("F2", "10", "production_receipt", "P", 20, "", "MO1")],
                [("MO1", "P", "labour", "1000", "", "")],
            ),
        },
    )
    january, february = build_periods(root, ["2026-01", "2026-02"], tmp_path / "work")
    assert not january.messages + february.messages
    assert worth(january, "F1") == [Decimal("65777.78")]
    assert in_process(january) == {"order:MO1": (Decimal("12000.00"), Decimal("2222.22"))}
    assert worth(january, "S1") == [Decimal("-8222.22")]
    assert worth(february, "F2") == [Decimal("15222.22")]
    assert in_process(february) == {"order:MO1": NOTHING}
    for built, balance in ((january, "14222.22"), (february, "0.00")):
        account = "select closing_subledger_amount from reconciliation.tie_out where account_code = '5001'"
        assert built.rows(account) == [(Decimal(balance),)]


def test_a_product_of_a_product_is_valued_after_it(tmp_path: Path) -> None:
    """M makes N makes P, though P's documents come first in the month; a by-product keeps its own amount, and the
    total below an order's costs is none.
    """
    root = write_factory(
        tmp_path / "books",
        "moving_average",
        {
            "2026-01": (
                [
                    ("O1", "01", "opening", "M", 10, "100.00", ""),
                    ("F2", "05", "production_receipt", "P", 3, "", "MO2"),
                    ("I2", "06", "production_issue", "N", 3, "", "MO2"),
                    ("F1", "20", "production_receipt", "N", 3, "", "MO1"),
                    ("Q1", "20", "production_receipt", "Q", 1, "10.00", "MO1"),
                    ("I1", "21", "production_issue", "M", 10, "", "MO1"),
                ],
                [("MO2", "P", "labour", "9.99", "", ""), ("MO2", "P", "合计", "9.99", "", "")],
            )
        },
    )
    built = build_period(root, "2026-01", tmp_path / "work")
    assert not built.messages
    delivered = (
        "select document_no, source_row from marts.document_line where document_type = 'production_cost'"
    )
    assert built.rows(delivered) == [("MO2", 2)]
    assert built.rows("select row_no, column_name, reason_code from marts.rejected_row") == [
        (3, "cost_element", "total_row")
    ]
    assert worth(built, "F1") == [Decimal("90.00")]
    assert worth(built, "F2") == [Decimal("99.99")]
    assert set(in_process(built).values()) == {NOTHING}


@pytest.mark.parametrize("method", ["moving_average", "periodic_average"])
def test_subcontract_and_conversion_keep_every_cent(tmp_path: Path, method: str) -> None:
    """12 of M go out at 10, 2 come back unused; the rest becomes 3 N with a fee of 10.00; N becomes P and Q by
    conversion, by their quantities; Q is taken apart into R and T, by the amounts stated; T is scrapped."""
    root = write_factory(
        tmp_path / "books",
        method,
        {
            "2026-01": (
                [
                    ("O1", "01", "opening", "M", 12, "120.00", ""),
                    ("I1", "02", "subcontract_issue", "M", 12, "", "WO1"),
                    ("C1", "10", "conversion", "P", 2, "", ""),
                    ("C1", "10", "conversion", "N", -3, "", ""),
                    ("C1", "10", "conversion", "Q", 1, "", ""),
                    ("F1", "09", "subcontract_receipt", "N", 3, "10.00", "WO1"),
                    ("B1", "03", "委外退料", "M", 2, "", "WO1"),
                    ("K1", "11", "拆卸", "Q", -1, "", ""),
                    ("K1", "11", "拆卸", "R", 1, "1.00", ""),
                    ("K1", "11", "拆卸", "T", 1, "2.00", ""),
                    ("X1", "12", "scrap", "T", 1, "", ""),
                ],
                [],
            )
        },
    )
    built = build_period(root, "2026-01", tmp_path / "work")
    assert not built.messages
    assert worth(built, "F1") == [Decimal("110.00")]
    assert worth(built, "C1") == [Decimal("73.33"), Decimal("-110.00"), Decimal("36.67")]
    assert worth(built, "B1") == [Decimal("20.00")]
    assert worth(built, "K1") == [Decimal("-36.67"), Decimal("12.22"), Decimal("24.45")]
    assert worth(built, "X1") == [Decimal("-24.45")]
    assert in_process(built) == {"order:WO1": NOTHING}
    returned = (
        "select account_code, signed_amount from postings.voucher_line where document_no = 'B1' order by 1"
    )
    assert built.rows(returned) == [("1405", Decimal("20.00")), ("1408", Decimal("-20.00"))]
    assert built.rows("select document_no, line_no from marts.document_line where document_type = 'conversion'") == [
        ("C1", 3), ("C1", 4), ("C1", 5)
    ]  # fmt: skip


def test_what_was_in_process_before_the_first_period_opens_the_account(tmp_path: Path) -> None:
    """500.00 in process at the start and nothing issued: 4 of 10 pieces take 200.00, the rest stays."""
    root = write_factory(
        tmp_path / "books",
        "moving_average",
        {
            "2026-01": (
                [("F1", "20", "production_receipt", "P", 4, "", "MO1")],
                [("MO1", "P", "labour", "0", 6, "0")],
            ),
            "2026-02": ([("F2", "10", "production_receipt", "P", 6, "", "MO1")], []),
        },
    )
    opening = "\n  - {table: opening_item_line, path: inbox/opening_item_line.csv}\n"
    (root / "books.yml").write_text((root / "books.yml").read_text("utf-8").rstrip() + opening, "utf-8")
    columns = [
        "kind",
        "document_no",
        "line_no",
        "document_date",
        "production_order_no",
        "item_code",
        "amount",
    ]
    open_order = ("wip", "MO1", 1, "2025-12-31", "MO1", "P", "500.00")
    tiny.write(root / "inbox" / "opening_item_line.csv", columns, [open_order])
    months = build_periods(root, ["2026-01", "2026-02"], tmp_path / "work")
    assert not [message for month in months for message in month.messages]
    balance = (
        "select opening_subledger_amount, closing_subledger_amount from reconciliation.tie_out "
        "where account_code = '5001'"
    )
    assert [month.rows(balance) for month in months] == [[(500, 300)], [(300, 0)]]
    assert worth(months[0], "F1") + worth(months[1], "F2") == [200, 300]


def test_a_receipt_without_any_cost_is_an_error(tmp_path: Path) -> None:
    root = write_factory(
        tmp_path / "books",
        "moving_average",
        {"2026-01": ([("F1", "05", "production_receipt", "P", 3, "", "MO1")], [])},
    )
    built = build_period(root, "2026-01", tmp_path / "work")
    assert "costing_has_no_errors" in built.failed


def test_words_for_material_and_loss_are_known_and_any_other_cost_is_conversion(tmp_path: Path) -> None:
    """100.00 of material, told again among the costs and not added; 30.00 of fuel; 10.00 lost: the product is 120.00."""
    root = write_factory(
        tmp_path / "books",
        "moving_average",
        {
            "2026-01": (
                [
                    ("O1", "01", "opening", "M", 10, "100.00", ""),
                    ("I1", "05", "production_issue", "M", 10, "", "MO1"),
                    ("F1", "20", "production_receipt", "P", 4, "", "MO1"),
                ],
                [
                    ("MO1", "P", "直接材料", "100.00", "", ""),
                    ("MO1", "P", "燃料动力", "30.00", "", ""),
                    ("MO1", "P", "非正常损失", "10.00", "", ""),
                ],
            )
        },
    )
    built = build_period(root, "2026-01", tmp_path / "work")
    assert not built.messages
    assert not built.rows("select * from marts.rejected_row")
    assert worth(built, "F1") == [Decimal("120.00")]
    assert in_process(built) == {"order:MO1": NOTHING}
    posted = "select account_code, signed_amount from postings.voucher_line where document_type = 'production_cost'"
    assert set(built.rows(posted)) == {
        ("5001", Decimal(30)),
        ("5101", Decimal(-30)),
        ("1901", Decimal(10)),
        ("5001", Decimal(-10)),
    }
