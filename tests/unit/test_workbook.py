"""The workbook: numbers are numbers, text is text, checks are live formulas with exact cached values, bytes
never change."""

import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from pipelines.evidence import sheets_lists, write_workbook
from pipelines.evidence.styles import lines_of
from tests.unit.evidence_fixture import make_context, make_run

pytestmark = pytest.mark.xdist_group("workbook")


class Sheets:
    """Cached values of a workbook by sheet reference, and the raw XML of its sheets."""

    def __init__(self, path: Path) -> None:
        book = CalamineWorkbook.from_path(path)
        self.rows = {
            name.split(" ")[0]: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }
        self.order = list(self.rows)
        with zipfile.ZipFile(path) as archive:
            names = [f"xl/worksheets/sheet{number + 1}.xml" for number in range(len(self.order))]
            self.xml = {ref: archive.read(name).decode() for ref, name in zip(self.order, names, strict=True)}

    def table(self, reference: str) -> list[dict[str, Any]]:
        """Rows under the heading row, totals included, by heading."""
        rows = self.rows[reference]
        return [dict(zip(map(str, rows[4]), row, strict=True)) for row in rows[5:] if any(row)]

    def check(self, reference: str) -> Any:
        return self.rows[reference][3][3]

    def formula(self, reference: str, cell: str) -> str:
        found = re.search(rf'<c r="{cell}"[^>]*><f>([^<]*)</f><v>([^<]*)</v>', self.xml[reference])
        assert found, f"{reference}!{cell} holds no formula with a cached value"
        return found[1]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("run") / "7f3c")


@pytest.fixture(scope="module")
def sheets(run: Path) -> Sheets:
    return Sheets(write_workbook(run, make_context()))


def test_the_sheets_stand_in_the_order_of_their_references(sheets: Sheets) -> None:
    assert sheets.order == [
        "0",
        "F-1",
        "F-2",
        "F-3",
        "F-3a",
        "F-4",
        "F-5",
        "F-6",
        "F-7",
        "F-8",
        "F-9",
        "F-9b",
        "F-9c",
        "F-9d",
        "F-11",
        "F-11a",
    ]


def test_the_bridge_is_a_live_sum_of_the_breaks(sheets: Sheets) -> None:
    formula = sheets.formula("F-3", "G6")
    assert re.fullmatch(r"SUMIF\('F-5 差异清单'!\$V\$6:\$V\$18,H6,'F-5 差异清单'!\$M\$6:\$M\$18\)", formula)
    total = sheets.table("F-3")[-1]
    assert total["金额"] == 16999.99
    assert sheets.check("F-3") == 0


def test_cached_values_are_the_exact_decimal_sums(sheets: Sheets) -> None:
    listed = [Decimal(str(row["差异"])) for row in sheets.table("F-5")]
    assert sum(listed[:-1]) == listed[-1] == Decimal("16999.99")
    lead = sheets.table("F-1")
    for name in ("时间性", "应改总账", "应改业务账", "已认可", "待查"):
        column = [Decimal(str(row[name])) for row in lead]
        assert sum(column[:-1]) == column[-1]


def test_the_overall_check_adds_the_checks_of_all_sheets(sheets: Sheets) -> None:
    index = {row[0]: row for row in sheets.rows["0"]}
    assert [index[ref][4] for ref in ("F-1", "F-2", "F-3", "F-3a", "F-9", "F-9b")] == [0, 0, 0, 0, 0, 0]
    assert index["F-4"][4] == 188.75
    overall = next(row for row in sheets.rows["0"] if row[2] == "总校验（应为 0）")
    assert overall[4] == 188.75


def test_a_lost_break_turns_the_checks(tmp_path: Path) -> None:
    run = make_run(tmp_path / "cut")
    cut = run / "break_line.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table line as from '{cut}' where break_id <> 'b10acc1164d72cfd'")
        connection.execute(f"copy line to '{cut}' (format parquet)")
    sheets = Sheets(write_workbook(run, make_context()))
    assert sheets.check("F-3") == -900


