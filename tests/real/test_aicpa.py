"""A ledger alone, as an audit data standard delivers it: every known flaw is named, and nothing is called missing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import cli
from pipelines.publication import current_snapshot

HERE = Path(__file__).parent
SAMPLE = HERE.parents[2] / "shared" / "samples" / "aicpa_ads" / "GL_Detail_YYYYMMDD_YYYYMMDD.csv"
FILE = f"inbox/{SAMPLE.name}"
DECEMBER = "2007-12"
NOT_READY = 3

pytestmark = [
    pytest.mark.skipif(not SAMPLE.is_file(), reason="the ledger sample is not beside the repository"),
    pytest.mark.xdist_group("aicpa"),
]

UNBALANCED = {
    "100011090": "-233.57",
    "100011091": "-332025.00",
    "100011092": "-295500.00",
    "100011093": "-1713.32",
}


def books_in(root: Path, first_period: str = "2007-01") -> Path:
    shutil.copytree(HERE / "aicpa", root)
    settings = root / "books.yml"
    settings.write_text(
        settings.read_text("utf-8").replace("first_period: 2007-01", f"first_period: {first_period}"), "utf-8"
    )
    (root / "inbox").mkdir()
    shutil.copy(SAMPLE, root / "inbox" / SAMPLE.name)
    return root


def sample(sql: str) -> list[tuple[Any, ...]]:
    """A query over the file as it is, with the row a person sees in `row`."""
    rows = f"select *, row_number() over () + 1 as row from read_csv('{SAMPLE}', all_varchar = true)"
    return duckdb.execute(f"with line as ({rows}) {sql}").fetchall()


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What `tieout check` says about all twelve months."""
    books = books_in(tmp_path_factory.mktemp("aicpa") / "books")
    output = books / "check.json"
    with output.open("w", encoding="utf-8") as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", file)
        assert cli.run(["check", "--books", str(books), "--format", "json"]) == 0
    found: list[dict[str, Any]] = json.loads(output.read_text("utf-8"))
    return found


def of(checked: list[dict[str, Any]], expectation: str) -> list[dict[str, Any]]:
    return [found for found in checked if found["expectation"] == expectation]


def test_the_unbalanced_journals_are_named_with_row_and_amount(checked: list[dict[str, Any]]) -> None:
    (found,) = of(checked, "vouchers_balance")
    first = dict(sample("select Journal_ID, min(row) from line group by Journal_ID"))
    assert (found["period"], found["unexpected_count"]) == (DECEMBER, len(UNBALANCED))
    assert found["sample"].splitlines() == [
        f"{FILE}:{first[no]} {no}: 0.00 - {amount[1:]} = {amount}" for no, amount in UNBALANCED.items()
    ]


def test_every_line_without_a_business_unit_is_counted(checked: list[dict[str, Any]]) -> None:
    found = of(checked, "line_names_the_dimensions_of_its_account")
    assert sum(one["unexpected_count"] for one in found) == 4105
    (first,) = sample(
        "select row, Journal_ID, GL_Account_Number from line where Business_Unit_Code is null order by row limit 1"
    )
    assert (
        found[0]["sample"].splitlines()[0]
        == f"{FILE}:{first[0]} {first[1]} {first[2]} 部门编码 Department code"
    )
    assert "Department code" in found[0]["message"]


def test_the_placeholder_of_the_effective_date_is_named(checked: list[dict[str, Any]]) -> None:
    found = of(checked, "voucher_date_is_no_placeholder")
    (counted,) = sample("select count(*) from line where Effective_Date = '19000101'")
    assert sum(one["unexpected_count"] for one in found) == counted[0] > 20000
    assert found[0]["sample"].splitlines()[0] == f"{FILE}:2 19000101"
    assert "Voucher date" in found[0]["message"]


def test_the_stray_blank_in_a_header_is_named(checked: list[dict[str, Any]]) -> None:
    found = of(checked, "headers_have_no_stray_blank")
    assert {(one["sample"], one["unexpected_count"]) for one in found} == {
        (f"{FILE}:1 JE_Header_ Description", 1)
    }


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """December alone, run and published."""
    books = books_in(tmp_path_factory.mktemp("december") / "books", DECEMBER)
    assert cli.run(["run", "--books", str(books)]) == NOT_READY
    snapshot = current_snapshot(books)
    assert snapshot is not None
    return snapshot / f"period={DECEMBER}"


def rows(published: Path, sql: str, table: str) -> list[tuple[Any, ...]]:
    return duckdb.execute(f"with t as (from read_parquet('{published}/{table}.parquet')) {sql}").fetchall()


def test_the_ledger_is_read_to_the_cent_by_its_side(published: Path) -> None:
    read = "select account_code, sum(debit_amount), sum(credit_amount) from t group by all order by all"
    side = (
        "coalesce(sum(cast(Amount as decimal(18, 2))) filter (where Amount_Credit_Debit_Indicator = '{}'), 0)"
    )
    delivered = sample(
        f"select GL_Account_Number, {side.format('S')}, {side.format('H')} from line where Period = '12' group by all order by all"
    )
    assert rows(published, read, "ledger_line") == delivered
    assert len(delivered) > 50


def test_the_flaws_are_in_what_is_published(published: Path) -> None:
    failed = rows(
        published,
        "select expectation, severity, unexpected_count from t where status = 'failed'",
        "data_quality_result",
    )
    assert {name for name, _, _ in failed} >= {
        "vouchers_balance",
        "line_names_the_dimensions_of_its_account",
        "voucher_date_is_no_placeholder",
        "headers_have_no_stray_blank",
    }
    assert {severity for _, severity, _ in failed} == {"warn"}


def test_nothing_is_called_missing_when_there_is_no_other_side(published: Path) -> None:
    ((verdict, breaks, sentence),) = rows(
        published, "select verdict, break_count, sentence_en from t", "verdict"
    )
    assert (verdict, breaks) == ("not_compared", 0)
    assert "no inventory side was delivered" in sentence
    assert rows(published, "select * from t", "reconciliation_break") == []
    assert rows(published, "select * from t", "voucher_line") == []
