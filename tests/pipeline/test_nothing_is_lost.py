"""Bad input: what a person reads, that nothing is half published, and that no delivered row disappears."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines import cli, published
from pipelines.publication import current, verify
from tests.pipeline import tiny

JANUARY, FEBRUARY = "2026-01", "2026-02"

pytestmark = pytest.mark.xdist_group("nothing_is_lost")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tiny.write_books(tmp_path_factory.mktemp("lost") / "books", [JANUARY])
    assert cli.run(["run", "--books", str(root)]) == 0
    tiny.deliver(root, FEBRUARY)
    return root


@pytest.fixture
def books(done: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(done, tmp_path / "books", symlinks=True))


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


def added(name: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        with (root / name).open("a", encoding="utf-8") as handle:
            handle.write(text)

    return change


def emptied(name: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / name
        path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")

    return change


DELIVERY = "inbox/2026-02/delivery_line.csv"
LEDGER = "inbox/2026-02/gl_entry_line.csv"
RECEIPT = "inbox/2026-02/goods_receipt_line.csv"
DELIVERED_TWICE = "D2,1,2026-02-20,C1,A,W,2,10.00,20.00,0.13\n"

STOPPED = {
    "an unknown setting": (added("books.yml", "colour: red\n"), 2, ["books.yml", "colour", "16"]),
    "a missing file": (lambda root: (root / DELIVERY).unlink(), 1, ["inbox/2026-02", "delivery_line.csv"]),
    "a missing required column": (
        replaced(RECEIPT, "quantity", "colour"),
        1,
        [RECEIPT, "数量", "Quantity", "colour"],
    ),
    "a bad number in the ledger": (replaced(LEDGER, ",26.00,,", ",2x6.00,,"), 1, [LEDGER, "2x6.00", ":2"]),
    "an unbalanced voucher": (
        replaced(LEDGER, ",,26.00,", ",,25.00,"),
        1,
        [LEDGER, "26.00", "25.00", "1.00"],
    ),
    "a document delivered twice": (added(DELIVERY, DELIVERED_TWICE), 1, [f"{DELIVERY}:2", f"{DELIVERY}:3"]),
    "an empty ledger": (emptied(LEDGER), 1, ["Ledger voucher lines", "not one row"]),
    "an account that is not in the chart": (
        added("account_map.csv", "bank,9999\n"),
        1,
        ["9999", "account_map.csv"],
    ),
}


@pytest.mark.parametrize("case", STOPPED)
def test_what_is_not_as_agreed_is_told_and_publishes_nothing(
    case: str, books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change, exit_code, words = STOPPED[case]
    before = current(books)
    change(books)
    assert cli.run(["run", "--books", str(books)]) == exit_code
    told = capsys.readouterr().err
    assert [word for word in words if word not in told] == [], told
    assert "Traceback" not in told
    assert current(books) == before
    assert [finding.kind for finding in verify(books)] in ([], ["warehouse_stale"])


def test_a_bad_number_in_a_document_is_a_rejected_row_and_the_break_says_so(books: Path) -> None:
    replaced(DELIVERY, ",2,10.00,", ",2x,10.00,")(books)
    assert cli.run(["run", "--books", str(books)]) == 3
    rejected = published.read(books, "rejected_row", where={"period": FEBRUARY}).dicts()
    assert [
        (row["file"], row["row_no"], row["column_name"], row["value"], row["reason_code"]) for row in rejected
    ] == [(DELIVERY, 2, "quantity", "2x", "unreadable_quantity")]
    found = published.read(books, "reconciliation_break", where={"period": FEBRUARY}).dicts()
    assert {row["document_no"] for row in found} == {"D2"}
    assert {row["cause_code"] for row in found} == {"rejected_input"}
    assert {row["disposition"] for row in found} == {"correct_subledger"}


def test_an_empty_document_extract_is_counted_and_its_vouchers_are_breaks(books: Path) -> None:
    emptied(DELIVERY)(books)
    assert cli.run(["run", "--books", str(books)]) == 3
    found = published.read(books, "reconciliation_break", where={"period": FEBRUARY}).dicts()
    assert {(row["document_no"], row["symptom_code"]) for row in found} == {("D2", "missing_in_subledger")}


def test_a_balance_given_unsigned_with_its_side_is_read_with_its_sign(books: Path) -> None:
    """科目余额表 as most Chinese ledgers print it: 方向 beside an amount that is never negative."""
    tiny.write(
        books / "inbox" / "balance.csv",
        ["期间", "科目编码", "期初方向", "期初余额", "借方", "贷方", "方向", "期末余额"],
        [
            (FEBRUARY, "1405", "借", "30.00", "26.00", "10.18", "借", "45.82"),
            (FEBRUARY, "2202", "贷", "56.50", "0", "0", "贷", "56.50"),
            (FEBRUARY, "220202", "平", "0", "0", "26.00", "贷", "26.00"),
        ],
    )
    added("books.yml", "  - {table: gl_balance, path: inbox/balance.csv}\n")(books)
    assert cli.run(["run", "--books", str(books)]) == 0
    ties = published.read(books, "tie_out", where={"period": FEBRUARY, "ledger_source": "balance"}).dicts()
    assert {row["account_code"]: str(row["closing_ledger_amount"]) for row in ties} == {
        "1405": "45.82",
        "2202": "-56.50",
        "220202": "-26.00",
    }


def test_the_least_that_can_be_delivered_is_enough_to_run(tmp_path: Path) -> None:
    """Items, accounts, some stock documents and ledger entries: nothing else is needed."""
    root = tiny.write_books(tmp_path / "books", [JANUARY])
    settings = (root / "books.yml").read_text("utf-8").splitlines(keepends=True)
    unneeded = ("warehouse", "party", "purchase_invoice_line")
    kept = [line for line in settings if not any(f"table: {table}," in line for table in unneeded)]
    (root / "books.yml").write_text("".join(kept), "utf-8")
    assert cli.run(["run", "--books", str(root)]) == 3
    found = published.read(root, "reconciliation_break", where={"period": JANUARY}).dicts()
    assert {row["document_no"] for row in found} == {
        "R1",
        "P1",
    }  # the receipt stays estimated, its bill is unknown