def test_text_that_begins_like_a_formula_stays_text(sheets: Sheets) -> None:
    row = next(row for row in sheets.table("F-5") if row["差异编号"] == "b01f4c7d90aa11e3")
    assert row["说明"] == "=手工凭证，无来源单据，金额为整数"
    assert (
        next(row for row in sheets.table("F-9") if row["存货"] == "FG-1002")["存货名称"] == "=SUM(A1) 型支架"
    )
    assert next(row for row in sheets.table("F-11a") if row["行"] == 17)["原值"] == "=RM-9"
    formulas = re.findall(r"<f>([^<]*)</f>", "".join(sheets.xml.values()))
    assert [formula for formula in formulas if "手工" in formula or "A1)" in formula] == []


def test_numbers_of_documents_are_text_and_amounts_are_numbers(sheets: Sheets) -> None:
    row = next(row for row in sheets.table("F-5") if row["差异编号"] == "b07d99ee31a4f8ca")
    assert row["单据"] == "采购发票 25312000000012345678"
    assert row["科目"] == "2202.01"
    assert row["应有金额"] == -11300.0
    assert row["账龄"] == 9


def test_rows_beyond_the_limit_are_summed_so_that_the_bridge_stays_exact(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets_lists, "ROW_LIMIT", 5)
    sheets = Sheets(write_workbook(make_run(tmp_path / "run"), make_context()))
    listed = sheets.table("F-5")
    assert len([row for row in listed if str(row["差异编号"]).startswith("b")]) == 5
    assert any(str(row["差异编号"]).startswith("其余") for row in listed)
    assert listed[-1]["差异"] == 16999.99
    assert sheets.check("F-3") == 0


def test_the_same_run_gives_the_same_bytes(run: Path, sheets: Sheets, tmp_path: Path) -> None:
    first = (run / "workbook.xlsx").read_bytes()
    assert write_workbook(make_run(tmp_path / "elsewhere"), make_context()).read_bytes() == first


def test_every_list_has_filter_frozen_head_and_print_titles(run: Path, sheets: Sheets) -> None:
    for reference in sheets.order[1:]:
        xml = sheets.xml[reference]
        assert "<autoFilter " in xml, reference
        assert 'state="frozen"' in xml, reference
        assert 'fitToHeight="0"' in xml, reference
    with zipfile.ZipFile(run / "workbook.xlsx") as archive:
        assert archive.read("xl/workbook.xml").decode().count("_xlnm.Print_Titles") == len(sheets.order) - 1


def test_links_lead_both_ways(run: Path, sheets: Sheets) -> None:
    assert sheets.xml["0"].count("<hyperlink ") == len(sheets.order) - 1
    for reference in sheets.order[1:]:
        assert "location=\"'0 索引'!A1\"" in sheets.xml[reference]
    row = next(i for i, row in enumerate(sheets.rows["F-5"], start=1) if row[0] == "b10acc1164d72cfd")
    for reference in ("F-3", "F-6"):
        assert f"location=\"'F-5 差异清单'!A{row}\"" in sheets.xml[reference]
    assert "location=\"'F-3 差异桥'!A1\"" in sheets.xml["F-5"]


def test_the_workbook_reads_in_english(run: Path, tmp_path: Path) -> None:
    sheets = Sheets(write_workbook(make_run(tmp_path / "run"), make_context("en")))
    assert "Difference" in sheets.rows["F-1"][4]
    assert sheets.table("F-5")[0]["What to do"] == "Find the cause"


def test_an_order_rolls_and_its_total_agrees_with_the_ledgers_tie(sheets: Sheets) -> None:
    rows = {row["生产或委外订单"]: row for row in sheets.table("F-9c")}
    order = rows["MO<2601>"]
    assert (order["期初金额"], order["后续成本"], order["完工转出"], order["非正常损失"]) == (
        1200,
        0.10,
        4500,
        200.10,
    )
    assert "领料未指明订单" in rows
    assert "副产品转出" not in order
    assert rows["合计"]["期末金额"] == 1800
    assert sheets.check("F-9c") == 0
    compared = next(row for name, row in rows.items() if name.startswith("在产品（生产成本）："))
    assert (compared["期末金额"], compared["校验"]) == (1800, 0)
    formulas = re.findall(r"<f>(SUMIF[^<]*)</f><v>1800", sheets.xml["F-9c"])
    assert len(formulas) == 1
    assert formulas[0].startswith("SUMIF('F-2 ")


