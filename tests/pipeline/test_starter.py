"""A new books folder is filled in as a person would, in its own templates, and runs as it is."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb
import pytest
import yaml

from pipelines import cli
from pipelines.books import load_books
from pipelines.contract import load_contract
from pipelines.extracts import land
from pipelines.extracts.grid import new_connection
from pipelines.extracts.sheets import sheets_of
from pipelines.publication import current_snapshot
from pipelines.starter import sample_rows
from tests.pipeline import tiny

FIRST = "2026-01"
EPOCH = date(1899, 12, 30)
UNUSED = {"opening_item_line", "sales_invoice_line", "stock_movement_line", "payment_line", "stock_balance", "unit_conversion", "gl_balance"}  # fmt: skip
CODES = {"22210106": "22210107"}


def new_books(root: Path, *options: str) -> Path:
    assert cli.run(["init", str(root), "--first-period", FIRST, *options]) == 0
    return root


def templates(books: Path) -> dict[str, Path]:
    return {extract.table or "": books / (extract.path or "") for extract in load_books(books).extracts}


def fill_in(path: Path, table: str, rows: list[dict[str, object]], first_row: int = 4) -> None:
    """Type rows into the first sheet from row 4 on: what stands there stays, cells take their column's style."""
    names = list(sample_rows()[table])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    styles = dict(re.findall(r'<col min="(\d+)"[^>]* style="(\d+)"', sheet))
    typed = "".join(
        f'<row r="{number}">'
        + "".join(_cell(names.index(name), number, value, styles) for name, value in row.items())
        + "</row>"
        for number, row in enumerate(rows, first_row)
    )
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", f"{typed}</sheetData>").encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _cell(place: int, number: int, value: object, styles: dict[str, str]) -> str:
    where = f'r="{chr(65 + place)}{number}" s="{styles[str(place + 1)]}"'
    if isinstance(value, date):
        return f"<c {where}><v>{(value - EPOCH).days}</v></c>"
    if isinstance(value, int | float):
        return f"<c {where}><v>{value}</v></c>"
    return f'<c {where} t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def typed(name: str, value: object) -> object:
    """A value as Excel holds it: days as days, figures as numbers, codes as text."""
    text = str(value)
    kind = next(
        table.columns[name].data_type for table in load_contract().tables.values() if name in table.columns
    )
    if kind == "date":
        return date.fromisoformat(text)
    if kind in ("quantity", "amount", "unit_cost", "rate", "integer"):
        return float(text)
    return CODES.get(text, text)


def fill_with_tiny(books: Path) -> None:
    """January of the smallest company; entries of templates it has no use for are removed from books.yml."""
    paths = templates(books)
    fill_in(
        paths["item"], "item", [{"item_code": "A", "name": "螺丝", "category": "商品", "is_stocked": "是"}]
    )
    fill_in(paths["warehouse"], "warehouse", [{"warehouse_code": "W", "name": "主仓", "ownership": "自有"}])
    fill_in(
        paths["party"],
        "party",
        [
            {"party_code": "S1", "name": "供应商", "kind": "供应商"},
            {"party_code": "C1", "name": "客户", "kind": "客户"},
        ],
    )
    chart: list[dict[str, object]] = [
        {"account_code": CODES.get(code, code), "name": name} for code, name, _ in tiny.ACCOUNTS
    ]
    fill_in(paths["account"], "account", chart)
    for table, (header, rows) in tiny.MONTHS[FIRST].items():
        given = [
            {name: typed(name, value) for name, value in zip(header, row, strict=True) if value != ""}
            for row in rows
        ]
        fill_in(paths[table], table, given)
    settings = books / "books.yml"
    kept = [
        line
        for line in settings.read_text("utf-8").splitlines()
        if not any(f"table: {name}," in line for name in UNUSED)
    ]
    settings.write_text("\n".join(kept), "utf-8")
    roles = books / "account_map.csv"
    used = {CODES.get(code, code) for code, _, _ in tiny.ACCOUNTS}
    with roles.open(encoding="utf-8-sig", newline="") as file:
        header_row, *mapped = list(csv.reader(file))
    tiny.write(roles, header_row, [row if row[6] in used else [*row[:6], "", row[7]] for row in mapped])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_folder_is_valid_and_every_template_is_found_without_its_sample(
    tmp_path: Path, language: str
) -> None:
    books = load_books(new_books(tmp_path / "new", "--language", language, "--name", "某公司"))
    assert (books.name, books.language, books.first_period) == ("某公司", language, FIRST)
    assert {extract.table for extract in books.extracts} == set(sample_rows())
    with new_connection() as connection:
        for file in land(books).files:
            (sheet,) = sheets_of(connection, file)
            assert sheet.header.is_complete, file.name
            assert sheet.header.row == 3, file.name
            mapped = connection.sql(sheet.mapped())
            assert mapped.fetchall() == [], file.name


