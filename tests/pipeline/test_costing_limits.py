"""What costing cannot do yet stops the run by name, instead of giving a figure that looks right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import cli
from pipelines.publication import current
from tests.pipeline import tiny

if TYPE_CHECKING:
    import pytest

TRANSFER = ["document_no", "line_no", "document_date", "movement_type", "item_code", "warehouse_code",
            "counterpart_warehouse_code", "quantity"]  # fmt: skip


def test_a_transfer_between_pools_under_periodic_average_is_refused_by_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tiny.write_books(tmp_path / "books", ["2026-01"])
    settings = (root / "books.yml").read_text("utf-8")
    settings = settings.replace(
        "method: moving_average, pool: company", "method: periodic_average, pool: warehouse"
    )
    (root / "books.yml").write_text(
        settings + '  - {table: stock_movement_line, path: "inbox/{period}/transfer.csv"}\n', "utf-8"
    )
    tiny.write(root / "inbox" / "warehouse.csv", ["warehouse_code", "name"], [("W", "主仓"), ("V", "二仓")])
    tiny.write(
        root / "inbox" / "2026-01" / "transfer.csv",
        TRANSFER,
        [("T1", 1, "2026-01-10", "transfer", "A", "W", "V", "2")],
    )
    assert cli.run(["run", "--books", str(root)]) == 1
    told = capsys.readouterr().err
    assert "periodic average" in told
    assert "T1" in told
    assert current(root) == {}
