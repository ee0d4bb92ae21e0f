"""Books are read whole or refused with file, line and what is allowed; equal books have one fingerprint."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from pipelines import books_schema
from pipelines.books import load_books, write_settings
from pipelines.messages import UsageError
from pipelines.period import Period, parse_period, period_of, periods_between

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
books: demo
name: 示例制造有限公司
standard: cas
first_period: 2026-01
costing:
  method: moving_average
  pool: warehouse
  overrides: [{category: RAW, method: periodic_average}]
materiality: {default: 0.10, accounts: {"1405": {rate: 0.001, floor: 5}}}
document_types: {采购入库单: goods_receipt}
extracts:
  - table: goods_receipt_line
    path: inbox/{period}/采购入库*.xlsx
    columns: {price_includes_tax: "=true"}
  - {table: item, path: "inbox/存货.csv"}
"""
ACCOUNTS = "科目角色,存货分类,税率,科目编码\ninventory,RAW,,1403\ninput_vat,,13%,222101\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "books.yml").write_text(GOOD, "utf-8")
    (tmp_path / "account_map.csv").write_text(ACCOUNTS, "utf-8")
    return tmp_path


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return connection.execute(sql).fetchall()


def change(root: Path, old: str, new: str) -> Path:
    assert old in GOOD
    (root / "books.yml").write_text(GOOD.replace(old, new), "utf-8")
    return root


def refused(root: Path, file: str = "books.yml") -> UsageError:
    with pytest.raises(UsageError) as raised:
        load_books(root)
    assert file in raised.value.text("zh")
    assert file in raised.value.text("en")
    return raised.value