def test_every_column_of_a_template_is_read_under_its_header(tmp_path: Path) -> None:
    books = new_books(tmp_path / "new")
    for table, path in templates(books).items():
        marked = {name: f"{number}" for number, name in enumerate(sample_rows()[table], 1)}
        fill_in(path, table, [dict(marked)])
    with new_connection() as connection:
        for file in land(load_books(books)).files:
            (sheet,) = sheets_of(connection, file)
            (row,) = connection.execute(sheet.mapped()).fetchall()
            names = list(load_contract().tables[file.extract.table or ""].columns)
            found = {name: value for name, value in zip(names, row, strict=False) if value is not None}
            assert found == {
                name: str(n) for n, name in enumerate(sample_rows()[file.extract.table or ""], 1)
            }


def test_templates_filled_in_check_green_and_publish(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books = new_books(tmp_path / "new", "--name", "一人公司")
    fill_with_tiny(books)
    capsys.readouterr()
    assert cli.run(["check", "--books", str(books), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["expectation"] for one in found] == ["opening_items_are_given"]  # this company has none
    assert cli.run(["run", "--books", str(books)]) == 0
    snapshot = current_snapshot(books)
    assert snapshot is not None
    verdict = duckdb.execute(
        f"select verdict, break_count from read_parquet('{snapshot}/period=*/verdict.parquet')"
    ).fetchall()
    assert verdict == [("ready", 0)]
    lines = duckdb.execute(f"select count(*) from read_parquet('{snapshot}/period=*/ledger_line.parquet')")
    assert lines.fetchall() == [(len(tiny.MONTHS[FIRST]["gl_entry_line"][1]),)]


def test_check_names_file_row_and_column_of_a_wrong_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books = new_books(tmp_path / "new", "--language", "en")
    fill_with_tiny(books)
    fill_in(
        templates(books)["delivery_line"],
        "delivery_line",
        [{"document_no": "D9", "line_no": 1, "document_date": "20th of May", "item_code": "A", "warehouse_code": "W", "quantity": 1, "amount": 5}],
        first_row=9,
    )  # fmt: skip
    capsys.readouterr()
    cli.run(["check", "--books", str(books)])
    shown = " ".join(capsys.readouterr().out.split())
    assert "Document date has 1 rows that are no date: inbox/delivery_line.xlsx:9 20th of May" in shown


def test_a_folder_with_anything_in_it_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert cli.run(["init", str(tmp_path)]) == 2
    assert "is not an empty folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert cli.run(["init", str(tmp_path / "mine.txt")]) == 2


def test_equal_choices_give_equal_bytes(tmp_path: Path) -> None:
    first, second = new_books(tmp_path / "a" / "x"), new_books(tmp_path / "b" / "x")
    files = [path.relative_to(first) for path in first.rglob("*") if path.is_file()]
    assert len(files) == len(sample_rows()) + 2
    assert not [path for path in files if (first / path).read_bytes() != (second / path).read_bytes()]


def test_every_setting_of_the_books_is_explained(tmp_path: Path) -> None:
    """The settings file shows each one there is, so that nobody has to look for it elsewhere."""
    from pipelines.books import Books, Costing, Extract, Posting

    text = (new_books(tmp_path / "new") / "books.yml").read_text("utf-8")
    given = yaml.safe_load(text)
    assert set(Books.model_fields) - {"root", "account_map", "posting_rules"} <= set(given)
    assert set(Costing.model_fields) == set(given["costing"])
    assert set(Posting.model_fields) == set(given["posting"])
    assert all(
        re.search(rf"^#   {name} ", text, re.MULTILINE)
        for name in set(Extract.model_fields) - {"table", "path"}
    )
