"""Materials issued to production without an order: shared over the products made without one, or said to be nobody's."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_period, build_periods
from tests.pipeline.test_production import Row, in_process, worth, write_factory

ISSUES: list[Row] = [
    ("O1", "01", "opening", "M", 10, "100.00", ""),
    ("I1", "05", "production_issue", "M", 6, "", ""),
    ("B1", "06", "production_return", "M", 1, "", ""),
]
LABOUR: list[Row] = [("", "N", "labour", "5.00", "", ""), ("", "P", "labour", "1.00", "", "")]


def receipts(number: str) -> list[Row]:
    return [
        (f"{number}N", "20", "production_receipt", "N", 5, "", ""),
        (f"{number}P", "20", "production_receipt", "P", 10, "", ""),
    ]


def warned(built: Built) -> list[tuple[str, str]]:
    return built.rows("select expectation, sample from marts.data_quality_result where status = 'failed'")


@pytest.mark.parametrize("method", ["moving_average", "periodic_average"])
def test_materials_wait_with_a_warning_until_the_products_tell(tmp_path: Path, method: str) -> None:
    """50.00 of M stay in January's work in process; in February 20 : 30 of material cost lines share them."""
    material: list[Row] = [("", "N", "材料", "20", "", ""), ("", "P", "材料", "30", "", "")]
    root = write_factory(
        tmp_path / "books",
        method,
        {"2026-01": (ISSUES + receipts("F"), LABOUR), "2026-02": (receipts("G"), LABOUR + material)},
    )
    january, february = build_periods(root, ["2026-01", "2026-02"], tmp_path / "work")
    assert not january.messages + february.messages
    assert worth(january, "FN") + worth(january, "FP") == [Decimal("5.00"), Decimal("1.00")]
    assert in_process(january)["order:"] == (Decimal("50.00"), Decimal(0))
    assert warned(january) == [("materials_have_an_order", "B1, I1")]
    assert worth(february, "GN") + worth(february, "GP") == [Decimal("25.00"), Decimal("31.00")]
    assert set(in_process(february).values()) == {(Decimal(0), Decimal(0))}
    assert not warned(february)


def test_standard_costs_share_materials_too(tmp_path: Path) -> None:
    """5 N at 2.00 and 10 P at 4.00, of which half is done: 10 : 20 of 50 are taken, 20 stay."""
    root = write_factory(
        tmp_path / "books",
        "fifo",
        {"2026-01": ([*ISSUES, *receipts("F")[:1], ("FP", "20", "production_receipt", "P", 5, "", "")],
                     [("", "P", "labour", "1.00", 5, "0")])},
    )  # fmt: skip
    header = ["item_code", "name", "category", "is_stocked", "standard_cost"]
    items = [("M", "M", "goods", "是", ""), ("N", "N", "goods", "是", "2"), ("P", "P", "goods", "是", "4")]
    tiny.write(root / "inbox" / "item.csv", header, items)
    built = build_period(root, "2026-01", tmp_path / "work")
    assert not built.messages
    assert worth(built, "FN") + worth(built, "FP") == [Decimal("10.00"), Decimal("21.00")]
    assert in_process(built)["order:"] == (Decimal("20.00"), Decimal(0))
    assert not warned(built)
