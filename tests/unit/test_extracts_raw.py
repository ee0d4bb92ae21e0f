"""Delivered headers become contract columns, rows keep where they came from, and every row is counted."""

from __future__ import annotations

import json
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import xlsxwriter

from pipelines.books import load_books
from pipelines.contract import load_contract
from pipelines.extracts import Landing, land, load_raw
from pipelines.messages import InputError
from pipelines.period import Period

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RECEIPTS = "单据编号,行号,日期,存货编码,仓库,数量,金额(元)\n"
JANUARY = Period("2026-01")


def deliver(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def landing_of(root: Path, *extracts: Mapping[str, object]) -> Landing:
    settings = {
        "books": "t",
        "name": "t",
        "standard": "cas",
        "first_period": "2026-01",
        "costing": {"method": "fifo"},
        "extracts": list(extracts),
    }
    (root / "books.yml").write_text(json.dumps(settings, ensure_ascii=False), "utf-8")
    (root / "account_map.csv").write_text("account_role,account_code\nap,2202\n", "utf-8")
    return land(load_books(root))


def loaded(root: Path, *extracts: Mapping[str, object]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    load_raw(connection, landing_of(root, *extracts), JANUARY)
    return connection


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return connection.execute(sql).fetchall()


def receipts(root: Path, text: str, **options: object) -> duckdb.DuckDBPyConnection:
    deliver(root, "a.csv", text)
    return loaded(root, {"table": "goods_receipt_line", "path": "a.csv", **options})


def refused(root: Path, text: str, **options: object) -> str:
    with pytest.raises(InputError) as raised:
        receipts(root, text, **options)
    assert "a.csv" in raised.value.text("zh")
    return raised.value.text("en")


def test_every_contract_table_exists_as_text_with_its_lineage(tmp_path: Path) -> None:
    connection = loaded(tmp_path)
    for table in load_contract().tables.values():
        found = connection.execute(f"describe raw.{table.name}").fetchall()
        assert [(name, kind) for name, kind, *_ in found] == [
            *((name, "VARCHAR") for name in table.columns),
            ("_extract", "VARCHAR"),
            ("_file", "VARCHAR"),
            ("_row", "BIGINT"),
            ("_row_id", "BIGINT"),
        ]


def test_rows_are_split_by_period_and_every_one_is_counted(tmp_path: Path) -> None:
    connection = receipts(
        tmp_path,
        RECEIPTS
        + "RK1,1,2026-01-05,A,W,1,10.10\nRK2,1,2025-12-31,A,W,1,99\n\nRK3,1,2026/2/1,A,W,1,99\n"
        + 'RK4,1,2026年1月31日,A,W,（2）,"1,000.20"\n合计,,,,,3,x\n',
    )
    found = rows(
        connection,
        "select document_no, amount, _extract, _file, _row, _row_id from raw.goods_receipt_line order by 6",
    )
    assert found == [
        ("RK1", "10.10", "a.csv", "a.csv", 2, 1),
        ("RK4", "1,000.20", "a.csv", "a.csv", 6, 2),
        ("合计", "x", "a.csv", "a.csv", 7, 3),
    ]
    counted = rows(
        connection,
        "select table_name, extract, file, rows, period_rows, earlier_rows, later_rows, undated_rows, "
        "delivered_rows from raw.landed_file",
    )
    assert counted == [("goods_receipt_line", "a.csv", "a.csv", 5, 2, 1, 1, 1, 5)]
    totals = rows(connection, "select column_name, row_count, total from raw.control_total where total <> 0")
    assert totals == [("quantity", 3, Decimal(2)), ("amount", 3, Decimal("1010.30"))]


def test_documents_of_the_month_after_are_noted_with_what_they_add_up_to(tmp_path: Path) -> None:
    connection = receipts(
        tmp_path,
        "入库单号,行号,单据日期,供应商,存货编码,仓库,数量,金额\n"
        "RK1,1,2026-01-31,G,A,W,1,1.00\n"
        "RK2,1,2026-02-01,G,A,W,1,10.00\n"
        'RK2,2,2026-02-01,G,A,W,1,"1,000.50"\n'
        "RK3,1,2026-03-01,G,A,W,1,7.00\n",
    )
    found = rows(connection, "select document_type, document_no, amount, gross_amount from raw.next_document")
    assert found == [("goods_receipt", "RK2", Decimal("1010.50"), Decimal("1010.50"))]


def test_posting_date_goes_before_document_date_and_an_unreadable_one_is_passed_over(tmp_path: Path) -> None:
    header = "单据编号,行号,单据日期,记账日期,存货编码,仓库,数量,金额\n"
    connection = receipts(
        tmp_path,
        header
        + "A,1,2025-12-31,2026-01-02,A,W,1,1\nB,1,2026-01-31,2026-02-01,A,W,1,1\nC,1,2026-01-09,?,A,W,1,1\n",
    )
    assert rows(connection, "select document_no from raw.goods_receipt_line order by 1") == [("A",), ("C",)]


def test_the_ledgers_own_period_goes_before_the_voucher_date(tmp_path: Path) -> None:
    header = "会计期间,凭证号,分录号,凭证日期,科目编码,借方,贷方\n"
    deliver(
        tmp_path, "g.csv", header + "2026年1月,1,1,2026-02-03,1\n202602,2,1,2026-01-31,1\n,3,1,2026-01-31,1\n"
    )
    connection = loaded(tmp_path, {"table": "gl_entry_line", "path": "g.csv"})
    assert rows(connection, "select voucher_no from raw.gl_entry_line order by 1") == [("1",), ("3",)]


def test_several_files_are_one_table_with_row_ids_by_file_and_row(tmp_path: Path) -> None:
    deliver(tmp_path, "in/2026-01/b.csv", "存货编码,存货名称\nB1,x\nB2,x\n")
    deliver(tmp_path, "in/2026-01/a.csv", "存货名称,存货编码\ny,A1\n")
    deliver(tmp_path, "in/2026-02/a.csv", "存货名称,存货编码\ny,C1\n")
    connection = loaded(tmp_path, {"table": "item", "path": "in/{period}/*.csv"})
    found = rows(connection, "select item_code, _file, _row, _row_id from raw.item order by _row_id")
    assert found == [
        ("A1", "in/2026-01/a.csv", 2, 1),
        ("B1", "in/2026-01/b.csv", 2, 2),
        ("B2", "in/2026-01/b.csv", 3, 3),
    ]


def test_a_period_without_a_file_is_refused_by_name(tmp_path: Path) -> None:
    deliver(tmp_path, "in/2026-02/a.csv", "存货编码,存货名称\n")
    with pytest.raises(InputError, match="in/2026-01/"):
        loaded(tmp_path, {"table": "item", "path": "in/{period}/*.csv"})


def test_an_extract_with_only_headers_is_counted_not_refused(tmp_path: Path) -> None:
    connection = receipts(tmp_path, RECEIPTS)
    assert rows(connection, "select rows, delivered_rows from raw.landed_file") == [(0, 0)]
    assert rows(connection, "select count(*), sum(total) from raw.control_total") == [(3, Decimal(0))]


def test_settings_name_other_headers_and_constants(tmp_path: Path) -> None:
    connection = receipts(
        tmp_path,
        RECEIPTS.replace("数量", "实到").replace("单据编号", "编") + "RK1,1,2026-01-05,A,W,7,1\n",
        columns={"quantity": "实到", "document_no": "编", "price_includes_tax": "=true", "reason_code": "="},
    )
    found = rows(
        connection,
        "select document_no, quantity, price_includes_tax, reason_code from raw.goods_receipt_line",
    )
    assert found == [("RK1", "7", "true", None)]


def test_a_header_given_away_by_settings_is_not_used_again(tmp_path: Path) -> None:
    connection = receipts(
        tmp_path,
        RECEIPTS.replace("行号", "行号,单价") + "RK1,1,3.5,2026-01-05,A,W,7,1\n",
        columns={"reported_unit_cost": "单价"},
    )
    found = rows(connection, "select unit_price, reported_unit_cost from raw.goods_receipt_line")
    assert found == [(None, "3.5")]


def test_two_headers_for_one_column_are_named_unless_settings_decide(tmp_path: Path) -> None:
    text = RECEIPTS.replace("仓库", "仓库,仓库编码") + "RK1,1,2026-01-05,A,主仓,W1,1,1\n"
    assert '"仓库" and "仓库编码" both mean "Warehouse code" (warehouse_code)' in refused(tmp_path, text)
    connection = receipts(tmp_path, text, columns={"warehouse_code": "仓库编码"})
    assert rows(connection, "select warehouse_code from raw.goods_receipt_line") == [("W1",)]


def test_a_header_delivered_twice_is_no_silent_choice(tmp_path: Path) -> None:
    text = RECEIPTS.replace("行号", "行号,单价,单价") + "RK1,1,1.5,2.5,2026-01-05,A,W,7,1\n"
    assert '"单价" and "单价#2"' in refused(tmp_path, text)
    connection = receipts(tmp_path, text, columns={"unit_price": "单价#2"})
    assert rows(connection, "select unit_price from raw.goods_receipt_line") == [("2.5",)]


def test_a_missing_column_is_named_with_what_would_be_accepted_and_what_was_found(tmp_path: Path) -> None:
    said = refused(tmp_path, RECEIPTS.replace("数量", "件") + "RK1,1,2026-01-05,A,W,1,1\n")
    for fact in ("quantity", "Quantity", "实收数量", "单据编号, 行号, 日期, 存货编码, 仓库, 件, 金额(元)"):
        assert fact in said
    assert "is empty, without even headers" in refused(tmp_path, "")
    assert "备" in refused(tmp_path, RECEIPTS + "1,1,1,1,1,1,1\n", columns={"reason_code": "备"})


def test_one_of_several_columns_may_be_enough_but_none_is_not(tmp_path: Path) -> None:
    said = refused(tmp_path, RECEIPTS.replace("金额(元)", "备注") + "RK1,1,2026-01-05,A,W,1,1\n")
    assert "amount / unit_price" in said
    receipts(tmp_path, RECEIPTS.replace("金额(元)", "单价") + "RK1,1,2026-01-05,A,W,1,1\n")


def test_titles_above_the_header_are_passed_over(tmp_path: Path) -> None:
    connection = receipts(
        tmp_path, "采购入库单列表,,,,,,\n期间：2026年1月\n\n" + RECEIPTS + "RK1,1,2026-01-05,A,W,7,1\n"
    )
    assert rows(connection, "select document_no, _row from raw.goods_receipt_line") == [("RK1", 5)]


def test_a_stated_header_row_is_believed(tmp_path: Path) -> None:
    text = RECEIPTS + RECEIPTS.replace("单据编号", "单号") + "RK1,1,2026-01-05,A,W,7,1\n"
    connection = receipts(tmp_path, text, header_row=2)
    assert rows(connection, "select document_no, _row from raw.goods_receipt_line") == [("RK1", 3)]


def test_fields_given_only_on_a_documents_first_row_are_filled_down(tmp_path: Path) -> None:
    lines = "RK1,1,2026-01-05,A,W,7,1\n,2,,B,W,1,1\nRK2,1,2026-01-06,A,W,7,1\n"
    connection = receipts(tmp_path, RECEIPTS + lines, fill_down=["单据编号", "document_date"])
    found = rows(
        connection, "select document_no, document_date, line_no from raw.goods_receipt_line order by _row"
    )
    assert found == [("RK1", "2026-01-05", "1"), ("RK1", "2026-01-05", "2"), ("RK2", "2026-01-06", "1")]
    assert "fill_down" in refused(tmp_path, RECEIPTS + lines, fill_down=["单号码码"])


def two_row_header(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 7, "科目余额表")
    for column, name in ((0, "科目编码"), (1, "科目名称")):
        sheet.merge_range(1, column, 2, column, name)
    for column, name in ((2, "期初余额"), (4, "本期发生额"), (6, "期末余额")):
        sheet.merge_range(1, column, 1, column + 1, name)
        sheet.write_row(2, column, ["借方", "贷方"])
    sheet.write_row(3, 0, ["1405", "库存商品", 100.5, 0, 7, 8, 99.5])
    book.close()


def test_a_header_of_two_merged_rows_is_read_as_one(tmp_path: Path) -> None:
    two_row_header(tmp_path / "b.xlsx")
    connection = loaded(
        tmp_path, {"table": "gl_balance", "path": "b.xlsx", "columns": {"period": "=2026-01"}}
    )
    found = rows(
        connection,
        "select account_code, opening_debit_amount, opening_credit_amount, opening_amount, debit_amount, "
        "credit_amount, closing_debit_amount, closing_amount, _row from raw.gl_balance",
    )
    assert found == [("1405", "100.5", "0", None, "7", "8", "99.5", None, 4)]


def test_a_constant_may_be_the_period_of_the_path(tmp_path: Path) -> None:
    deliver(tmp_path, "2026-01/b.csv", "科目编码,期末余额\n1405,1\n")
    own = {"table": "gl_balance", "path": "{period}/b.csv", "columns": {"period": "={period}"}}
    assert rows(loaded(tmp_path, own), "select period from raw.gl_balance") == [("2026-01",)]


def sheets(path: Path, *names: str) -> None:
    book = xlsxwriter.Workbook(path)
    for name in names:
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["存货编码", "存货名称"] if name != "说明" else ["说明"])
        sheet.write_row(1, 0, [name, "x"])
    book.close()


def test_the_sheet_that_fits_is_read_and_a_choice_is_asked_for(tmp_path: Path) -> None:
    own: dict[str, object] = {"table": "item", "path": "b.xlsx"}
    sheets(tmp_path / "b.xlsx", "说明", "一")
    assert rows(loaded(tmp_path, own), "select item_code from raw.item") == [("一",)]
    sheets(tmp_path / "b.xlsx", "一", "二", "三")
    with pytest.raises(InputError, match="一, 二, 三"):
        loaded(tmp_path, own)
    assert rows(loaded(tmp_path, {**own, "sheet": "二"}), "select item_code from raw.item") == [("二",)]
    every = loaded(tmp_path, {**own, "sheet": "*"}).execute(
        "select item_code, _file from raw.item order by _row_id"
    )
    assert every.fetchall()[0] == ("一", "b.xlsx[一]")
    with pytest.raises(InputError, match="四"):
        loaded(tmp_path, {**own, "sheet": "四"})


def test_every_member_of_an_archive_is_read_under_its_own_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x.csv", "存货编码,存货名称\nA,甲\n")
        archive.writestr("y.json", '[{"名称": "乙", "存货编码": "B"}]')
    connection = loaded(tmp_path, {"table": "item", "path": "a.zip"})
    found = rows(connection, "select item_code, name, _file, _row from raw.item order by _row_id")
    assert found == [("A", "甲", "a.zip/x.csv", 2), ("B", "乙", "a.zip/y.json", 2)]


MOVES = """\
类型,单号,仓,日,品,数
销售出库,X1,1,2026-01-05,A,5
盘亏,X2,1,2026-01-06,A,1
销售出库,X3,2,2026-02-01,A,5
"""


def test_a_query_filters_joins_and_keeps_the_row_it_came_from(tmp_path: Path) -> None:
    deliver(tmp_path, "m.csv", MOVES)
    deliver(tmp_path, "w.csv", "id,code\n1,W1\n2,W2\n")
    query = (
        "select 单号, 1 as 行号, 日 as 单据日期, 品 as item_code, "
        "code as warehouse_code, 数 as 数量, 1 as 金额, "
        "_file, _row, ':period_start' as 摘要 from extract join warehouses on id = 仓 -- :period_end\n"
        "where 类型 = '销售出库' and 日 >= :period_start and 日 < :period_end;"
    )
    own = (
        {"name": "warehouses", "auxiliary": True, "path": "w.csv"},
        {"name": "sales", "table": "delivery_line", "path": "m.csv", "query": query},
    )
    connection = loaded(tmp_path, *own)
    found = rows(
        connection,
        "select document_no, line_no, warehouse_code, _extract, _file, _row from raw.delivery_line",
    )
    assert found == [("X1", "1", "W1", "sales", "m.csv", 2)]
    counts = rows(connection, "select rows, period_rows, delivered_rows from raw.landed_file")
    assert counts == [(1, 1, 3)]
    assert landing_of(tmp_path, *own).periods() == ["2026-01", "2026-02"]
    left = rows(connection, "select view_name from duckdb_views() where not internal")
    assert left == []


def test_a_query_sees_the_first_widest_row_as_headers_whatever_its_data_say(tmp_path: Path) -> None:
    deliver(tmp_path, "i.csv", "存货清单,,\nk,v,z\n存货编码,存货名称,1\n")
    own = {"table": "item", "path": "i.csv", "query": "select k as item_code, v as name from extract"}
    assert rows(loaded(tmp_path, own), "select item_code, name from raw.item") == [("存货编码", "存货名称")]


def test_a_query_that_cannot_run_or_lacks_a_column_is_named(tmp_path: Path) -> None:
    deliver(tmp_path, "m.csv", MOVES)
    for query, said in [
        ("select nothing from extract", "nothing"),
        ("select 1; drop table x", "1 select"),
        ("select 单号, 1 as 行号 from extract", "document_date"),
    ]:
        with pytest.raises(InputError, match=said) as raised:
            loaded(tmp_path, {"table": "delivery_line", "path": "m.csv", "query": query})
        assert "m.csv" in str(raised.value)


def test_where_paths_name_periods_these_are_the_delivered_ones(tmp_path: Path) -> None:
    for code in ("2025-12", "2026-01", "2026-02"):
        deliver(tmp_path, f"{code}/i.csv", "存货编码,存货名称\nA,甲\n")
    deliver(tmp_path, "g.csv", RECEIPTS + "RK1,1,2026-05-05,A,W,7,1\n")
    item = {"table": "item", "path": "{period}/i.csv"}
    assert landing_of(tmp_path, item, {"table": "goods_receipt_line", "path": "g.csv"}).periods() == [
        "2026-01",
        "2026-02",
    ]


def test_inputs_do_not_depend_on_names_or_order_and_periods_are_those_of_the_books(tmp_path: Path) -> None:
    deliver(tmp_path, "x1.csv", RECEIPTS + "RK1,1,2026-01-05,A,W,7,1\nRK1,2,2025-12-05,A,W,7,1\n")
    deliver(tmp_path, "x2.csv", RECEIPTS + "RK2,1,2026-03-05,A,W,7,1\n")
    deliver(tmp_path, "i.csv", "存货编码,存货名称\nA,甲\n")
    item, goods = {"table": "item", "path": "i.csv"}, {"table": "goods_receipt_line", "path": "x*.csv"}
    landing = landing_of(tmp_path, item, goods)
    assert landing.periods() == ["2026-01", "2026-03"]
    before = landing.inputs(JANUARY)
    (tmp_path / "x1.csv").rename(tmp_path / "x9.csv")
    assert landing_of(tmp_path, goods, item).inputs(JANUARY) == before
    deliver(tmp_path, "i.csv", "存货编码,存货名称\nA,乙\n")
    assert landing_of(tmp_path, goods, item).inputs(JANUARY) != before
    assert len(before) == 3