def test_a_lost_order_turns_the_comparison_and_a_wrong_one_its_check(tmp_path: Path) -> None:
    run = make_run(tmp_path / "cut")
    orders = run / "work_in_process.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table orders as from '{orders}' where order_key <> 'order:MO<2601>'")
        connection.execute("update orders set return_amount = 10.56 where is_subcontract")
        connection.execute(f"copy orders to '{orders}' (format parquet)")
    sheets = Sheets(write_workbook(run, make_context()))
    assert sheets.check("F-9c") == 0.01
    rows = {row["生产或委外订单"]: row for row in sheets.table("F-9c")}
    assert [row["校验"] for name, row in rows.items() if "F-2" in name] == [-1800]


def test_a_late_cost_is_followed_to_where_its_goods_went(sheets: Sheets) -> None:
    landed, price, transfer, arrived, total = sheets.table("F-9d")
    assert (landed["种类"], landed["所属入库单"], landed["直接计入当期"]) == ("采购费用", "", 8.25)
    assert (price["后续成本"], price["计入在库"], price["随发出"], price["直接计入当期"]) == (
        90,
        30,
        39.99,
        0,
    )
    assert (price["所属入库单"], price["所随发出单"]) == ("采购入库单 PR-2601-017", "销售出库单 SD:2601-044")
    assert (transfer["后续成本"], transfer["随调拨"], transfer["校验"]) == ("", 20.01, "")
    assert (arrived["仓库"], arrived["后续成本"], arrived["计入在库"]) == ("WH2", 20.01, 20.01)
    assert total["后续成本"] == 118.26
    assert sheets.check("F-9d") == 0


def test_a_lost_share_turns_the_check_of_its_cost(tmp_path: Path) -> None:
    run = make_run(tmp_path / "cut")
    with duckdb.connect() as connection:
        shares = run / "late_cost_share.parquet"
        connection.execute(f"create table shares as from '{shares}' where event_id <> 's1'")
        connection.execute(f"copy shares to '{shares}' (format parquet)")
    sheets = Sheets(write_workbook(run, make_context()))
    assert sheets.check("F-9d") == 39.99


def test_a_period_without_orders_and_late_costs_has_no_such_sheets(tmp_path: Path) -> None:
    run = make_run(tmp_path / "none")
    with duckdb.connect() as connection:
        for table in ("work_in_process", "stock_ledger", "late_cost_share"):
            path = run / f"{table}.parquet"
            connection.execute(f"create or replace table kept as from '{path}' limit 0")
            connection.execute(f"copy kept to '{path}' (format parquet)")
    assert not {"F-9c", "F-9d"} & set(Sheets(write_workbook(run, make_context())).order)


def test_every_column_has_a_heading_in_words(sheets: Sheets) -> None:
    heads = [str(head) for reference in sheets.order[1:] for head in sheets.rows[reference][4]]
    assert {head for head in heads if re.fullmatch(r"[a-z_]+", head)} == {"key", "key_part", "key_side"}


def test_a_row_is_as_high_as_its_longest_text(tmp_path: Path) -> None:
    sheets = Sheets(write_workbook(make_run(tmp_path / "en"), make_context("en")))
    place = next(n for n, row in enumerate(sheets.rows["F-5"], 1) if row[0] == "b10acc1164d72cfd")
    assert f'<row r="{place}" spans="1:22" ht="27.75" customHeight="1">' in sheets.xml["F-5"]
    assert [lines_of(text, 11) for text in ("0123456789", "01234567890", "一二三四五六", "a\nb")] == [
        1,
        2,
        2,
        2,
    ]
