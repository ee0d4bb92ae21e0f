"""The whole flow on the smallest company: what is published, what is told, what is run again, what is left
alone.

Every figure expected here is worked out by hand in `tiny.py`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from pipelines import cli, published
from pipelines.publication import current, run_path, verify
from tests.pipeline import tiny

JANUARY, FEBRUARY = "2026-01", "2026-02"
STEPS = [
    "extracts",
    "gate",
    "staging",
    "costing",
    "postings",
    "reconciliation",
    "marts",
    "checks",
    "publication",
]

pytestmark = pytest.mark.xdist_group("flow")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books with two published months; tests that change them work on a copy."""
    root = tiny.write_books(tmp_path_factory.mktemp("flow") / "books", [JANUARY, FEBRUARY])
    assert cli.run(["run", "--books", str(root)]) == 0
    return root


@pytest.fixture
def books(done: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(done, tmp_path / "books", symlinks=True))


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run_folders(root: Path) -> list[Path]:
    return [run_path(root, period, run_id) for period, run_id in current(root).items()]


def test_every_period_is_published_with_what_people_read(done: Path) -> None:
    assert list(current(done)) == [JANUARY, FEBRUARY]
    for folder in run_folders(done):
        for name in (
            "report.html",
            "workbook.xlsx",
            "vouchers/canonical.csv",
            "manifest.json",
            "stock_ledger.parquet",
            "state/cost_state.parquet",
        ):
            assert (folder / name).stat().st_size > 0, name
    assert verify(done) == []
    assert not any((done / ".work").iterdir())


def test_cost_is_what_was_worked_out_by_hand(done: Path) -> None:
    issues = published.read(
        done,
        "stock_ledger",
        ["document_no", "amount", "balance_quantity", "balance_amount"],
        {"event_type": "customer_delivery"},
        order="document_no",
    ).rows
    assert issues == [
        ("D1", Decimal("-20.00"), Decimal("6.0000"), Decimal("30.00")),
        ("D2", Decimal("-10.18"), Decimal("9.0000"), Decimal("45.82")),
    ]


def test_expected_vouchers_balance_and_name_their_documents(done: Path) -> None:
    lines = published.read(
        done, "voucher_line", ["voucher_id", "signed_amount", "document_no", "rule_id"]
    ).dicts()
    balance: dict[str, Decimal] = {}
    for line in lines:
        balance[line["voucher_id"]] = balance.get(line["voucher_id"], Decimal(0)) + line["signed_amount"]
        assert line["document_no"]
        assert line["rule_id"]
    assert balance
    assert set(balance.values()) == {Decimal("0.00")}


def test_a_voucher_is_explained_from_its_document_to_its_accounts(
    done: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["explain", "d1", "--books", str(done)]) == 0
    told = capsys.readouterr().out
    cost = published.read(done, "stock_ledger", ["amount"], {"document_no": "D1"}).rows[0][0]
    for part in (
        "delivery D1 line 1",
        f"amount {cost:,}",
        "cas-customer_delivery-cost v1",
        "cost_of_sales → 6401",
    ):
        assert part in told, part
    assert (
        cli.run(["explain", f"{JANUARY}:delivery:D1:document", "--books", str(done), "--format", "json"]) == 0
    )
    lines = json.loads(capsys.readouterr().out)
    assert {line["account_code"] for line in lines} == {"1122", "6001", "22210106", "6401", "1405"}
    assert cli.run(["explain", "D0", "--books", str(done)]) == 2
    assert "D0" in capsys.readouterr().err


def test_a_ledger_that_has_everything_is_given_nothing_more(
    done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        "vouchers",
        "--books",
        str(done),
        "--period",
        JANUARY,
        "--output",
        str(tmp_path),
        "--format",
        "hledger",
    ]
    assert cli.run([*asked, "--missing"]) == 0
    journal = tmp_path / JANUARY / "ledger.journal"
    assert str(journal) in capsys.readouterr().out
    assert "(记-" not in journal.read_text("utf-8")
    assert cli.run([*asked, "--word", "转", "--first-no", "21"]) == 0
    assert "(转-21)" in journal.read_text("utf-8")


