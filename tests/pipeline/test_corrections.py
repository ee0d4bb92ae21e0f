"""Rejected rows go out as a workbook and come back corrected: nothing doubled, nothing lost, the file untouched."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import python_calamine as calamine
from xlsxwriter.workbook import Workbook

from pipelines import cli, published
from pipelines.books import load_books
from pipelines.extracts import land
from pipelines.extracts.corrections import FOLDER
from pipelines.publication import current, verify
from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_period

JANUARY, FEBRUARY = "2026-01", "2026-02"
DELIVERY = "inbox/2026-02/delivery_line.csv"
LEDGER = "inbox/2026-02/gl_entry_line.csv"
QUANTITY, DATE, AMOUNT = "数量 (Quantity)", "单据日期 (Document date)", "借方金额 (Debit amount)"

pytestmark = pytest.mark.xdist_group("corrections")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tiny.write_books(tmp_path_factory.mktemp("corrections") / "books", [JANUARY])
    assert cli.run(["run", "--books", str(root)]) == 0
    tiny.deliver(root, FEBRUARY)
    tiny.edit(root / DELIVERY, ",2,10.00,", ",2x,10.00,")
    return root


@pytest.fixture(scope="module")
def out(done: Path) -> Path:
    """The workbook of the one rejected row."""
    return write_out(done, done.parent / "out.xlsx")


@pytest.fixture
def books(done: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(done, tmp_path / "books", symlinks=True))


def write_out(root: Path, target: Path) -> Path:
    assert cli.run(["rejected", "--books", str(root), "--output", str(target), "--format", "json"]) == 0
    return target


def put_back(
    source: Path, root: Path, changes: Mapping[str, str], name: str = "更正.xlsx", sheet: int = 0
) -> Path:
    """What a person does: change cells of the first row, and save the workbook in the folder."""
    grid: list[list[object]] = [
        list(row) for row in calamine.CalamineWorkbook.from_path(source).get_sheet_by_index(sheet).to_python()
    ]
    header = list(grid[1])
    for column, value in changes.items():
        grid[2][header.index(column)] = value
    target = root / FOLDER / name
    target.parent.mkdir(exist_ok=True)
    with Workbook(str(target), {"strings_to_numbers": False}) as workbook:
        written = workbook.add_worksheet("改过的")
        for number, row in enumerate(grid):
            for place, cell in enumerate(row):
                written.write(number, place, cell)
    return target


def staged(built: Built, columns: str = "document_no, quantity, source_file, source_row") -> list[object]:
    return [
        tuple(map(str, row))
        for row in built.rows(f"select {columns} from staging.stg_delivery_line order by all")
    ]


def rejected(built: Built) -> list[object]:
    return list(built.rows("select file, row_no, reason_code from marts.rejected_row order by all"))


def corrections(built: Built) -> list[object]:
    return list(built.rows("select file, row, of_file, of_row, status from raw.correction order by all"))


def test_a_corrected_row_takes_the_place_of_the_rejected_one(books: Path, out: Path, tmp_path: Path) -> None:
    before, january = (books / DELIVERY).read_bytes(), current(books)[JANUARY]
    assert cli.run(["run", "--books", str(books)]) == 3
    put_back(out, books, {QUANTITY: "2"})
    assert cli.run(["run", "--books", str(books)]) == 0  # every account ties: the row counts, and counts once
    assert published.read(books, "rejected_row", where={"period": FEBRUARY}).dicts() == []
    sold = published.read(books, "stock_ledger", where={"period": FEBRUARY, "document_no": "D2"}).dicts()
    assert [str(row["quantity"]) for row in sold] == ["-2.0000"]
    assert (books / DELIVERY).read_bytes() == before
    assert current(books)[JANUARY] == january
    assert verify(books) == []


def test_the_row_is_found_where_it_was_corrected_and_counted_for_its_file(
    books: Path, out: Path, tmp_path: Path
) -> None:
    put_back(out, books, {QUANTITY: "2"})
    built = build_period(
        books, FEBRUARY, tmp_path / "work", [books / "runs" / JANUARY / current(books)[JANUARY]]
    )
    place = f"{FOLDER}/更正.xlsx[改过的]"
    assert built.failed == []
    assert staged(built) == [("D2", "2.0000", place, "3")]
    assert corrections(built) == [(place, 3, DELIVERY, 2, "applied")]
    counted = "select period_rows from raw.landed_file where table_name = 'delivery_line'"
    assert built.rows(counted) == [(1,)]


def test_a_run_is_another_one_when_a_correction_changes(books: Path, out: Path, tmp_path: Path) -> None:
    runs = set()
    for quantity in ("2", "3"):
        put_back(out, books, {QUANTITY: quantity})
        assert cli.run(["run", "--books", str(books)]) in (0, 3)
        runs.add(current(books)[FEBRUARY])
    assert len(runs) == 2


def test_a_workbook_put_back_unchanged_changes_nothing(books: Path, out: Path, tmp_path: Path) -> None:
    put_back(out, books, {})
    built = build_period(books, FEBRUARY, tmp_path / "work")
    assert rejected(built) == [(DELIVERY, 2, "unreadable_quantity")]
    assert [row[-1] for row in corrections(built)] == ["unchanged"]  # type: ignore[index]


def test_a_correction_of_a_row_that_was_delivered_again_is_told_and_not_used(
    books: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_back(out, books, {QUANTITY: "7"})
    tiny.edit(books / DELIVERY, ",2x,10.00,", ",2,10.00,")
    built = build_period(books, FEBRUARY, tmp_path / "work")
    assert staged(built, "document_no, quantity, source_file") == [("D2", "2.0000", DELIVERY)]
    assert rejected(built) == []
    capsys.readouterr()
    assert cli.run(["check", "--books", str(books), "--format", "json"]) == 0
    (found,) = [
        one
        for one in json.loads(capsys.readouterr().out)
        if one["expectation"] == "corrections_find_their_rows"
    ]
    assert found["sample"] == f"{FOLDER}/更正.xlsx[改过的]:3 → {DELIVERY}:2"


def test_a_row_corrected_twice_stops_with_both_places(
    books: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_back(out, books, {QUANTITY: "2"})
    put_back(out, books, {QUANTITY: "3"}, "again.xlsx")
    for language, word in (("en", "is corrected twice"), ("zh", "更正了两次")):
        tiny.edit(books / "books.yml", "language: ", f"language: {language} #")
        assert cli.run(["run", "--books", str(books)]) == 1
        told = capsys.readouterr().err
        assert word in told
        assert "更正.xlsx" in told
        assert "again.xlsx" in told
    assert list(current(books)) == [JANUARY]


def test_a_correction_that_is_still_wrong_is_mended_where_it_stands(
    books: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_back(out, books, {QUANTITY: "two"})
    built = build_period(books, FEBRUARY, tmp_path / "work")
    assert rejected(built) == [(f"{FOLDER}/更正.xlsx[改过的]", 3, "unreadable_quantity")]
    assert built.failed == []
    capsys.readouterr()
    again = write_out(books, tmp_path / "again.xlsx")
    assert f"{FOLDER}/更正.xlsx[改过的]:3" in capsys.readouterr().err
    assert not again.exists()


def test_equal_rows_are_corrected_one_by_one(books: Path, out: Path, tmp_path: Path) -> None:
    """Two copies of one wrong row: each has its own line in the workbook, and one of them is corrected."""
    put_back(out, books, {QUANTITY: "2"})
    query = "select * replace (line_no as line_no) from extract union all select * from extract"
    tiny.edit(
        books / "books.yml",
        '"inbox/{period}/delivery_line.csv"}',
        f'"inbox/{{period}}/delivery_line.csv", query: "{query}"}}',
    )
    built = build_period(books, FEBRUARY, tmp_path / "work")
    assert staged(built, "document_no, quantity") == [("D2", "2.0000")]
    assert rejected(built) == [(DELIVERY, 2, "unreadable_quantity")]


def test_a_corrected_date_moves_the_row_into_its_period(books: Path, tmp_path: Path) -> None:
    """A row without a readable date is in every period; corrected, it is in one."""
    for name in ("delivery_line", "goods_receipt_line", "purchase_invoice_line", "gl_entry_line"):
        lines = [
            (books / "inbox" / month / f"{name}.csv").read_text("utf-8").splitlines()
            for month in (JANUARY, FEBRUARY)
        ]
        (books / f"inbox/{name}.csv").write_text("\n".join([*lines[0], *lines[1][1:]]) + "\n", "utf-8")
        tiny.edit(books / "books.yml", f'"inbox/{{period}}/{name}.csv"', f"inbox/{name}.csv")
    tiny.edit(books / "inbox/delivery_line.csv", "2026-02-20", "20.2.26")
    tiny.edit(books / "inbox/delivery_line.csv", ",2x,10.00,", ",2,10.00,")
    assert rejected(build_period(books, JANUARY, tmp_path / "before")) == [
        ("inbox/delivery_line.csv", 3, "unreadable_date")
    ]
    put_back(write_out(books, tmp_path / "out.xlsx"), books, {DATE: "2026-02-20"})
    first = build_period(books, JANUARY, tmp_path / "first")
    assert (staged(first, "document_no"), rejected(first)) == ([("D1",)], [])
    second = build_period(books, FEBRUARY, tmp_path / "second", [first.folder])
    assert (staged(second, "document_no"), rejected(second)) == ([("D2",)], [])
    assert [*first.failed, *second.failed] == []


def test_a_ledger_row_that_stops_the_run_can_be_corrected_before_anything_is_published(
    books: Path, tmp_path: Path
) -> None:
    tiny.edit(books / DELIVERY, ",2x,10.00,", ",2,10.00,")
    tiny.edit(books / LEDGER, ",26.00,,", ",26.O0,,")
    assert cli.run(["run", "--books", str(books)]) == 1
    put_back(write_out(books, tmp_path / "out.xlsx"), books, {AMOUNT: "26.00"})
    assert cli.run(["run", "--books", str(books)]) == 0


def unmarked(root: Path) -> None:
    tiny.write(root / FOLDER / "x.csv", ["document_no", "quantity"], [("D2", "2")])


def misplaced(root: Path) -> None:
    (root / FOLDER / "更正.xlsx").rename(root / "inbox" / FEBRUARY / "更正.xlsx")
    tiny.edit(root / "books.yml", "inbox/{period}/delivery_line.csv", "inbox/{period}/更正.xlsx")
    shutil.copy(root / "inbox" / FEBRUARY / "更正.xlsx", root / "inbox" / JANUARY / "更正.xlsx")


def without_mark(root: Path) -> None:
    put_back(root / FOLDER / "更正.xlsx", root, {"原行 Delivered row (tieout:row)": ""})


@pytest.mark.parametrize(
    ("change", "chinese", "english"),
    [
        (unmarked, "没有 tieout rejected 写出的", "lacks the tieout: columns"),
        (misplaced, "是更正表，不是抽取文件", "is a workbook of corrections and no extract"),
        (without_mark, "没有写明更正的是哪一行", "does not say which row it corrects"),
    ],
)
def test_a_workbook_in_the_wrong_place_or_shape_is_told(
    change: Callable[[Path], None], chinese: str, english: str, books: Path, out: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    put_back(out, books, {QUANTITY: "2"})
    change(books)
    for language, word in (("en", english), ("zh", chinese)):
        tiny.edit(books / "books.yml", "language: ", f"language: {language} #")
        assert cli.run(["run", "--books", str(books)]) == 1
        assert word in capsys.readouterr().err
    assert list(current(books)) == [JANUARY]


def test_no_extract_reads_what_lies_in_the_folder(books: Path, out: Path, tmp_path: Path) -> None:
    put_back(out, books, {QUANTITY: "2"})
    tiny.edit(books / "books.yml", "inbox/{period}/delivery_line.csv", "inbox/**/*.csv")
    tiny.edit(books / "books.yml", "inbox/**/*.csv", "inbox/**/*")
    named = {file.name for file in land(load_books(books)).files}
    assert DELIVERY in named
    assert not [name for name in named if name.startswith(FOLDER)]
