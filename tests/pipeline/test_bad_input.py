"""Deliveries as they come on a bad day: what is said in Chinese and in English, and that no row disappears.

What stops a run publishes nothing; what is wrong with a row sets that row aside and the rest goes on.
"""

from __future__ import annotations

import gzip
import shutil
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from xlsxwriter.workbook import Workbook

from pipelines import cli
from pipelines.publication import current
from tests.pipeline import tiny
from tests.pipeline.candidates import build_period

JANUARY, FEBRUARY = "2026-01", "2026-02"
INBOX = "inbox/2026-01"
DELIVERY = f"{INBOX}/delivery_line.csv"
RECEIPT = f"{INBOX}/goods_receipt_line.csv"
LEDGER = f"{INBOX}/gl_entry_line.csv"

Change = Callable[[Path], object]

pytestmark = pytest.mark.xdist_group("bad_input")


@pytest.fixture
def books(tmp_path: Path) -> Path:
    return tiny.write_books(tmp_path / "books", [JANUARY])


def told(root: Path, language: str, capsys: pytest.CaptureFixture[str], *command: str) -> tuple[int, str]:
    """Exit code and everything that was said, with the books in that language."""
    settings = root / "books.yml"
    text = settings.read_text("utf-8").replace("language: en", f"language: {language}")
    settings.write_text(text.replace("language: zh", f"language: {language}"), "utf-8")
    code = cli.run([*command, "--books", str(root)])
    said = capsys.readouterr()
    return code, "".join((said.out + said.err).split())


def lacking(said: str, words: Sequence[str]) -> list[str]:
    """The words that were not said; a narrow terminal breaks lines anywhere, so blanks do not count."""
    return [word for word in words if "".join(word.split()) not in said]


def add(root: Path, name: str, text: str) -> None:
    with (root / name).open("a", encoding="utf-8") as handle:
        handle.write(text)


