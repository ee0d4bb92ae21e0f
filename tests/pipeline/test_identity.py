"""The identity can fail: a break taken away, or a voucher line changed, makes the checks stop the run."""

from __future__ import annotations

import contextlib

import duckdb
import pytest

from pipelines.transform import load_project
from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_period

pytestmark = pytest.mark.xdist_group("identity")


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """January with a cost of 20.50 in the ledger where the documents say 20.00."""
    folder = tmp_path_factory.mktemp("identity")
    root = tiny.write_books(folder / "books", ["2026-01"])
    ledger = root / "inbox" / "2026-01" / "gl_entry_line.csv"
    text = (
        ledger.read_text("utf-8")
        .replace(",6401,20.00,", ",6401,20.50,")
        .replace(",1405,,20.00,", ",1405,,20.50,")
    )
    ledger.write_text(text, "utf-8")
    return build_period(root, "2026-01", folder / "work")


def failing(built: Built, test: str, change: str) -> int:
    """Rows that the compiled check returns after the change, which is then undone."""
    sql = compiled(built, test)
    with contextlib.closing(duckdb.connect(str(built.database))) as connection:
        connection.execute("begin")
        connection.execute(change)
        found = len(connection.execute(sql).fetchall())
        connection.execute("rollback")
    return found


def compiled(built: Built, test: str) -> str:
    assert f"test.tieout.{test}" in load_project().manifest["nodes"]
    return next(result.sql for result in built.results if result.name == test)


def test_the_difference_is_explained_by_breaks(wrong: Built) -> None:
    assert wrong.failed == []
    found = wrong.rows(
        "select tie_code, difference_amount from reconciliation.reconciliation_break order by 1"
    )
    assert [(tie, str(amount)) for tie, amount in found] == [("cost_of_sales", "0.50"), ("stock", "-0.50")]


@pytest.mark.parametrize(
    ("test", "change"),
    [
        ("every_difference_is_explained", "delete from reconciliation.break_line where tie_code = 'stock'"),
        (
            "every_difference_is_explained",
            "update reconciliation.break_line set difference_amount = difference_amount + 0.01",
        ),
        ("vouchers_move_as_the_registers", "delete from postings.voucher_line where account_code = '1405'"),
        (
            "vouchers_balance",
            "update postings.voucher_line set signed_amount = 0 where account_code = '1405'",
        ),
        ("every_break_has_one_disposition", "update reconciliation.tie_out set timing_amount = 1"),
        ("stock_is_conserved", "update state.cost_state set amount = amount + 1"),
        ("no_row_is_lost", "delete from staging.stg_delivery_line"),
        ("control_totals_survive_typing", "update staging.stg_delivery_line set amount = 0"),
        ("the_chain_is_unbroken", "update reconciliation.roll_forward set is_chained = false"),
        ("every_event_is_valued_once", "delete from costing.costed where event_type = 'customer_delivery'"),
        ("quantity_zero_means_value_zero", "update state.cost_state set quantity = 0"),
        (
            "costing_has_no_errors",
            "update costing.costed set record_kind = 'error' where record_kind = 'movement'",
        ),
    ],
)
def test_a_check_fails_when_what_it_says_no_longer_holds(wrong: Built, test: str, change: str) -> None:
    assert failing(wrong, test, "select 1") == 0
    assert failing(wrong, test, change) > 0
