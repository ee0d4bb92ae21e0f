"""`tieout rules`: what is in force, under which conditions, on which accounts, and what has no account yet."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from pipelines import cli
from pipelines.rules import STANDARD
from tests.pipeline import tiny

RULE = ["rule_id", "rule_version", "event_type", "amount_basis", "reason_code", "debit_role", "credit_role"]
OWN = [
    ("cas-scrap", 2, "scrap", "cost", "", "admin_expense", "inventory"),
    ("own-gift", 1, "other_out", "cost", "GIFT", "selling_expense", "inventory"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tiny.write_books(tmp_path / "books", [])
    roles = [(role, "", code) for code, _, role in tiny.ACCOUNTS]
    columns = ["account_role", "item_category", "account_code"]
    tiny.write(root / "account_map.csv", columns, [*roles, ("inventory", "raw", "1403")])
    tiny.write(root / "posting_rules.csv", RULE, OWN)
    return root


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert cli.run(["rules", *arguments, "--format", "json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_the_books_own_rules_join_those_of_their_standard_or_replace_them(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = listed(capsys, "--books", str(root))
    with STANDARD.open(encoding="utf-8") as handle:
        cas = [row["rule_id"] for row in csv.DictReader(handle) if row["rule_set"] == "cas"]
    assert len(rules) == len(cas) + 1
    (scrap,) = [rule for rule in rules if rule["event_type"] == "scrap"]
    assert (scrap["rule_id"], scrap["debit"]) == ("cas-scrap v2 *", "admin_expense: ?")
    gift, plain = [rule for rule in rules if rule["event_type"] == "other_out"][::-1]
    assert (gift["conditions"], plain["conditions"]) == ("reason_code=GIFT", "")
    assert gift["credit"] == "inventory: 1403 (item_category=raw); 1405"


def test_roles_without_an_account_are_lines_for_the_account_map(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["rules", "other_out", "--books", str(root)]) == 0
    table, lines = capsys.readouterr().out.split("account_map.csv")
    assert "own-gift v1 *" in table
    assert lines.splitlines()[1:] == ["admin_expense,", "selling_expense,"]


def test_an_event_that_no_rule_knows_is_told_with_those_that_are_known(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["rules", "barter", "--books", str(root)]) == 2
    assert "customer_delivery" in capsys.readouterr().err
