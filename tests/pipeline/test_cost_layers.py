"""What FIFO and lot issues consumed, as published beside the layers that are open: worked figures and a check that can
fail."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_periods
from tests.pipeline.test_pools import write_lots

pytestmark = pytest.mark.xdist_group("cost_layers")

Layer = tuple[str, str, str | None, str, str]


def layers(built: Built) -> list[Layer]:
    """Kind, issue and receipt by document number, quantity, amount."""
    return [
        (kind, issue or "", source, f"{quantity.normalize():f}", f"{amount}")
        for kind, issue, source, quantity, amount in built.rows(
            """
            select layer_kind, split_part(issue_event_id, ':', 2), split_part(source_event_id, ':', 2), quantity, amount
            from costing.cost_layer order by layer_kind, layer_no
            """
        )
    ]


def write_negative(root: Path, method: str) -> Path:
    """January: 20 at 10 and 10 at 11; 25 leave, then 8 when 5 are left. February: 10 at 12 fill the 3; 4 leave."""
    tiny.write_books(root, ["2026-01", "2026-02"])
    settings = (root / "books.yml").read_text("utf-8").replace("method: moving_average", f"method: {method}")
    (root / "books.yml").write_text(settings, "utf-8")
    months: dict[str, tuple[list[tiny.Row], list[tiny.Row]]] = {
        "2026-01": (
            [("R1", 1, "2026-01-05", "S1", "A", "W", "20", "", "200.00", "0.13"),
             ("R2", 1, "2026-01-06", "S1", "A", "W", "10", "", "110.00", "0.13")],
            [("D1", 1, "2026-01-10", "C1", "A", "W", "25", "20", "500.00", "0.13"),
             ("D2", 1, "2026-01-11", "C1", "A", "W", "8", "20", "160.00", "0.13")],
        ),
        "2026-02": (
            [("R3", 1, "2026-02-05", "S1", "A", "W", "10", "", "120.00", "0.13")],
            [("D3", 1, "2026-02-10", "C1", "A", "W", "4", "20", "80.00", "0.13")],
        ),
    }  # fmt: skip
    for month, (receipts, deliveries) in months.items():
        inbox = root / "inbox" / month
        tiny.write(inbox / "goods_receipt_line.csv", tiny.RECEIPT, receipts)
        tiny.write(inbox / "delivery_line.csv", tiny.DELIVERY, deliveries)
        tiny.write(inbox / "purchase_invoice_line.csv", tiny.INVOICE, [])
    return root


@pytest.fixture(scope="module")
def fifo(tmp_path_factory: pytest.TempPathFactory) -> list[Built]:
    folder = tmp_path_factory.mktemp("fifo")
    return build_periods(write_negative(folder / "books", "fifo"), ["2026-01", "2026-02"], folder / "work")


def test_an_issue_names_the_receipts_it_consumed_and_the_close_the_layers_that_are_left(
    fifo: list[Built],
) -> None:
    january, february = fifo
    assert not january.messages + february.messages
    assert layers(january) == [
        ("consumed", "D1", "R1", "20", "200.00"),
        ("consumed", "D1", "R2", "5", "55.00"),
        ("consumed", "D2", "R2", "5", "55.00"),
    ]
    # The 3 units that D2 took below zero are filled by February's receipt: at 12 instead of the estimated 11.
    assert layers(february) == [
        ("consumed", "D2", "R3", "3", "36.00"),
        ("consumed", "D3", "R3", "4", "48.00"),
        ("open", "", "R3", "3", "36.00"),
    ]


def test_a_lot_issue_consumes_its_lot(tmp_path: Path) -> None:
    root = write_lots(
        tmp_path / "books",
        "method: specific, pool: company",
        [("R1", "05", 2, "20", "L1", "", ""), ("R2", "06", 2, "24", "L2", "", "")],
        [("D1", "10", 1, "30", "L2", "", "")],
    )
    (built,) = build_periods(root, ["2026-01"], tmp_path / "work")
    assert not built.messages
    found = built.rows("select pool_code, layer_kind, quantity, amount from costing.cost_layer order by all")
    assert found == [
        ("*/L1", "open", Decimal(2), Decimal(20)),
        ("*/L2", "consumed", Decimal(1), Decimal(12)),
        ("*/L2", "open", Decimal(1), Decimal(12)),
    ]


@pytest.mark.parametrize("column", ["layer_amount", "layer_quantity"])
@pytest.mark.parametrize("kind", ["layer", "consumption"])
def test_a_cent_or_unit_that_goes_astray_is_found(fifo: list[Built], column: str, kind: str) -> None:
    built = fifo[1]
    (check,) = [result for result in built.results if result.name == "layers_are_consumed_to_the_cent"]
    assert not built.rows(check.sql)
    with duckdb.connect(str(built.database)) as connection:
        connection.execute("begin")
        connection.execute(f"update costing.costed set {column} = {column} + 1 where record_kind = '{kind}'")
        found = connection.execute(check.sql).fetchall()
        connection.execute("rollback")
    assert found
