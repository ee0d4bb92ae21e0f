"""Every kind of file lands as the text a person reads in it, once, whole or not at all."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import zipfile
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from pipelines.books import Books, load_books
from pipelines.extracts import land
from pipelines.extracts import landing as landing_module
from pipelines.extracts.containers import land_file
from pipelines.extracts.grid import Source, plain_number
from pipelines.extracts.text import _land_exact, _land_fast
from pipelines.messages import InputError

if TYPE_CHECKING:
    from pathlib import Path
from typing import Any

ROWS: list[list[str | None]] = [["单据编号", "金额", "备注"], ["RK1", "1,000.50", "甲"], ["RK2", None, "a;b"]]
CSV = '单据编号,金额,备注\nRK1,"1,000.50",甲\nRK2,,a;b\n'


def query(sql: str) -> list[Any]:
    with duckdb.connect() as connection:
        return connection.execute(sql).fetchall()


def read(folder: Path, part_file: str) -> list[list[str | None]]:
    return [
        list(row[1:]) for row in query(f"select * from read_parquet('{folder / part_file}') order by _row")
    ]


def landed(tmp_path: Path, name: str, content: bytes, **options: str) -> dict[str, list[list[str | None]]]:
    (tmp_path / name).write_bytes(content)
    folder = tmp_path / "grids"
    folder.mkdir(exist_ok=True)
    parts = land_file(Source(tmp_path / name, name, **options), folder)
    return {part.member + part.name: read(folder, part.file) for part in parts}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_text_lands_in_any_common_encoding_and_with_any_delimiter(
    tmp_path: Path, encoding: str, newline: str, delimiter: str
) -> None:
    lines = [delimiter.join(f'"{c}"' if c and delimiter in c else c or "" for c in row) for row in ROWS]
    content = newline.join(lines).encode(encoding)
    if encoding in ("utf-16-le", "utf-16-be"):
        content = newline.join(lines).replace("甲", "A").replace("备注", "X").encode(encoding)
    grid = landed(tmp_path, "a.csv", content)[""]
    assert [row[0] for row in grid] == ["单据编号", "RK1", "RK2"]
    assert grid[1][1] == "1,000.50"
    assert grid[2][2] == "a;b"


def test_bytes_of_no_encoding_are_refused_and_a_stated_encoding_is_believed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.csv.*utf-8, gb18030"):
        landed(tmp_path, "a.csv", b"a,b\n\xff\xff,1\n")
    with pytest.raises(InputError, match="klingon"):
        landed(tmp_path, "a.csv", b"a,b\n", encoding="klingon")
    assert landed(tmp_path, "a.csv", "é,b\n".encode("latin-1"), encoding="latin-1") == {"": [["é", "b"]]}


def test_rows_keep_their_numbers_through_blank_lines_and_lines_inside_quotes(tmp_path: Path) -> None:
    landed(tmp_path, "a.csv", b'h,i\n\n"two\nlines",1\n3\n')
    found = query(f"select _row, c1, c2 from '{tmp_path}/grids/data.parquet' order by _row")
    assert found == [(1, "h", "i"), (2, None, None), (3, "two\nlines", "1"), (4, "3", None)]


@pytest.mark.parametrize(
    "text",
    [
        CSV,
        "a,b\n1,2\n\n",
        'a,b\n"x, ""y""",2\n',
        "a\n1\n",
        "a,b\n1,2,3\n",
        "a,b,c\n1\n",
        'a,b\n5" pipe,x\n',
        "a,b\n 1 , 2 \n",
        "a,b\r\n1,2\r\n",
        "a,b\n,\n",
        "a,b\n1,#2\n",
        "a,b\nNULL,\\N\n",
        'a,b\n"",1\n',
        "a,b\n1,2\r3\n",
    ],
)
def test_the_fast_reader_gives_what_the_exact_one_gives_or_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    exact = _land_exact(Source(path, "a.csv"), path, ",", tmp_path / "exact.parquet")
    fast = _land_fast(path, ",", text.count("\n"), tmp_path / "fast.parquet")
    assert fast in (None, exact)
    if fast:
        cells = ", ".join(f"coalesce(c{number + 1}, '')" for number in range(exact[0]))
        one, other = (f"select _row, {cells} from '{tmp_path}/{name}.parquet'" for name in ("exact", "fast"))
        assert query(f"({one} except all {other}) union all ({other} except all {one})") == []


