"""Clean is clean: books that the generator's own accounting kept have no break, whatever the seed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.demo import generate
from tests.pipeline.candidates import build_periods


@pytest.mark.parametrize("seed", range(1, 11))
def test_a_clean_example_has_no_break_and_ties_to_the_cent(seed: int, tmp_path: Path) -> None:
    generate(tmp_path / "books", periods=2, documents=60, seed=seed)
    for built in build_periods(tmp_path / "books", ["2026-01", "2026-02"], tmp_path / "work"):
        assert built.failed == []
        assert built.rows("select * from reconciliation.reconciliation_break") == []
        ties = built.rows(
            "select tie_code, sum(abs(difference_amount)), count(*) from reconciliation.tie_out "
            "group by tie_code"
        )
        assert {difference for _, difference, _ in ties} == {Decimal("0.00")}
        assert {
            "stock",
            "payables",
            "receivables",
            "estimated_receipts",
            "input_vat",
            "output_vat",
            "revenue",
            "cost_of_sales",
            "work_in_process",
            "subcontract",
            "variance",
        } <= {tie for tie, _, _ in ties}
        assert built.rows("select verdict from marts.verdict") == [("ready",)]
        assert built.rows("select count(*) from marts.rejected_row") == [(0,)]
