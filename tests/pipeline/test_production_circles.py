"""Goods that are made of themselves, and products whose materials are costed by other methods."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.pipeline.candidates import build_period
from tests.pipeline.test_production import Row, worth, write_factory


@pytest.mark.parametrize(
    ("method", "issued", "settled"), [("moving_average", "-51.00", "0.00"), ("fifo", "-50.00", "-1.00")]
)
def test_rework_under_a_perpetual_method_is_solved(
    tmp_path: Path, method: str, issued: str, settled: str
) -> None:
    """M opens 10 @ 10; 5 M and 5.00 of labour make 5 N, 2 N make 2 M again: 12 m = 100 + 2 n, n = m + 1.

    So M costs 10.20 and N 11.20. FIFO takes the 5 M from the opening: what the order then gave too much is
    settled.
    """
    movements: list[Row] = [
        ("O1", "01", "opening", "M", 10, "100.00", ""),
        ("I1", "05", "production_issue", "M", 5, "", "MO1"),
        ("F1", "06", "production_receipt", "N", 5, "", "MO1"),
        ("I2", "07", "production_issue", "N", 2, "", "MO2"),
        ("F2", "08", "production_receipt", "M", 2, "", "MO2"),
    ]
    root = write_factory(
        tmp_path / "books", method, {"2026-01": (movements, [("MO1", "N", "labour", "5.00", "", "")])}
    )
    settings = (root / "account_map.csv").read_text("utf-8")
    (root / "account_map.csv").write_text(settings + "cost_of_sales,6401\n", "utf-8")
    built = build_period(root, "2026-01", tmp_path / "work")
    assert not built.messages
    assert worth(built, "F1") == [Decimal("56.00")]
    assert worth(built, "F2") == [Decimal("22.40")]
    assert worth(built, "I1") == [Decimal(issued)]
    assert built.rows(
        "select sum(settled_amount), sum(closing_material_amount) from costing.work_in_process"
    ) == [(Decimal(settled), Decimal(0))]
    assert built.rows("select item_code, unit_cost from costing.costing_cycle order by 1") == [
        ("M", Decimal("10.2")),
        ("N", Decimal("11.2")),
    ]


def test_a_periodic_product_of_perpetual_materials(tmp_path: Path) -> None:
    """10 M (FIFO) for 50, 5 N (moving average) for 50 and labour of 20 make 10 P, of which 10 stood at 10: 11."""
    movements: list[Row] = [
        ("O1", "01", "opening", "M", 10, "50.00", ""),
        ("O2", "01", "opening", "N", 10, "100.00", ""),
        ("O3", "01", "opening", "P", 10, "100.00", ""),
        ("S1", "02", "other_out", "P", 5, "", ""),
        ("I1", "05", "production_issue", "M", 10, "", "MO1"),
        ("I2", "05", "production_issue", "N", 5, "", "MO1"),
        ("F1", "20", "production_receipt", "P", 10, "", "MO1"),
    ]
    root = write_factory(
        tmp_path / "books",
        "periodic_average",
        {"2026-01": (movements, [("MO1", "P", "labour", "20.00", "", "")])},
    )
    settings = (root / "books.yml").read_text("utf-8")
    others = "overrides: [{item_code: M, method: fifo}, {item_code: N, method: moving_average}]"
    (root / "books.yml").write_text(settings.replace("pool: company}", f"pool: company, {others}}}"), "utf-8")
    built = build_period(root, "2026-01", tmp_path / "work")
    assert not built.messages
    assert worth(built, "F1") == [Decimal("120.00")]
    assert worth(built, "S1") == [Decimal("-55.00")]