def test_an_ordinary_file_takes_the_fast_reader(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV, "utf-8")
    assert _land_fast(tmp_path / "a.csv", ",", 3, tmp_path / "fast.parquet") == (3, 3)


def test_unpaired_quotes_are_refused_with_their_row(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"row [23]"):
        landed(tmp_path, "a.csv", b'a,b\n"open,1\nx,2\n')


def workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("入库")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, ["文本", "数", "整数", "日期", "时间", "真"])
    sheet.write_string(1, 0, "007")
    sheet.write_number(1, 1, 0.1 + 0.2)
    sheet.write_number(1, 2, 20260105.0)
    sheet.write_datetime(1, 3, dt.datetime(2026, 1, 5), day)  # noqa: DTZ001
    sheet.write_datetime(1, 4, dt.datetime(2026, 1, 5, 8, 30), moment)  # noqa: DTZ001
    sheet.write_boolean(1, 5, boolean=True)
    book.add_worksheet("空")
    book.add_worksheet("隐藏").hide()
    book.get_worksheet_by_name("隐藏").write(0, 0, "x")
    book.close()
    return path


def test_typed_cells_become_the_text_people_read_in_them(tmp_path: Path) -> None:
    grids = landed(tmp_path, "b.xlsx", workbook(tmp_path / "a.xlsx").read_bytes())
    assert grids["入库"][1] == ["007", "0.3", "20260105", "2026-01-05", "2026-01-05 08:30:00", "true"]
    assert grids.keys() == {"入库", "隐藏"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (3.0, "3"),
        (1e-7, "0.0000001"),
        (1234567.89, "1234567.89"),
        (-0.5, "-0.5"),
        (1e20, "1" + "0" * 20),
        (1.1 * 3, "3.3"),
        (99999999999.99, "99999999999.99"),
        (-0.0, "0"),
    ],
)
def test_binary_noise_never_reaches_text(value: float, text: str) -> None:
    assert plain_number(value) == text