def test_what_is_not_said_has_the_documented_default(root: Path) -> None:
    books = load_books(root)
    assert books.root == root
    assert (books.currency, books.taxpayer, books.periods) == ("CNY", "general", "calendar_month")
    assert books.costing.customer_return == "original_cost"
    assert books.posting.estimated_receipts == "month_start_reversal"
    assert books.materiality.default == Decimal("0.10")
    assert books.materiality.accounts["1405"].floor == 5
    assert books.extracts[0].columns == {"price_includes_tax": "=true"}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("  pool: warehouse", "  pol: warehouse", 7, "did you mean pool"),
        ("books: demo", "boks: demo", 1, "did you mean books"),
        ("    path: inbox/{period}", "    pathh: inbox/{period}", 13, "did you mean path"),
        ("method: moving_average", "method: lifo", 6, "fifo, moving_average"),
        ("standard: cas", "standard: ifrs", 3, "cas, small_business, anglo_saxon"),
        ("standard: cas", "standard: continental", 3, "continental of standard is not available yet"),
        ("category: RAW, ", "", 8, "either a category or an item_code"),
        ("standard: cas", "currency: JPY\nstandard: cas", 3, "JPY has 0 decimals"),
        ("standard: cas", "currency: KWD\nstandard: cas", 3, "KWD has 3 decimals"),
        ("first_period: 2026-01", "first_period: 2026-13", 4, "2026-13"),
        ("name: 示例制造有限公司", "periods: [{code: A}]\nname: x", 2, "not available yet"),
        ("standard: cas", "standard: cas\nstandard: cas", 4, "given twice"),
        ("standard: cas\n", "", 1, "standard is missing"),
        ("default: 0.10", "default: 0.105", 9, "materiality.default"),
        ("default: 0.10", "default: -1", 9, "materiality.default"),
        ("table: item,", "table: itme,", 15, "item"),
        ("table: item,", "table: settlement_line,", 15, "not processed yet"),
        ("table: item,", "auxiliary: true,", 15, "needs a name"),
        ('path: "inbox/存货.csv"', "database: x", 15, "not available yet"),
        ("price_includes_tax:", "price_include_tax:", 14, "did you mean price_includes_tax"),
        ("inbox/存货.csv", "${NO_SUCH_FOLDER}/存货.csv", 15, "NO_SUCH_FOLDER is not set"),
        ("books: demo", "books: [demo", 2, "not valid YAML"),
        ("document_types", "account_map: []\ndocument_types", 10, "account_map"),
        ("books: demo", "books: demo\nschema: 2", 2, "of version 2, this program reads up to version 1"),
        ("books: demo", "books: demo\nschema: 0", 2, "no longer be turned into version 1"),
        ("books: demo", "books: demo\nschema: one", 2, "whole number"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(root: Path, old: str, new: str, line: int, said: str) -> None:
    error = refused(change(root, old, new))
    assert error.fields["line"] == line
    assert said in error.text("en")


def test_the_version_is_optional_and_decides_nothing_else(root: Path) -> None:
    without = load_books(root).fingerprint()
    assert load_books(change(root, "books: demo", "schema: 1\nbooks: demo")).fingerprint() == without


def test_an_older_version_is_migrated_in_memory(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version in which `standard` was called `gaap`, as a step would turn it into the present one."""
    expected = load_books(root)
    change(root, "standard: cas", "gaap: cas")
    before = (root / "books.yml").read_bytes()
    monkeypatch.setattr(books_schema, "CURRENT", 2)
    monkeypatch.setitem(
        books_schema.STEPS,
        1,
        lambda old: {{"gaap": "standard"}.get(key, key): value for key, value in old.items()},
    )
    assert load_books(root) == expected
    assert (root / "books.yml").read_bytes() == before


def test_an_older_version_without_a_step_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books_schema, "CURRENT", 3)
    monkeypatch.setitem(books_schema.STEPS, 2, dict)
    error = refused(root)
    assert "版本是 1" in error.text("zh")
    assert "tieout init" in error.text("zh")


def test_missing_files_are_named_with_their_folder(root: Path) -> None:
    (root / "account_map.csv").unlink()
    assert str(root) in refused(root, "account_map.csv").text("zh")
    (root / "books.yml").unlink()
    refused(root)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("role,account_code\nap,1\n", "role"),
        ("account_role,科目角色,account_code\n", "科目角色"),
        ("account_role\nap\n", "the column account_code (科目编码) is missing"),
        ("account_role,account_code,tax_rate\nap,1,\n\nar,2,abc\n", "row 4, column tax_rate"),
        ("account_role,account_code\nap,1\nap,2\n", "rows 3 and 2"),
        ("account_role,account_code\nap,1,2\n", "row 2"),
    ],
)
def test_an_account_map_that_is_not_right_is_refused_with_its_row(
    root: Path, content: str, said: str
) -> None:
    (root / "account_map.csv").write_text(content, "utf-8")
    assert said in refused(root, "account_map.csv").text("en")


def test_a_role_without_account_maps_nothing_and_notes_are_for_people(root: Path) -> None:
    text = "account_role,account_code,说明,Explanation\nap,2202,应付,payables\ngoods_in_transit,,在途,in transit\n"
    (root / "account_map.csv").write_text(text, "utf-8")
    assert [(row.account_role, row.account_code) for row in load_books(root).account_map] == [("ap", "2202")]


def test_the_account_map_may_be_saved_by_a_chinese_spreadsheet(root: Path) -> None:
    (root / "account_map.csv").write_bytes(ACCOUNTS.encode("gb18030"))
    accounts = load_books(root).account_map
    assert [(row.account_role, row.item_category, row.tax_rate, row.account_code) for row in accounts] == [
        ("inventory", "RAW", None, "1403"),
        ("input_vat", None, Decimal("0.13"), "222101"),
    ]


def test_own_posting_rules_are_read_and_a_version_comes_once(root: Path) -> None:
    rule = "rule_id,rule_version,event_type,amount_basis,debit_role,credit_role,摘要\n"
    (root / "posting_rules.csv").write_text(rule + "R1,2,scrap,cost,other_loss,inventory,报废\n", "utf-8")
    (found,) = load_books(root).posting_rules
    assert (found.rule_id, found.rule_version, found.summary_zh, found.reason_code) == ("R1", 2, "报废", None)
    (root / "posting_rules.csv").write_text(rule + "R1,1,s,c,a,b,\nR1,1,s,c,a,b,\n", "utf-8")
    assert "row 3" in refused(root, "posting_rules.csv").text("en")


def test_equal_books_have_one_fingerprint_in_any_place_and_order(root: Path, tmp_path: Path) -> None:
    here = load_books(root).fingerprint()
    other = tmp_path / "elsewhere"
    other.mkdir()
    head, first, second = GOOD.partition("extracts:\n")[0], *GOOD.partition("extracts:\n")[2].split("  - {")
    turned = head.replace("0.10", "0.1") + "extracts:\n  - {" + second + first
    (other / "books.yml").write_text(turned, "utf-8")
    lines = ACCOUNTS.splitlines()
    (other / "account_map.csv").write_text("\n".join([lines[0], lines[2], lines[1]]), "utf-8")
    assert load_books(other).fingerprint() == here
    assert str(root) not in here
    assert json.loads(here)["costing"]["method"] == "moving_average"


@pytest.mark.parametrize("old", ["moving_average", "0.10", "采购入库*", "=true", "采购入库单"])
def test_any_setting_that_changes_changes_the_fingerprint(root: Path, old: str) -> None:
    before = load_books(root).fingerprint()
    new = {"moving_average": "fifo", "0.10": "0.20", "采购入库*": "入库*", "=true": "=false"}.get(old, "入库")
    assert load_books(change(root, old, new)).fingerprint() != before


def test_a_secret_is_used_and_never_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELIVERIES", "/secret/place")
    books = load_books(change(root, "inbox/存货.csv", "${DELIVERIES}/存货.csv"))
    assert "/secret/place" not in books.fingerprint() + repr(books)


def test_settings_become_typed_rows(root: Path) -> None:
    with duckdb.connect() as connection:
        for code, is_first in (("2026-01", True), ("2026-02", False)):
            write_settings(connection, load_books(root), Period(code))
            assert rows(connection, "select period, is_first_period from settings.period") == [
                (code, is_first)
            ]
        assert rows(connection, "select period_start, period_end, previous_period from settings.period") == [
            (date(2026, 2, 1), date(2026, 2, 28), "2026-01")
        ]
        assert rows(connection, "select method, pool, revenue_on, language from settings.books") == [
            ("moving_average", "warehouse", "delivery", "zh")
        ]
        assert rows(connection, "from settings.materiality order by 1 nulls first") == [
            (None, Decimal(0), Decimal("0.10")),
            ("1405", Decimal("0.001"), Decimal(5)),
        ]
        assert rows(connection, "select tax_rate, account_code from settings.account_map order by 2") == [
            (None, "1403"),
            (Decimal("0.130000"), "222101"),
        ]
        assert rows(connection, "from settings.costing_override") == [("RAW", None, "periodic_average")]
        assert rows(connection, "from settings.document_type") == [("采购入库单", "goods_receipt")]
        assert rows(connection, "from settings.posting_rule") == []


def test_periods_follow_each_other_across_years() -> None:
    december = Period("2025-12")
    assert (december.start, december.end) == (date(2025, 12, 1), date(2025, 12, 31))
    assert (december.previous, december.next) == ("2025-11", "2026-01")
    assert Period("2024-02").end == date(2024, 2, 29)
    assert [period.code for period in periods_between(december, Period("2026-02"))] == [
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert list(periods_between(Period("2026-02"), december)) == []
    assert period_of(date(2026, 7, 31)) == Period("2026-07")


@pytest.mark.parametrize("text", ["2026-01", "202601", "2026/1", "2026年1月", " 2026.01 "])
def test_a_period_may_be_typed_as_people_do(text: str) -> None:
    assert parse_period(text) == Period("2026-01")


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "01-2026", "2026-01-05", "0001-01"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_period(text)
