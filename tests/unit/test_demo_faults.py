"""Seeded faults: the same seed seeds the same, the ledger stays a ledger, and the key says what was done."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines import demo
from pipelines.messages import UsageError
from tests.unit.test_demo_files import digests

pytestmark = pytest.mark.xdist_group("demo_faults")

PERIODS = ("2026-01", "2026-02", "2026-03")
VOUCHERS = "read_parquet('{root}/inbox/{period}/凭证.parquet')"


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("faults") / "books"
    demo.generate(root, periods=3, documents=300, seed=4, faults="standard")
    return root


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("clean") / "books"
    demo.generate(root, periods=3, documents=300, seed=4)
    return root


@pytest.fixture(scope="module")
def key(faulty: Path) -> list[dict[str, str]]:
    with (faulty / "answer_key.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_without_the_flag_there_is_no_key_and_nothing_else_changes(clean: Path, faulty: Path) -> None:
    plain, seeded = digests(clean), digests(faulty)
    assert set(seeded) - set(plain) == {"answer_key.csv"}
    changed = {name for name in plain if plain[name] != seeded[name]}
    assert {Path(name).stem for name in changed} <= {
        "凭证",
        "科目余额表",
        "采购发票",
        "收付款单",
        "核销单",
        "出库流水",
        "采购入库单",
        "其他入库单",
        "存货档案",
        "库存结存",
    }


def test_the_same_arguments_seed_the_same_faults(faulty: Path, tmp_path: Path) -> None:
    demo.generate(tmp_path / "again", periods=3, documents=300, seed=4, faults="standard")
    assert digests(tmp_path / "again") == digests(faulty)


def test_an_unknown_set_of_faults_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="standard"):
        demo.generate(tmp_path / "books", faults="everything")


def test_every_fault_is_on_a_document_of_its_own(key: list[dict[str, str]]) -> None:
    documents = {(row["fault_id"], row["document_no"]) for row in key if row["document_no"]}
    assert len({no for _, no in documents}) == len(documents)
    assert len({row["fault_id"] for row in key}) > 130
    assert all(row["description_zh"] and row["description_en"] for row in key)


@pytest.mark.parametrize("period", PERIODS)
def test_the_ledger_with_faults_still_balances_and_closes(faulty: Path, period: str) -> None:
    vouchers = VOUCHERS.format(root=faulty, period=period)
    unbalanced = duckdb.execute(
        f"select 凭证号 from {vouchers} group by 1 having coalesce(sum(借方金额), 0) <> coalesce(sum(贷方金额), 0)"
    )
    assert unbalanced.fetchall() == []
    open_result = duckdb.execute(
        f"select 科目编码 from {vouchers} where 科目编码 like '6%' and 凭证状态 = '已记账' group by 1 "
        "having coalesce(sum(借方金额), 0) <> coalesce(sum(贷方金额), 0)"
    )
    assert open_result.fetchall() == []
    numbers = duckdb.execute(
        f"select count(distinct 凭证号), min(凭证号), max(凭证号) from {vouchers}"
    ).fetchall()
    assert numbers[0][0] == numbers[0][2]
    assert numbers[0][1] == 1


def test_the_key_is_the_whole_difference_between_the_two_ledgers(
    clean: Path, faulty: Path, key: list[dict[str, str]]
) -> None:
    def moved(root: Path) -> dict[tuple[str, str], Decimal]:
        files = ", ".join(f"'{root}/inbox/{period}/凭证.parquet'" for period in PERIODS)
        rows = duckdb.execute(
            "select 会计期间, 科目编码, coalesce(sum(借方金额), 0) - coalesce(sum(贷方金额), 0) "
            f"from read_parquet([{files}]) where 凭证状态 = '已记账' and 凭证性质 <> '损益结转' "
            "and 科目编码 like '6%' group by all"
        ).fetchall()
        return {(period, account): amount for period, account, amount in rows}

    before, after = moved(clean), moved(faulty)
    difference = {
        place: after.get(place, Decimal(0)) - before.get(place, Decimal(0)) for place in {*before, *after}
    }
    told: dict[tuple[str, str], Decimal] = {}
    for row in key:
        if row["account_code"].startswith("6") and (
            row["side"] == "ledger" or row["fault"] == "entered_after_close"
        ):
            place = row["period"], row["account_code"]
            told[place] = told.get(place, Decimal(0)) + Decimal(row["amount"])
    assert {k: v for k, v in difference.items() if v} == {k: v for k, v in told.items() if v}


def test_nothing_that_reconciles_knows_the_key() -> None:
    root = Path(demo.__file__).parents[2]
    sources = [*(root / "pipelines").rglob("*.py"), *(root / "dbt_project").rglob("*.sql")]
    readers = {path for path in sources if "answer_key" in path.read_text("utf-8")}
    assert {path.relative_to(root / "pipelines").parts[0] for path in readers} == {"demo"}
