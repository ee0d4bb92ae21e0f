"""The layouts of single voucher formats: columns, defaults, encodings, and the public samples where present.

What all formats share is in test_vouchers.py.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from pipelines.contract import load_contract
from pipelines.messages import CATALOGUE
from pipelines.vouchers import (
    VoucherLine,
    VoucherOptions,
    canonical,
    kingdee,
    u8,
    voucher_lines,
    write_vouchers,
)
from pipelines.vouchers.journal import account_names
from pipelines.vouchers.lines import Account
from tests.unit.voucher_run import make_voucher_run

if TYPE_CHECKING:
    from collections.abc import Iterable

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "cn_voucher_formats"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no sample files beside this repository")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return make_voucher_run(tmp_path / "run")


def _line(**values: Any) -> VoucherLine:
    empty: dict[str, Any] = dict.fromkeys(VoucherLine._fields, "")
    plain = {
        "period": "2026-01",
        "voucher_word": "记",
        "voucher_no": 1,
        "line_no": 1,
        "voucher_date": date(2026, 1, 8),
        "attachments": 2,
        "summary": "采购入库 CG0001",
        "debit_amount": Decimal("0.00"),
        "credit_amount": Decimal("0.00"),
        "quantity": None,
        "source_line_no": None,
    }
    return VoucherLine(**(empty | plain | values))


def _kingdee_rows(path: Path, sheet: str = "Page1") -> list[dict[str, Any]]:
    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def test_the_workbook_has_37_columns_and_a_schema_that_names_each(run: Path, tmp_path: Path) -> None:
    (path,) = write_vouchers(run, tmp_path / "out", ["kingdee"])
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Page1", "t_Schema"]
    header = book.get_sheet_by_name("Page1").to_python()[0]
    fields = [row for row in _kingdee_rows(path, "t_Schema") if row["FType"] == "FieldInfo"]
    assert len(header) == 37
    assert [row["FCaption"] for row in fields] == header
    assert [row["FKey"] for row in fields] == [column.key for column in kingdee.COLUMNS]
    assert [row["FColIndex"] for row in fields] == [
        str(number) for number in range(1, 40) if number not in {6, 16}
    ]


def test_kingdee_cells_are_typed_and_red_stays_on_its_side(run: Path, tmp_path: Path) -> None:
    (path,) = write_vouchers(run, tmp_path / "out", ["kingdee"], VoucherOptions(prepared_by="张三"))
    rows = _kingdee_rows(path)
    red = rows[0]
    assert (red["凭证日期"], red["借方"], red["贷方"], red["原币金额"]) == (date(2026, 1, 1), -5000, 0, -5000)
    assert (red["数量"], red["单价"], red["数量单位"]) == (-10, 500, "件")
    assert [row["核算项目"] for row in rows[:2]] == ["", "供应商---V002---乙公司"]
    assert {row["核算项目"] for row in rows if row["科目代码"] == "6602"} == {"部门---D01---行政部"}
    assert {row["核算项目"] for row in rows if row["科目代码"] in {"1405", "6401"}} == {""}
    expected = {
        "币别代码": "RMB",
        "币别名称": "人民币",
        "制单": "张三",
        "审核": "NONE",
        "核准": "NONE",
        "出纳": "NONE",
        "经办": "",
        "结算方式": "*",
        "汇率类型": "公司汇率",
        "汇率": 1,
        "分录序号": 0,
        "过账": 0,
        "会计年度": 2026,
        "会计期间": 1,
        "附件数": 1,
    }
    assert {name: red[name] for name in expected} == expected


def test_an_amount_that_a_number_cell_cannot_hold_is_text(tmp_path: Path) -> None:
    amount = Decimal("12345678901234.56")
    lines = [
        _line(account_code="1405", debit_amount=amount),
        _line(line_no=2, account_code="2202", credit_amount=amount),
    ]
    (path,) = kingdee.write(lines, tmp_path, VoucherOptions())
    assert [row["借方"] or row["贷方"] for row in _kingdee_rows(path)] == [str(amount)] * 2
    assert [line.debit_amount + line.credit_amount for line in kingdee.read(path)] == [amount] * 2


def test_a_summary_that_looks_like_a_formula_or_an_address_stays_text(tmp_path: Path) -> None:
    texts = ["=1+1", "http://a.example/b", "-5", "007"]
    lines = [
        _line(line_no=position, summary=text, account_code="001") for position, text in enumerate(texts, 1)
    ]
    (path,) = kingdee.write(lines, tmp_path, VoucherOptions())
    assert [line.summary for line in kingdee.read(path)] == texts
    assert {line.account_code for line in kingdee.read(path)} == {"001"}


def test_large_exports_are_split_between_vouchers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kingdee, "MAX_ROWS", 5)
    lines = [
        _line(voucher_no=number, line_no=position, account_code="1405")
        for number in (1, 2, 3)
        for position in (1, 2, 3)
    ]
    paths = kingdee.write(lines, tmp_path, VoucherOptions())
    assert [path.name for path in paths] == ["kingdee.xlsx", "kingdee-2.xlsx", "kingdee-3.xlsx"]
    written = [line.voucher_no for path in paths for line in kingdee.read(path)]
    assert written == [line.voucher_no for line in lines]


@needs_samples
def test_the_kingdee_sample_has_the_same_columns_and_the_same_cells() -> None:
    path = SAMPLES / "kingdee_k3_kis_37col_constructed.csv"
    with path.open(encoding="utf-8-sig", newline="") as handle:
        header, *rows = csv.reader(handle)
    assert header == [column.caption for column in kingdee.COLUMNS]
    ours = [
        _line(
            account_code="1405",
            account_name="库存商品",
            debit_amount=Decimal("10000.00"),
            quantity=Decimal(100),
            stock_unit="件",
        ),
        _line(line_no=2, account_code="2221.01.01", account_name="进项税额", debit_amount=Decimal("1300.00")),
        _line(
            line_no=3,
            account_code="2202",
            account_name="应付账款",
            credit_amount=Decimal("11300.00"),
            account_role="ap",
            party_code="V001",
            party_name="甲公司",
        ),
    ]
    for line, row in zip(ours, rows, strict=True):
        written = [_plain(value) for value in kingdee.cells(line, VoucherOptions(prepared_by="demo"))]
        assert written == [_plain(value) for value in row]


def _plain(value: object) -> str:
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except ArithmeticError:
        return str(value)


@needs_samples
def test_the_samples_of_both_systems_read_as_balanced_vouchers() -> None:
    for lines in (
        kingdee.read(SAMPLES / "kingdee_k3_kis_37col_constructed.xlsx"),
        u8.read(SAMPLES / "u8_v800_constructed_gbk.txt"),
    ):
        assert lines
        assert sum(line.debit_amount - line.credit_amount for line in lines) == 0


@needs_samples
def test_the_u8_sample_has_the_same_fields_as_ours() -> None:
    sample = (SAMPLES / "u8_v800_constructed_gbk.txt").read_text("gbk").splitlines()
    ours = u8.fields(
        _line(account_code="2202", credit_amount=Decimal("11300.00"), account_role="ap", party_code="V001"),
        VoucherOptions(prepared_by="demo"),
    )
    assert sample[0] == u8.FIRST_LINE
    assert ",".join(ours) == sample[3]


def test_u8_rows_have_48_fields_in_gbk_with_windows_line_ends(run: Path, tmp_path: Path) -> None:
    (path,) = write_vouchers(run, tmp_path / "out", ["u8"])
    data = path.read_bytes()
    assert data.startswith("填制凭证,V800\r\n".encode("gbk"))
    rows = data.decode("gbk").split("\r\n")[1:-1]
    assert {len(row.split(",")) for row in rows} == {48}
    assert any("FP-001 甲 乙" in row for row in rows)


def test_u8_cuts_a_summary_at_60_bytes_and_never_inside_a_character(tmp_path: Path) -> None:
    line = _line(summary="a" + "汉" * 40, account_code="1405", debit_amount=Decimal("1.00"))
    (path,) = u8.write([line], tmp_path, VoucherOptions())
    assert u8.read(path)[0].summary == "a" + "汉" * 29


def test_every_canonical_column_is_explained_in_both_languages() -> None:
    assert {f"voucher_column_{name}" for name in canonical.COLUMNS} <= CATALOGUE.keys()


def test_the_canonical_file_uses_the_contract_s_own_names(run: Path, tmp_path: Path) -> None:
    (path,) = write_vouchers(run, tmp_path / "out", ["canonical"])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    known = load_contract().tables["gl_entry_line"].columns
    assert {name for name, column in known.items() if column.required} <= set(canonical.COLUMNS)
    shared = {
        "source_document_type",
        "source_document_no",
        "source_line_no",
        "party_code",
        "item_code",
        "attachments",
        "summary",
        "quantity",
        "department_code",
    }
    assert shared <= known.keys() & set(canonical.COLUMNS)


def test_the_canonical_file_is_what_a_csv_writer_makes_of_the_lines(run: Path, tmp_path: Path) -> None:
    change = """update voucher_line set summary_zh = E'两行\\r\\n"文", 等' where line_no = 1"""
    path = run / "voucher_line.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table voucher_line as from '{path}'")
        connection.execute(change)
        connection.execute(f"copy voucher_line to '{path}' (format parquet)")
    (written,) = write_vouchers(run, tmp_path / "out", ["canonical"])
    wanted = io.StringIO(newline="")
    csv.writer(wanted).writerows([canonical.COLUMNS, *voucher_lines(run, VoucherOptions())])
    assert '"两行\r\n""文"", 等"' in wanted.getvalue()
    assert written.read_bytes().decode("utf-8-sig") == wanted.getvalue()


def test_the_canonical_file_keeps_text_exactly(run: Path, tmp_path: Path) -> None:
    (path,) = write_vouchers(run, tmp_path / "out", ["canonical"])
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert '发票 FP-001, 甲"乙"' in {row["summary"] for row in rows}
    assert "0012" in {row["item_code"] for row in rows}
    assert "9999999999999.99" in {row["debit_amount"] for row in rows}


def _balances(lines: Iterable[VoucherLine]) -> dict[str, Decimal]:
    """Account → debit less credit of all lines, without what comes to nothing."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        found[line.account_code] += line.debit_amount - line.credit_amount
    return {code: amount for code, amount in found.items() if amount}


