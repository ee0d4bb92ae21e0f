"""The example company on disk: same bytes every time, readable by the contract, with every story it promises.

What the figures must fulfil is tested in `test_demo.py`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from pipelines import demo
from pipelines.books import Books, load_books
from pipelines.contract import load_contract
from pipelines.demo import company, documents
from pipelines.demo.history import make_history
from pipelines.messages import UsageError

if TYPE_CHECKING:
    from pipelines.books import Extract

pytestmark = pytest.mark.xdist_group("demo_files")


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """A small company as it is written, read as settings."""
    folder = tmp_path_factory.mktemp("demo") / "books"
    demo.generate(folder, periods=2, documents=80, seed=5)
    return load_books(folder)


def test_the_same_arguments_write_the_same_bytes(tmp_path: Path, books: Books) -> None:
    demo.generate(tmp_path / "again", periods=2, documents=80, seed=5)
    demo.generate(tmp_path / "other", periods=2, documents=80, seed=6)
    assert digests(tmp_path / "again") == digests(books.root)
    assert digests(tmp_path / "other") != digests(books.root)


def test_large_books_write_the_same_bytes_without_workbooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.demo.package.LARGE", 100)
    for name in ("one", "two"):
        demo.generate(tmp_path / name, periods=1, documents=60, seed=2)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert not list(tmp_path.rglob("*.xlsx"))


def headers(path: Path, extract: Extract) -> list[str]:
    """Header row of a file."""
    if path.suffix == ".parquet":
        return list(pq.read_schema(path).names)
    if path.suffix == ".csv":
        return path.read_bytes().decode(extract.encoding or "utf-8").splitlines()[0].split(",")
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return next([str(cell) for cell in row] for row in rows if sum(bool(cell) for cell in row) > 1)


def test_every_extract_has_its_files_and_required_columns(books: Books) -> None:
    for extract in books.extracts:
        assert extract.path
        assert extract.table
        table = load_contract().tables[extract.table]
        for period in ("2026-01", "2026-02"):
            names = headers(books.root / extract.path.format(period=period), extract)
            found = {column.name for name in names if (column := table.column_of(name))}
            missing = {column.name for column in table.required} - found - set(extract.columns)
            assert not missing, f"{extract.path}: {missing}"


def test_every_file_of_a_processed_table_is_configured(books: Books) -> None:
    paths = {str(extract.path).format(period="2026-01") for extract in books.extracts}
    files = {str(p.relative_to(books.root)) for p in (books.root / "inbox").rglob("*") if p.is_file()}
    unread = {Path(name).stem for name in files - paths if "2026-02" not in name}
    assert unread <= {"采购订单", "销售订单", "盘点单"}


def test_every_role_that_the_company_needs_is_mapped(books: Books) -> None:
    roles = {row.account_role for row in books.account_map}
    assert {
        "inventory",
        "ap",
        "ap_estimated",
        "ar",
        "input_vat",
        "output_vat",
        "revenue",
        "cost_of_sales",
    } <= roles
    assert {role for _, _, role, _, _ in company.REASONS} <= roles
    assert {row.account_code for row in books.account_map}.isdisjoint(company.PARENTS)
    assert {row.reason_code for row in books.posting_rules} == {code for code, *_ in company.REASONS}


def test_the_default_company_has_every_story() -> None:
    history = make_history(3, 400, 1, "2026-01")
    stock, bills, goods = history.stock, history.billing.invoices, history.billing.goods
    assert set(np.unique(stock["event"])) == set(range(len(documents.DIRECTION)))
    returned = stock["event"] == documents.CUSTOMER_RETURN
    assert (stock["order_class"][returned] == 5).any()
    month = history.calendar.period_of(stock["day"])
    assert (month[stock["origin"][returned]] < month[returned]).any()
    on_goods = bills["goods"] >= 0
    assert (~on_goods).any()
    assert (bills["settled"] > goods["period"][bills["goods"]])[on_goods].any()
    assert np.bincount(bills["goods"][on_goods]).max() == 2
    assert (bills["quantity"] < 0).any()
    assert (history.costs.differences["amount"] != 0).any()
    kinds = set(np.unique(history.applications["from_kind"]))
    assert kinds == {documents.D_PAYMENT, documents.D_PREPAYMENT, documents.D_COLLECTION, documents.D_ADVANCE}


def test_the_default_company_empties_pools_and_a_larger_one_expenses_a_late_difference() -> None:
    assert (make_history(3, 400, 1, "2026-01").costs.closing == 0).any()
    assert (make_history(4, 1200, 1, "2026-01").costs.differences["expensed"] != 0).any()


def test_a_folder_with_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        demo.generate(tmp_path)
    assert str(tmp_path) in refused.value.text("en")


@pytest.mark.parametrize(("periods", "documents_"), [(0, 400), (61, 400), (3, 5)])
def test_sizes_out_of_range_are_refused(tmp_path: Path, periods: int, documents_: int) -> None:
    with pytest.raises(UsageError) as refused:
        demo.generate(tmp_path / "books", periods=periods, documents=documents_)
    assert str(documents_) in refused.value.text("zh")