def write_xlsx(path: Path, rows: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> None:
    with Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                sheet.write(number, place, value)
        for cells in merged:
            sheet.merge_range(cells, "D1" if cells.startswith("A") else "")


def rows_of(root: Path, name: str) -> list[list[str]]:
    return [line.split(",") for line in (root / name).read_text("utf-8").splitlines()]


def rows_as_text(root: Path, name: str) -> list[str]:
    return (root / name).read_text("utf-8").splitlines(keepends=True)


def as_xlsx(
    root: Path, name: str, rows: Sequence[Sequence[object]] | None = None, merged: Sequence[str] = ()
) -> Path:
    """Deliver a table as a workbook instead."""
    target = (root / name).with_suffix(".xlsx")
    write_xlsx(target, rows if rows is not None else rows_of(root, name), merged)
    (root / name).unlink()
    tiny.edit(root / "books.yml", f"{target.stem}.csv", f"{target.stem}.xlsx")
    return target


def cut(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


def cut_xlsx(root: Path) -> None:
    cut(as_xlsx(root, DELIVERY), 0.6)


def cut_parquet(root: Path) -> None:
    header, *rows = rows_of(root, DELIVERY)
    table = pa.table({name: [row[place] for row in rows] for place, name in enumerate(header)})
    target = root / INBOX / "delivery_line.parquet"
    pq.write_table(table, target)
    (root / DELIVERY).unlink()
    tiny.edit(root / "books.yml", "delivery_line.csv", "delivery_line.parquet")
    cut(target, 0.7)


def cut_gzip(root: Path) -> None:
    packed = gzip.compress((root / DELIVERY).read_bytes() * 50)
    (root / f"{DELIVERY}.gz").write_bytes(packed[: len(packed) // 2])
    (root / DELIVERY).unlink()
    tiny.edit(root / "books.yml", "delivery_line.csv", "delivery_line.csv.gz")


def cut_zip(root: Path) -> None:
    target = root / INBOX / "delivery_line.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.write(root / DELIVERY, "delivery_line.csv")
    cut(target, 0.9)
    (root / DELIVERY).unlink()
    tiny.edit(root / "books.yml", "delivery_line.csv", "delivery_line.zip")


def cut_csv(root: Path) -> None:
    text = (root / LEDGER).read_text("utf-8")
    (root / LEDGER).write_text(text[: text.rindex(",,20.00,")], "utf-8")


def cut_character(root: Path) -> None:
    text = (root / LEDGER).read_bytes()
    (root / LEDGER).write_bytes(text[: text.rindex("证".encode()) + 2])


def two_files(root: Path) -> None:
    tiny.edit(root / "books.yml", "inbox/{period}/delivery_line.csv", "inbox/{period}/delivery*.csv")
    shutil.copy(root / DELIVERY, root / INBOX / "delivery again.csv")
    tiny.edit(root / f"{INBOX}/delivery again.csv", ",4,10.00,40.00", ",3,10.00,30.00")


def wrong_encoding(root: Path) -> None:
    tiny.edit(root / "books.yml", "{table: party, path: inbox/party.csv}",
         "{table: party, path: inbox/party.csv, encoding: utf-8}")  # fmt: skip
    (root / "inbox/party.csv").write_bytes("party_code,name\nS1,供应商\nC1,客户\n".encode("gb18030"))


def misread(root: Path) -> None:
    tiny.edit(root / "books.yml", "path: inbox/party.csv", "path: inbox/party.csv, encoding: gb18030")
    tiny.edit(root / "inbox/party.csv", "供应商", "供应商人")


def no_encoding(root: Path) -> None:
    (root / "inbox/party.csv").write_bytes(b"party_code,name\nS1,\xff\xfe\xfa\xff\nC1,\x81\x20\n")


def split_voucher(root: Path) -> None:
    """One ledger file for all months, in which the last two lines of a voucher are dated in the next."""
    lines = (root / LEDGER).read_text("utf-8").splitlines()
    moved = [line.replace("2026-01-31", "2026-02-01").replace("2026-01,", "2026-02,") for line in lines[-2:]]
    (root / "inbox/gl.csv").write_text("\n".join([*lines[:-2], *moved]) + "\n", "utf-8")
    tiny.edit(root / "books.yml", '"inbox/{period}/gl_entry_line.csv"', "inbox/gl.csv")


def unbalanced_halves(root: Path) -> None:
    """The same, with line numbers that restart and parts that balance only together."""
    split_voucher(root)
    tiny.edit(root / "inbox/gl.csv", "记,2,4,2026-02-01,凭证,6401,20.00", "记,2,1,2026-02-01,凭证,6401,21.00")
    tiny.edit(root / "inbox/gl.csv", "记,2,5,2026-02-01", "记,2,2,2026-02-01")
    tiny.edit(root / "inbox/gl.csv", "1122,45.20", "1122,44.20")


def same_number_next_month(root: Path) -> None:
    """An incomplete voucher, and one of the same number in the next month that is sound."""
    unbalanced_halves(root)
    tiny.edit(root / "inbox/gl.csv", "6401,21.00", "6401,20.00")


# what is delivered, what is said in Chinese, what in English; each stops the run
STOPPED: dict[str, tuple[Change, list[str], list[str]]] = {
    "two files for one key": (
        two_files,
        ["销售出库单", "重复交付", f"{INBOX}/delivery_line.csv:2", f"{INBOX}/deliveryagain.csv:2"],
        ["Deliveries", "delivered twice", f"{INBOX}/delivery_line.csv:2", f"{INBOX}/delivery again.csv:2"],
    ),
    "a workbook cut off": (
        cut_xlsx,
        [f"{INBOX}/delivery_line.xlsx", "不完整、已损坏", "重新导出"],
        [f"{INBOX}/delivery_line.xlsx", "is incomplete, damaged", "export or copy it again"],
    ),
    "a Parquet file cut off": (
        cut_parquet,
        [f"{INBOX}/delivery_line.parquet", "已损坏"],
        [f"{INBOX}/delivery_line.parquet", "is incomplete, damaged"],
    ),
    "a CSV file cut inside a row": (
        cut_csv,
        [LEDGER, "第 9 行中断", "只有 7 列", "其他行 12 列"],
        [LEDGER, "breaks off in row 9", "7 columns", "others have 12"],
    ),
    "a CSV file cut inside a character": (
        cut_character,
        [LEDGER, "半个字符", "不完整"],
        [LEDGER, "ends inside a character"],
    ),
    "an encoding that is not the one stated": (
        wrong_encoding,
        ["inbox/party.csv 不是 books.yml 所写的 utf-8 编码，而是 gb18030", "改正或删去"],
        ["inbox/party.csv is not in utf-8 as books.yml says, but in gb18030", "Correct or remove"],
    ),
    "bytes that are no text": (
        no_encoding,
        ["inbox/party.csv", "编码无法识别", "gb18030"],
        ["inbox/party.csv", "cannot be decoded", "gb18030"],
    ),
    "a voucher whose lines are in two periods": (
        split_voucher,
        ["1 张凭证的分录分在两个期间", "inbox/gl.csv:5", "记-2 = inbox/gl.csv:8 (2026-02)", "只能属于一个期间"],
        ["1 vouchers have lines in two periods", "inbox/gl.csv:5", "记-2 = inbox/gl.csv:8 (2026-02)"],
    ),
    "a voucher that balances only with lines of the next period": (
        unbalanced_halves,
        ["1 张凭证的分录分在两个期间", "记-2 = inbox/gl.csv:8 (2026-02)"],
        ["1 vouchers have lines in two periods", "记-2 = inbox/gl.csv:8 (2026-02)"],
    ),
    "a voucher that is incomplete": (
        same_number_next_month,
        ["1 张凭证借贷不平", "inbox/gl.csv:5", "44.20 - 45.20 = -1.00"],
        ["1 vouchers do not balance", "inbox/gl.csv:5"],
    ),
    "a total row in the ledger": (
        lambda root: add(root, LEDGER, "2026-01,,,,,合计,,121.70,121.70,,,\n"),
        ["有 1 行是合计行", f"{LEDGER}:10 合计", "不是凭证分录"],
        ["1 rows are totals, not voucher lines", f"{LEDGER}:10 合计"],
    ),
    "UTF-8 that is said to be GB18030": (
        lambda root: tiny.edit(root / "books.yml", "path: inbox/party.csv", "path: inbox/party.csv, encoding: gb18030"),
        ["inbox/party.csv 不是 books.yml 所写的 gb18030 编码，而是 utf-8"],
        ["inbox/party.csv is not in gb18030 as books.yml says, but in utf-8"],
    ),
    "UTF-8 that GB18030 would read as other characters": (
        misread,
        ["inbox/party.csv 不是 books.yml 所写的 gb18030 编码，而是 utf-8"],
        ["inbox/party.csv is not in gb18030 as books.yml says, but in utf-8"],
    ),
    "a file that is missing": (
        lambda root: (root / DELIVERY).unlink(),
        ["中没有与 inbox/{period}/delivery_line.csv 相符的文件（销售出库单）", "放入该文件"],
        ["matches inbox/{period}/delivery_line.csv (Deliveries)", "Deliver the file"],
    ),
    "a required column that is missing": (
        lambda root: tiny.edit(root / RECEIPT, "quantity", "colour"),
        [f"{RECEIPT}（采购入库单）缺少必需的列“数量”（quantity）", "文件中的表头：document_no", "columns"],
        [f'{RECEIPT} (Goods receipts) lacks the required column "Quantity" (quantity)', "Headers in the file:"],
    ),
    "two headers for one column": (
        lambda root: tiny.edit(root / RECEIPT, "quantity,unit_price", "数量,实收数量"),
        [f"{RECEIPT}：表头“数量”与“实收数量”都对应“数量”（quantity）", "指定一个"],
        [f'{RECEIPT}: the headers "数量" and "实收数量" both mean "Quantity" (quantity)', "Say which"],
    ),
    "a file without anything": (
        lambda root: (root / DELIVERY).write_text("", "utf-8"),
        [f"{DELIVERY} 是空的，连表头也没有（应为：销售出库单）", "只有表头"],
        [f"{DELIVERY} is empty, without even headers (expected: Deliveries)", "headers alone"],
    ),
    "a ledger without a row": (
        lambda root: (root / LEDGER).write_text((root / LEDGER).read_text("utf-8").split("\n")[0] + "\n", "utf-8"),
        ["凭证分录：本期没有任何一行", "请交付该表"],
        ["Ledger voucher lines: there is not one row in this period", "Deliver it"],
    ),
    "a gz file cut off": (
        cut_gzip,
        [f"{DELIVERY}.gz 不完整、已损坏", "没有读取其中任何一行"],
        [f"{DELIVERY}.gz is incomplete, damaged", "None of its rows was read"],
    ),
    "a zip file cut off": (
        cut_zip,
        [f"{INBOX}/delivery_line.zip 不完整、已损坏"],
        [f"{INBOX}/delivery_line.zip is incomplete, damaged"],
    ),
    "a row delivered twice": (
        lambda root: add(root, DELIVERY, rows_as_text(root, DELIVERY)[-1]),
        [f"1 行重复交付（单据编号＋行号相同，= 之后是先出现的一行）：{DELIVERY}:3 D1 / 1 = {DELIVERY}:2", "删去"],
        ["1 rows are delivered twice (same Document no + Line no", f"{DELIVERY}:3 D1 / 1 = {DELIVERY}:2"],
    ),
    "a number in the ledger that is none": (
        lambda root: tiny.edit(root / LEDGER, ",50.00,,", ",5x0.00,,"),
        [f"“借方金额”有 1 行不是金额：{LEDGER}:2 5x0.00。这些行不能使用；请改成数字", "tieout rejected"],
        [f"Debit amount has 1 rows that are no amount: {LEDGER}:2 5x0.00. These rows cannot be used: write"],
    ),
    "a date in the ledger that is none": (
        lambda root: tiny.edit(root / LEDGER, "2026-01-31", "46053"),
        [f"“凭证日期”有 1 行不是日期：{LEDGER}:2 46053。", "若是 46042 这样的数字，请把该列设为日期格式"],
        [f"Voucher date has 1 rows that are no date: {LEDGER}:2 46053.", "give the column a date format"],
    ),
    "a mapped account that is not in the chart": (
        lambda root: add(root, "account_map.csv", "bank,9999\n"),
        ["account_map.csv 中 1 个科目不在科目表内：bank → 9999", "更正科目编码"],
        ["1 accounts of account_map.csv are not in the chart: bank → 9999", "Correct the code"],
    ),
    "a voucher that does not balance": (
        lambda root: tiny.edit(root / LEDGER, ",,56.50", ",,56.00"),
        [f"1 张凭证借贷不平（借方 - 贷方 = 差额）：{LEDGER}:2 记-1: 56.50 - 56.00 = 0.50", "重新导出"],
        [f"1 vouchers do not balance (debit - credit = difference): {LEDGER}:2 记-1: 56.50 - 56.00 = 0.50"],
    ),
    "nothing in the first period": (
        lambda root: tiny.edit(root / "books.yml", "first_period: 2026-01", "first_period: 2025-11"),
        ["没有第一个期间 2025-11", "只有 2026-01"],
        ["dated in the first period 2025-11", "only in 2026-01"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", STOPPED)
def test_what_cannot_be_used_is_told_in_both_languages_and_publishes_nothing(
    case: str, books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change, chinese, english = STOPPED[case]
    change(books)
    for language, words in (("zh", chinese), ("en", english)):
        code, said = told(books, language, capsys, "run")
        assert code == 1, said
        assert lacking(said, words) == [], said
        assert "Traceback" not in said
    assert current(books) == {}
    assert not (books / "runs").exists()


BAD_ROWS = [
    "D2,1,2026-01-21,C1,A,W,1,-10.00,,0.13",  # no amount, and a price that is none
    "D3,1,2026-01-21,C1,A,W,-1,10.00,-10.00,0.13,",  # a return as it should be
    "D4,1,2026-01-21,C1,A,W,1,10.00,10.00,0.13,箱",  # no factor for this unit
    ",,,,,,2,,20.00,0.13",  # below a merged cell
    "合计,,,,,,8,,80.00,",
    "D5,1,合计,C1,A,W,8,10.00,80.00,0.13",
    "D6,1,21/01/2026,C1,A,W,1,10.00,10.00,0.13",  # a day first, or a month?
    "D7,1,2026-01-21,C1,A,W,4x,10.00,40.00,0.13",
    "D8,1,2026-01-21,C1,B,W,1,10.00,10.00,0.13",  # no such item
    "D9,1,2026-01-21,C1,A,W,1,10.005,10.005,0.13",  # no amount of money
    "D10,1,46043,C1,A,W,1,10.00,10.00,0.13",  # the serial number of a day
    'D11,1,2026-01-21,C1,A,W,（１）,￥10.00,"(10.00)",13%',  # a return, in the ways people write it
    'D12,1,2026-01-21,C9,A,W,"1,000.0-",10,"10,000.00-",0.13',  # another, and a customer nobody knows
]
REJECTED = {
    (3, "unit_price", "negative_price"),
    (5, "unit", "unknown_unit"),
    (6, "document_no", "required_value_missing"),
    (6, "line_no", "required_value_missing"),
    (6, "document_date", "required_value_missing"),
    (6, "item_code", "required_value_missing"),
    (6, "warehouse_code", "required_value_missing"),
    (7, "document_no", "total_row"),
    (8, "document_date", "total_row"),
    (9, "document_date", "unreadable_date"),
    (10, "quantity", "unreadable_quantity"),
    (11, "item_code", "unknown_item"),
    (12, "amount", "more_than_two_decimals"),
    (13, "document_date", "unreadable_date"),
}


def with_bad_rows(root: Path) -> None:
    tiny.write(
        root / "inbox/item.csv",
        ["item_code", "name", "category", "is_stocked", "stock_unit"],
        [("A", "螺丝", "goods", "是", "个")],
    )
    lines = (root / DELIVERY).read_text("utf-8").splitlines()
    header, rows = f"{lines[0]},unit", [line + ",个" for line in lines[1:]]
    (root / DELIVERY).write_text("\n".join([header, *rows, *BAD_ROWS]) + "\n", "utf-8")


def test_what_is_wrong_with_a_row_is_told_in_both_languages(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_bad_rows(books)
    chinese = [
        f"“单价”有 1 行为负数，又没有金额：{DELIVERY}:3 -10.00。这些行被搁置",
        f"“计量单位”有 1 行不是该存货的主计量单位，也没有换算率：{DELIVERY}:5 A 箱。这些行被搁置",
        f"有 2 行是合计行：{DELIVERY}:7 合计",
        "如果是合并单元格，请在 books.yml 该抽取的 fill_down 中写明这一列",
        f"“单据日期”有 3 行不是日期：{DELIVERY}:8 合计；{DELIVERY}:9 21/01/2026；{DELIVERY}:13 46043",
        f"“数量”有 1 行不是数量：{DELIVERY}:10 4x。这些行不能使用；请改成数字后重新交付，或用 tieout rejected 更正",
        f"“存货编码”有 1 行在“存货档案”中找不到：{DELIVERY}:11 B。请重新导出“存货档案”，或更正编码",
        f"“客户编码”有 1 行在“往来单位档案”中找不到：{DELIVERY}:15 C9",
        f"“金额”有 1 行多于两位小数：{DELIVERY}:12 10.005。这些行不能使用；请在源系统按分取整",
    ]
    english = [
        f"Unit price is negative in 1 rows that have no amount: {DELIVERY}:3 -10.00. They are set aside",
        f"Unit is in 1 rows neither the item's stock unit nor converted to it: {DELIVERY}:5 A 箱",
        f"2 rows are totals: {DELIVERY}:7 合计",
        "where cells are merged, name the column under fill_down",
        f"Document date has 3 rows that are no date: {DELIVERY}:8 合计; {DELIVERY}:9 21/01/2026; {DELIVERY}:13 46043",
        f"Quantity has 1 rows that are no number: {DELIVERY}:10 4x. These rows cannot be used: write a number",
        f"Item code has 1 rows whose code is not in Items: {DELIVERY}:11 B. Deliver Items again, or correct",
        f"Customer code has 1 rows whose code is not in Parties: {DELIVERY}:15 C9",
        f"Amount has more than two decimals in 1 rows: {DELIVERY}:12 10.005. These rows cannot be used: round",
    ]
    for language, words in (("zh", chinese), ("en", english)):
        code, said = told(books, language, capsys, "check", "--format", "json")
        assert code == 0, said
        assert lacking(said, words) == [], said


def test_a_row_that_cannot_be_used_is_set_aside_with_its_reason_and_none_is_lost(
    books: Path, tmp_path: Path
) -> None:
    with_bad_rows(books)
    built = build_period(books, JANUARY, tmp_path / "work")
    assert built.failed == []  # no_row_is_lost and the other identities among them
    found = built.rows("select row_no, column_name, reason_code from marts.rejected_row")
    assert set(found) == REJECTED
    assert len(found) == len(REJECTED)
    lines = "from staging.business_event where document_type = 'delivery'"
    assert built.rows(f"select document_no, quantity, net_amount {lines} order by 1") == [
        ("D1", -4, 40),
        ("D11", 1, -10),
        ("D12", 1000, -10000),
        ("D3", 1, -10),
    ]
    assert built.rows("select distinct reason_zh is null or reason_en is null from marts.rejected_row") == [
        (False,)
    ]


def test_merged_cells_total_rows_dates_in_four_styles_and_numbers_as_text_are_read(
    books: Path, tmp_path: Path
) -> None:
    """A workbook as people make them: a title, merged headers and cells, and a total below."""
    as_xlsx(
        books,
        DELIVERY,
        [
            ["一人公司销售出库明细"],
            ["单据编号", "行号", "单据日期", "客户编码", "存货编码", "仓库编码", "数量", "单价", "金额", "税率"],
            ["D1", 1, date(2026, 1, 20), "C1", "A", "W", "１", " 10.00", "¥10.00", "13%"],
            ["", 2, "2026/1/20", "C1", "A", "W", "1.0000", "10.00", "10.00元", "0.13"],
            ["", 3, "2026年1月20日", "C1", "A", "W", 1, 10, "CNY 10.00", 13],
            ["D2", 1, "20260120", "C1", "A", "W", "1", "10", "10.00", "0.13"],
            ["合 计", "", "", "", "", "", 4, "", "40.00", ""],
        ],
        ["A3:A5", "B1:J1"],
    )  # fmt: skip
    tiny.edit(books / "books.yml", 'delivery_line.xlsx"}', 'delivery_line.xlsx", fill_down: [document_no]}')
    built = build_period(books, JANUARY, tmp_path / "work")
    assert built.failed == []
    assert built.rows(
        "select document_no, line_no, document_date, quantity, amount, tax_rate "
        "from staging.stg_delivery_line order by document_no, line_no"
    ) == [
        (document, line, date(2026, 1, 20), 1, 10, Decimal("0.13"))
        for document, line in (("D1", 1), ("D1", 2), ("D1", 3), ("D2", 1))
    ]
    assert built.rows("select row_no, reason_code from marts.rejected_row") == [(7, "total_row")]


def test_a_unit_with_a_factor_is_converted_by_the_item_s_own_factor_first(
    books: Path, tmp_path: Path
) -> None:
    with_bad_rows(books)
    (books / DELIVERY).write_text((books / DELIVERY).read_text("utf-8").split("\nD2")[0] + "\n", "utf-8")
    add(books, DELIVERY, "D4,1,2026-01-21,C1,A,W,1,10.00,10.00,0.13,箱\n")
    add(books, DELIVERY, "D5,1,2026-01-21,C1,A,W,1,10.00,10.00,0.13,打\n")
    tiny.write(
        books / "inbox/unit.csv",
        ["item_code", "from_unit", "to_unit", "factor"],
        [("A", "箱", "个", "1.5"), ("A", "箱", "公斤", "7"), ("", "箱", "个", "9"), ("", "打", "个", "0.5")],
    )
    add(books, "books.yml", "  - {table: unit_conversion, path: inbox/unit.csv}\n")
    built = build_period(books, JANUARY, tmp_path / "work")
    assert built.failed == []
    assert built.rows("select count(*) from marts.rejected_row") == [(0,)]
    delivered = "select document_no, quantity from staging.business_event where document_type = 'delivery'"
    assert [(document, str(quantity)) for document, quantity in built.rows(f"{delivered} order by 1")] == [
        ("D1", "-4.0000"),
        ("D4", "-1.5000"),
        ("D5", "-0.5000"),
    ]


def test_a_period_nobody_opened_is_told_with_its_rows(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows before the first period, behind a gap, and in a file that is read for another month."""
    tiny.edit(books / "books.yml", '"inbox/{period}/goods_receipt_line.csv"', "inbox/receipts.csv")
    text = (books / RECEIPT).read_text("utf-8")
    old = "R0,1,2025-12-30,S1,A,W,1,5.00,5.00,0.13\n"
    far = "R9,1,2062-01-05,S1,A,W,1,5.00,5.00,0.13\n"
    (books / "inbox/receipts.csv").write_text(text + old + far, "utf-8")
    add(books, DELIVERY, "D2,1,2026-02-01,C1,A,W,1,10.00,10.00,0.13\n")
    chinese = [
        "1 个文件有首期之前的行（期间 × 行数）：inbox/receipts.csv:3 2025-12 × 1",
        f"1 处文件中有其他期间的行（期间 × 行数）：{DELIVERY}:3 2026-02 × 1",
    ]
    english = [
        "1 files have rows before the first period (period × rows): inbox/receipts.csv:3 2025-12 × 1",
        f"1 times a file has rows of another period (period × rows): {DELIVERY}:3 2026-02 × 1",
    ]
    for language, words in (("zh", chinese), ("en", english)):
        code, said = told(books, language, capsys, "check", "--format", "json")
        assert code == 0, said
        assert lacking(said, words) == [], said


def test_data_behind_a_gap_is_told_and_not_run(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("goods_receipt_line", "purchase_invoice_line", "delivery_line", "gl_entry_line"):
        tiny.edit(books / "books.yml", f'"inbox/{{period}}/{name}.csv"', f"inbox/2026-01/{name}.csv")
    add(books, RECEIPT, "R9,1,2026-03-05,S1,A,W,1,5.00,5.00,0.13\n")
    words = {
        "zh": ["2026-03 有数据，但没有运行：期间 2026-02 没有数据", f"{RECEIPT}:3 (2026-03)", "补交 2026-02"],
        "en": ["2026-03 have data but are not run: there is none in 2026-02", f"{RECEIPT}:3 (2026-03)"],
    }
    for language, expected in words.items():
        code, said = told(books, language, capsys, "check", "--format", "json")
        assert code == 0, said
        assert lacking(said, expected) == [], said
    code, said = told(books, "en", capsys, "run")
    assert (code, list(current(books))) == (0, [JANUARY])
    assert lacking(said, words["en"]) == [], said