def test_bean_check_takes_the_journal_and_has_our_balances(run: Path, tmp_path: Path) -> None:
    loader = pytest.importorskip("beancount.loader")
    (path,) = write_vouchers(run, tmp_path, ["beancount"], VoucherOptions(company='"甲" 公司'))
    entries, errors, told = loader.load_file(str(path))
    assert errors == []
    assert told["title"] == '"甲" 公司'
    codes = {entry.account: entry.meta["code"] for entry in entries if type(entry).__name__ == "Open"}
    found: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        for posting in getattr(entry, "postings", ()):
            assert posting.units.currency == "CNY"
            found[codes[posting.account]] += posting.units.number
    assert {code: amount for code, amount in found.items() if amount} == _balances(
        voucher_lines(run, VoucherOptions())
    )


def test_hledger_takes_the_journal_and_has_our_balances(run: Path, tmp_path: Path) -> None:
    command = shutil.which("hledger")
    if command is None:
        pytest.skip("hledger is not installed")
    (path,) = write_vouchers(run, tmp_path, ["hledger"])
    told = [
        subprocess.run(
            [command, "-f", str(path), *asked],
            capture_output=True,
            check=True,
            encoding="utf-8",
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        ).stdout
        for asked in (["check", "--strict"], ["balance", "--flat", "--no-total", "-O", "csv"])
    ]
    names = account_names(voucher_lines(run, VoucherOptions()).accounts())
    codes = {name: code for code, name in names.items()}
    _, *rows = csv.reader(io.StringIO(told[1]))
    found = {codes[name]: Decimal(amount.removesuffix(" CNY")) for name, amount in rows}
    assert found == _balances(voucher_lines(run, VoucherOptions()))