def test_damaged_encrypted_and_foreign_files_say_what_they_are(tmp_path: Path) -> None:
    good = workbook(tmp_path / "a.xlsx").read_bytes()
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    for name, content, said in [
        ("cut.xlsx", good[: len(good) // 2], "damaged"),
        ("ole.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000), "damaged"),
        ("locked.xlsx", ole, "encrypted"),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table>", "HTML"),
        ("cut.gz", gzip.compress(b"a,b\n" * 999)[:-20], "damaged"),
        ("cut.parquet", b"PAR1" + bytes(50), "damaged"),
        ("a.json", b'[{"a": 1},', "JSON"),
        ("b.json", b"[1, 2]", "JSON"),
        ("c.jsonl", b'{"a": 1}\n{"a": \n', "line 2"),
    ]:
        with pytest.raises(InputError, match=said) as raised:
            landed(tmp_path, name, content)
        assert raised.value.fields["file"] == name


def test_parquet_and_json_land_their_names_as_row_one_and_exact_digits(tmp_path: Path) -> None:
    money = pa.array([10050], pa.decimal128(18, 2))
    table = pa.table({"单号": ["A"], "数量": [0.1 + 0.2], "金额": money, "日": [dt.date(2026, 1, 5)]})
    pq.write_table(table, tmp_path / "p")
    (grid,) = landed(tmp_path, "a.parquet", (tmp_path / "p").read_bytes()).values()
    assert grid == [["单号", "数量", "金额", "日"], ["A", "0.3", "10050.00", "2026-01-05"]]
    records = '[{"a": 12345678901234567.10, "b": true}, {"b": null, "c": {"d": "甲"}}]'
    for name, text in [("a.json", records), ("b.json", '{"total": 2, "data": ' + records + "}")]:
        (grid,) = landed(tmp_path, name, text.encode()).values()
        assert grid == [["a", "b", "c"], ["12345678901234567.10", "true", None], [None, None, '{"d": "甲"}']]
    (grid,) = landed(tmp_path, "c.jsonl", b'{"a": 1}\n\n{"a": "x"}\n').values()
    assert grid == [["a"], ["1"], ["x"]]


def test_archives_are_opened_with_the_names_chinese_windows_gives(tmp_path: Path) -> None:
    (tmp_path / "in.gz").write_bytes(gzip.compress(CSV.encode("gb18030")))
    assert landed(tmp_path, "x.csv.gz", (tmp_path / "in.gz").read_bytes()) == {"": ROWS}
    with zipfile.ZipFile(tmp_path / "z", "w") as archive:
        archive.writestr("d/一月.csv", CSV)
        archive.writestr("b.csv.gz", gzip.compress(CSV.encode()))
        archive.writestr("__MACOSX/._b", b"\0")
    grids = landed(tmp_path, "a.zip", (tmp_path / "z").read_bytes())
    assert grids == {"d/一月.csv": ROWS, "b.csv.gz": ROWS}


# --- the landing of whole books


def books(root: Path, *extracts: dict[str, str]) -> Books:
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
    return load_books(root)


def deliver(root: Path, name: str, text: str) -> None:
    path = root / "inbox" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_files_are_found_by_pattern_and_period_and_never_twice_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ["2026-01/a1", "2026-01/a2", "period=2026-02/a3", "2026-13/a4", "2026-01/~$a"]:
        deliver(tmp_path, f"{name}.csv", f"存货编码,存货名称\n{name},x\n")
    own = books(tmp_path, {"table": "item", "path": "inbox/**/*{period}/a*.csv"})
    first = land(own)
    assert [(file.name, file.period) for file in first.files] == [
        ("inbox/2026-01/a1.csv", "2026-01"),
        ("inbox/2026-01/a2.csv", "2026-01"),
        ("inbox/period=2026-02/a3.csv", "2026-02"),
    ]
    folders = sorted(path.name for path in (tmp_path / "landed").iterdir())
    assert folders == sorted(file.sha256 for file in first.files)
    monkeypatch.setattr(landing_module, "land_file", lambda *_: pytest.fail("read again"))
    assert land(own) == first


def test_no_file_names_pattern_and_folder(tmp_path: Path) -> None:
    deliver(tmp_path, "a.csv", "存货编码,存货名称\n")
    with pytest.raises(InputError, match=r"inbox/存货[*].csv") as raised:
        land(books(tmp_path, {"table": "item", "path": "inbox/存货*.csv"}))
    assert str(tmp_path) in str(raised.value)


def test_a_crash_leaves_no_half_landed_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(tmp_path, "a.csv", "存货编码,存货名称\nA,甲\n")
    own = books(tmp_path, {"table": "item", "path": "inbox/a.csv"})

    def crash(source: Source, folder: Path) -> None:
        (folder / "data.parquet").write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(landing_module, "land_file", crash)
        with pytest.raises(KeyboardInterrupt):
            land(own)
    assert list((tmp_path / "landed").iterdir()) == []
    (file,) = land(own).files
    assert read(file.parts[0].path.parent, "data.parquet")[1] == ["A", "甲"]


def test_how_bytes_are_to_be_read_is_part_of_where_they_land(tmp_path: Path) -> None:
    deliver(tmp_path, "a.csv", "存货编码;存货名称\nA,1;甲\n")
    plain = land(books(tmp_path, {"table": "item", "path": "inbox/a.csv"})).files[0]
    stated = land(books(tmp_path, {"table": "item", "path": "inbox/a.csv", "delimiter": ","})).files[0]
    assert plain.sha256 == stated.sha256
    assert plain.parts[0].path != stated.parts[0].path