def test_a_clean_company_has_no_break(done: Path) -> None:
    assert published.read(done, "reconciliation_break").rows == []
    assert published.read(done, "tie_out", where={"status": ["to_correct", "unidentified"]}).rows == []


def test_running_again_changes_nothing(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, snapshot = current(books), (books / "published").readlink()
    assert cli.run(["run", "--books", str(books)]) == 0
    told = capsys.readouterr().out
    assert told.count("unchanged") == 2
    assert "gate" not in told.split("\n\n")[0]
    assert (current(books), (books / "published").readlink()) == (before, snapshot)


def test_a_wrong_cost_in_the_ledger_is_a_break_on_its_document(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = books / "inbox" / JANUARY / "gl_entry_line.csv"
    tiny.edit(ledger, ",6401,20.00,", ",6401,20.50,")
    tiny.edit(ledger, ",1405,,20.00,", ",1405,,20.50,")
    before = current(books)
    assert cli.run(["run", "--books", str(books)]) == 3
    told = capsys.readouterr().out
    assert [line.split()[1] for line in told.splitlines() if line.startswith(JANUARY)][:9] == STEPS
    assert "D1" in told
    assert "0.50" in told
    assert "report.html" in told
    assert all(before[period] != now for period, now in current(books).items())
    found = published.read(books, "reconciliation_break", where={"period": JANUARY}).dicts()
    assert {row["document_no"] for row in found} == {"D1"}
    assert sum(row["difference_amount"] for row in found if row["tie_code"] == "stock") == Decimal("-0.50")
    february = published.read(
        books, "reconciliation_break", where={"period": FEBRUARY, "tie_code": "stock"}
    ).dicts()
    assert [(row["document_no"], row["first_period"]) for row in february] == [("D1", JANUARY)]


def test_a_delivery_that_is_not_as_agreed_stops_the_run_and_leaves_what_is_published(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, bytes_before = current(books), [hashes(folder) for folder in run_folders(books)]
    tiny.edit(books / "inbox" / JANUARY / "gl_entry_line.csv", ",6401,20.00,", ",6401,21.00,")
    assert cli.run(["run", "--books", str(books)]) == 1
    told = capsys.readouterr()
    assert "2026-01" in told.err
    assert "Traceback" not in told.err
    assert "staging" not in told.out
    assert current(books) == before
    assert [hashes(folder) for folder in run_folders(books)] == bytes_before


def test_an_account_that_nobody_mapped_is_told_with_the_document_that_needs_it(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny.edit(books / "account_map.csv", "revenue,6001\n", "")
    assert cli.run(["run", "--books", str(books)]) == 3
    told = capsys.readouterr().out
    assert "account_map.csv" in told
    assert "D1" in told
    assert "40.00" in told
    assert verify(books) == []


def test_a_period_without_its_files_is_told_and_the_others_stay(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (books / "inbox" / FEBRUARY / "delivery_line.csv").unlink()
    before = current(books)
    assert cli.run(["run", "--books", str(books)]) == 1
    assert "delivery_line" in capsys.readouterr().err
    assert current(books) == before


def test_a_new_month_extends_what_is_published(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = current(books)
    tiny.deliver(books, "2026-03")
    assert cli.run(["run", "--books", str(books)]) == 0
    now = current(books)
    assert list(now) == [JANUARY, FEBRUARY, "2026-03"]
    assert {period: now[period] for period in before} == before
    last = published.read(books, "stock_ledger", ["amount", "balance_amount"], {"document_no": "D3"}).rows
    assert last == [(Decimal("-15.27"), Decimal("30.55"))]


def test_the_order_of_deliveries_and_settings_changes_no_byte(done: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    shutil.copytree(done / "inbox", other / "inbox")
    settings = yaml.safe_load((done / "books.yml").read_text("utf-8"))
    settings["extracts"].reverse()
    (other / "books.yml").write_text(
        yaml.safe_dump(dict(reversed(settings.items())), allow_unicode=True), "utf-8"
    )
    header, *rows = list(csv.reader((done / "account_map.csv").read_text("utf-8").splitlines()))
    tiny.write(other / "account_map.csv", header, rows[::-1])
    assert cli.run(["run", "--books", str(other)]) == 0
    assert current(other) == current(done)
    assert list(map(hashes, run_folders(other))) == list(map(hashes, run_folders(done)))