def test_accounts_that_a_journal_would_call_the_same_stay_apart() -> None:
    accounts = [
        Account(code, "", role, date(2026, 1, 1))
        for code, role in (
            ("2221.01", "input_vat"),
            ("2221-01", "output_vat"),
            ("?x", "?x"),
            ("现金", "bank"),
        )
    ]
    assert account_names(accounts) == {
        "2221.01": "Liabilities:2221-01",
        "2221-01": "Liabilities:2221-01-2",
        "?x": "Equity:X",
        "现金": "Assets:现金",
    }


def test_imports_name_the_entry_once_and_partners_where_the_account_is_kept_by_them(
    run: Path, tmp_path: Path
) -> None:
    options = VoucherOptions(company="甲", abbreviation="J")
    odoo_path, erpnext_path = write_vouchers(run, tmp_path, ["odoo", "erpnext"], options)
    odoo_rows = list(csv.DictReader(io.StringIO(odoo_path.read_text("utf-8"))))
    assert [row["ref"] for row in odoo_rows[:4]] == ["记-1 RK-000", "", "记-2 RK-002", ""]
    assert {row["line_ids/partner_id"] for row in odoo_rows if row["line_ids/account_id/code"] == "2202"} == {
        "甲公司"
    }
    assert (odoo_rows[0]["line_ids/debit"], odoo_rows[0]["line_ids/credit"]) == ("0.00", "5000.00")
    first, second, *_ = csv.DictReader(io.StringIO(erpnext_path.read_text("utf-8")))
    assert (first["Company"], first["Account (Accounting Entries)"]) == ("甲", "1405 - 库存商品 - J")
    assert (
        second["ID"],
        second["Party Type (Accounting Entries)"],
        second["Party (Accounting Entries)"],
    ) == (
        "",
        "Supplier",
        "乙公司",
    )


def test_audit_files_have_the_names_and_forms_of_their_standards(run: Path, tmp_path: Path) -> None:
    fec_path, ads_path, xml_path = write_vouchers(
        run, tmp_path, ["fec", "ads", "gbt24589"], VoucherOptions(company="甲<乙>", prepared_by="张三")
    )
    header, first, *_ = fec_path.read_text("utf-8").splitlines()
    assert header.replace("\t", " ") == (
        "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef "
        "PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise"
    )
    assert first.split("\t")[11:13] == ["-5000,00", "0,00"]
    assert ads_path.name == "GL_Detail_20260101_20260131.txt"
    red = next(csv.DictReader(io.StringIO(ads_path.read_text("utf-8")), delimiter="|"))
    assert (red["Amount"], red["Amount_Credit_Debit_Indicator"], red["Reversal_Indicator"]) == (
        "5000.00",
        "C",
        "1",
    )
    root = ET.fromstring(xml_path.read_text("utf-8"))
    assert root.attrib == {"标准版本号": "GB/T 24589.1-2010", "会计核算单位": "甲<乙>"}
    line = root.findall("记账凭证")[0]
    assert {child.tag: child.get("locID") for child in line if child.get("locID")}["借方本币金额"] == "020509"
    assert (line.findtext("借方本币金额"), line.findtext("制单人")) == ("-5000.00", "张三")
