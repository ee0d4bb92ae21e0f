"""Which account and which rule an amount goes by: the most specific row, and never one of two by chance."""

from __future__ import annotations

from pathlib import Path

from tests.pipeline import tiny
from tests.pipeline.candidates import build_period

RULE = ["rule_id", "event_type", "amount_basis", "warehouse_code", "party_code", "debit_role", "credit_role"]
CHECK = "accounts_and_rules_are_unambiguous"


def test_two_rows_as_specific_as_each_other_stop_the_run_and_are_named(tmp_path: Path) -> None:
    root = tiny.write_books(tmp_path / "books", ["2026-01"])
    roles = [(role, "", "", code) for code, _, role in tiny.ACCOUNTS]
    own = [
        ("inventory", "goods", "", "1405"),
        ("inventory", "", "W", "6401"),
        ("revenue", "goods", "", "6001"),
    ]
    columns = ["account_role", "item_category", "warehouse_code", "account_code"]
    tiny.write(root / "account_map.csv", columns, [*roles, *own])
    sale = ("customer_delivery", "cost")
    rules = [
        ("own-1", *sale, "W", "", "cost_of_sales", "inventory"),
        ("own-2", *sale, "", "C1", "revenue", "inventory"),
    ]
    tiny.write(root / "posting_rules.csv", RULE, rules)
    built = build_period(root, "2026-01", tmp_path / "work")
    assert CHECK in built.failed
    (failure,) = [result for result in built.results if result.name == CHECK]
    told = built.rows(
        f"select distinct file, asked, offered, item_category, warehouse_code from ({failure.sql}) order by file"
    )
    assert told == [
        ("account_map.csv", "inventory", ["1405", "6401"], "goods", "W"),
        ("posting_rules.csv", "customer_delivery/cost", ["own-1", "own-2"], "goods", "W"),
    ]


def test_one_row_more_settles_it(tmp_path: Path) -> None:
    root = tiny.write_books(tmp_path / "books", ["2026-01"])
    roles = [(role, "", "", code) for code, _, role in tiny.ACCOUNTS]
    own = [
        ("inventory", "goods", "", "6401"),
        ("inventory", "", "W", "6001"),
        ("inventory", "goods", "W", "1405"),
    ]
    columns = ["account_role", "item_category", "warehouse_code", "account_code"]
    tiny.write(root / "account_map.csv", columns, [*roles, *own])
    built = build_period(root, "2026-01", tmp_path / "work")
    assert built.failed == []
    accounts = "select distinct account_code from postings.voucher_line where account_role = 'inventory'"
    assert built.rows(accounts) == [("1405",)]
