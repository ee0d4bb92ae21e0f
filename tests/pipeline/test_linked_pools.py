"""Transfers between cost pools: under periodic average every pool's rate knows what came from the others, also
in a circle; within a day goods are valued in the order in which warehouses feed one another."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_period, build_periods

MOVEMENT = ["document_no", "line_no", "document_date", "movement_type", "item_code", "warehouse_code",
            "counterpart_warehouse_code", "quantity", "amount"]  # fmt: skip
Movement = tuple[str, str, str, str, str, str, str]


def write_stock(root: Path, method: str, months: dict[str, list[Movement]]) -> Path:
    """Books of stock movements alone: (document, day, type, from, to, quantity, amount), all of item A."""
    tiny.write_books(root, [])
    settings = (root / "books.yml").read_text("utf-8")
    settings = settings.replace("method: moving_average, pool: company", f"method: {method}, pool: warehouse")
    settings = "\n".join(line for line in settings.splitlines() if "{period}" not in line)
    (root / "books.yml").write_text(
        settings + '\n  - {table: stock_movement_line, path: "inbox/{period}/stock.csv"}\n', "utf-8"
    )
    tiny.write(
        root / "inbox" / "warehouse.csv", ["warehouse_code", "name"], [(code, code) for code in "VWXYZ"]
    )
    for month, rows in months.items():
        tiny.write(
            root / "inbox" / month / "stock.csv",
            MOVEMENT,
            [
                (number, 1, f"{month}-{day}", kind, "A", place, other, quantity, amount)
                for number, day, kind, place, other, quantity, amount in rows
            ],
        )
    return root


def amounts(built: Built) -> dict[tuple[str, str], Decimal]:
    """Document and event type → signed amount."""
    return {
        (document, kind): amount
        for document, kind, amount in built.rows(
            "select document_no, event_type, amount from costing.stock_ledger"
        )
    }


def closing(built: Built) -> dict[str, tuple[Decimal, Decimal]]:
    return {
        place: (quantity, amount)
        for place, quantity, amount in built.rows(
            "select warehouse_code, closing_quantity, closing_amount from marts.stock_summary order by 1"
        )
    }


def test_two_warehouses_that_feed_each_other_are_solved_and_shown(tmp_path: Path) -> None:
    """V opens 100 @ 10 and receives 100 @ 12, W opens 50 @ 9; V→W 80, W→V 20: 874.07 and 203.70."""
    root = write_stock(
        tmp_path / "books",
        "periodic_average",
        {
            "2026-01": [
                ("O1", "01", "opening", "V", "", "100", "1000"),
                ("O2", "01", "opening", "W", "", "50", "450"),
                ("T1", "10", "transfer", "V", "W", "80", ""),
                ("I1", "12", "other_in", "V", "", "100", "1200"),
                ("T2", "11", "transfer", "W", "V", "20", ""),
            ]
        },
    )
    built = build_period(root, "2026-01", tmp_path / "work")
    assert not built.failed
    worth = amounts(built)
    assert worth["T1", "transfer_out"] == Decimal("-874.07") == -worth["T1", "transfer_in"]
    assert worth["T2", "transfer_out"] == Decimal("-203.70") == -worth["T2", "transfer_in"]
    assert closing(built) == {
        "V": (Decimal(140), Decimal("1529.63")),
        "W": (Decimal(110), Decimal("1120.37")),
    }
    assert built.rows(
        "select circle_no, item_code, pool_code, unit_cost from costing.costing_cycle order by 3"
    ) == [
        (1, "A", "V", Decimal("10.925926")),
        (1, "A", "W", Decimal("10.185185")),
    ]


def test_a_chain_of_three_warehouses_takes_the_rest_along(tmp_path: Path) -> None:
    """10.00 for three pieces goes V → W → X within a month, whole; the goods of the next month follow on."""
    root = write_stock(
        tmp_path / "books",
        "periodic_average",
        {
            "2026-01": [
                ("T2", "05", "transfer", "W", "X", "2", ""),
                ("T3", "06", "transfer", "W", "X", "1", ""),
                ("T1", "04", "transfer", "V", "W", "3", ""),
                ("O1", "01", "opening", "V", "", "3", "10.00"),
                ("S1", "07", "other_out", "X", "", "1", ""),
            ],
            "2026-02": [("T4", "01", "transfer", "X", "V", "2", "")],
        },
    )
    january, february = build_periods(root, ["2026-01", "2026-02"], tmp_path / "work")
    assert not january.failed + february.failed
    worth = amounts(january)
    assert worth["T1", "transfer_in"] == Decimal("10.00")
    assert worth["T2", "transfer_in"] + worth["T3", "transfer_in"] == Decimal("10.00")
    assert worth["S1", "other_out"] == Decimal("-3.33")
    assert amounts(february)["T4", "transfer_in"] == Decimal("6.67")
    assert closing(february)["V"] == (Decimal(2), Decimal("6.67"))
    assert january.rows("select count(*) from costing.costing_cycle") == [(0,)]


def test_a_circle_without_an_origin_is_named_and_stops(tmp_path: Path) -> None:
    root = write_stock(
        tmp_path / "books",
        "periodic_average",
        {
            "2026-01": [
                ("O1", "01", "opening", "Z", "", "1", "5"),
                ("T1", "04", "transfer", "V", "W", "3", ""),
                ("T2", "05", "transfer", "W", "V", "3", ""),
            ]
        },
    )
    built = build_period(root, "2026-01", tmp_path / "work")
    assert "costing_has_no_errors" in built.failed
    named = built.rows(
        "select pool.pool_code, linked.error_code from costing.costing_linked as linked "
        "join costing.costing_pool as pool using (pool_no) where record_kind = 'error' order by 1"
    )
    assert named == [("V", "no_rate"), ("W", "no_rate")]


def test_transfers_of_one_day_follow_the_goods(tmp_path: Path) -> None:
    """V → W → X → Y on one day, numbered the other way round: the cost arrives at the end."""
    root = write_stock(
        tmp_path / "books",
        "moving_average",
        {
            "2026-01": [
                ("O1", "01", "opening", "V", "", "2", "7.00"),
                ("T1", "10", "transfer", "X", "Y", "2", ""),
                ("T2", "10", "transfer", "W", "X", "2", ""),
                ("T3", "10", "transfer", "V", "W", "2", ""),
                ("S1", "10", "other_out", "Y", "", "1", ""),
            ]
        },
    )
    built = build_period(root, "2026-01", tmp_path / "work")
    assert not built.failed
    assert amounts(built)["T1", "transfer_in"] == Decimal("7.00")
    assert amounts(built)["S1", "other_out"] == Decimal("-3.50")
