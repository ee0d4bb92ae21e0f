"""`tieout breaks`: what is asked for and nothing else, and one break down to the cells that were delivered."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines import cli, published
from pipelines.books import Books, load_books
from pipelines.break_list import Wanted, list_breaks
from pipelines.demo import generate
from pipelines.drill import detail, find_break
from pipelines.evidence.labels import Labels
from pipelines.evidence.tables import open_tables
from pipelines.evidence.verdict import PARTS, make_verdict
from pipelines.messages import UsageError
from pipelines.publication import current, run_path
from pipelines.publication.changes import SETTINGS

JANUARY, FEBRUARY = "2026-01", "2026-02"

pytestmark = pytest.mark.xdist_group("breaks")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """Two months of the example company with seeded faults."""
    root = tmp_path_factory.mktemp("breaks") / "books"
    generate(root, 2, 150, 3, JANUARY, "standard")
    assert cli.run(["run", "--books", str(root)]) == 3
    return load_books(root)


@pytest.fixture(scope="module")
def every(books: Books) -> list[dict[str, Any]]:
    return published.read(books.root, "reconciliation_break").dicts()


def test_the_first_page_of_the_report_counts_gross_as_its_sentence_does(books: Books) -> None:
    """Some breaks here net in part over their accounts: by break they would weigh less."""
    with open_tables(run_path(books.root, FEBRUARY, current(books.root)[FEBRUARY])) as tables:
        page = make_verdict(tables, Labels("zh"))
    figures = {part.code: Decimal(part.gross.replace(",", "").replace("−", "-")) for part in page.parts}
    told = [str(figures[code]) for code in PARTS]
    assert all(figure in page.sentence.replace(",", "") for figure in told)
    opened = figures["correct_ledger"] + figures["correct_subledger"] + figures["unidentified"]
    assert opened == Decimal(page.gross_open.replace(",", ""))


def asked(books: Books, capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    capsys.readouterr()
    assert cli.run(["breaks", "--books", str(books.root), "--format", "json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_each_option_gives_its_rows_and_no_others(
    books: Books, every: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    some = next(row for row in every if row["party_code"] and row["status"] == "open")
    accounts = published.read(books.root, "break_line").dicts()
    stock = {(row["period"], row["break_id"]) for row in accounts if row["account_code"] == "140501"}
    assert stock
    cases: dict[tuple[str, ...], Callable[[dict[str, Any]], bool]] = {
        ("--period", "202602"): lambda row: row["period"] == FEBRUARY,
        ("--tie", "stock", "--tie", "应付与预付"): lambda row: row["tie_code"] in ("stock", "payables"),
        ("--cause", some["cause_code"]): lambda row: row["cause_code"] == some["cause_code"],
        ("--symptom", "Missing in ledger"): lambda row: row["symptom_code"] == "missing_in_ledger",
        ("--disposition", "应改总账"): lambda row: row["disposition"] == "correct_ledger",
        ("--document", some["document_no"][-6:].lower()): lambda row: some["document_no"][-6:] in row["document_no"],
        ("--party", some["party_code"]): lambda row: row["party_code"] == some["party_code"],
        ("--new",): lambda row: row["status"] == "new",
        ("--carried",): lambda row: row["status"] == "open",
        ("--status", "cleared"): lambda row: row["status"] == "cleared",
        ("--min-amount", "10,000"): lambda row: max(
            abs(row["difference_amount"]), row["misposted_amount"] or 0
        ) >= 10000,
        ("--account", "140501"): lambda row: (row["period"], row["break_id"]) in stock,
        ("--new", "--tie", "stock", "--period", "2026-02"): lambda row: (
            (row["status"], row["tie_code"], row["period"]) == ("new", "stock", FEBRUARY)
        ),
    }  # fmt: skip
    for options, is_wanted in cases.items():
        found = {(row["period"], row["break_id"]) for row in asked(books, capsys, *options)}
        assert found == {(row["period"], row["break_id"]) for row in every if is_wanted(row)}, options


def test_a_word_that_is_no_code_is_told_with_those_there_are(
    books: Books, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["breaks", "--books", str(books.root), "--tie", "stocks"]) == 2
    assert "stock 存货" in capsys.readouterr().err
    assert cli.run(["breaks", "--books", str(books.root), "--min-amount", "viel"]) == 2
    assert "viel" in capsys.readouterr().err


def test_the_list_adds_up_and_fits(books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["breaks", "--books", str(books.root), "--period", JANUARY]) == 0
    rows = list_breaks(books.root, Wanted({"period": [JANUARY]})).dicts()
    net = sum((row["difference_amount"] for row in rows), Decimal(0))
    last = capsys.readouterr().out.splitlines()[-1]
    assert f"{len(rows)} 项" in last
    assert f"{net:,f}" in last


def test_every_break_is_the_sum_of_its_two_sides(books: Books, every: list[dict[str, Any]]) -> None:
    """What was not in the lines of the document is the same on both sides, but for what was open before."""
    before = {"opening", "ledger_opening", "ledger_balance"}
    opening = {
        row["document_no"]
        for row in published.query(
            books.root, "select document_no from {document_line} where table_name = 'opening_item_line'"
        ).dicts()
    }
    seen = 0
    for row in every[::3]:
        if row["status"] == "cleared" or row["document_type"] in before or row["document_no"] in opening:
            continue
        found = detail(books, row["break_id"], row["period"])
        sides = [
            sum((line["signed_amount"] for line in lines if line["is_compared"]), Decimal(0))
            for lines in (found.expected, found.ledger)
        ]
        assert sides[1] - sides[0] == row["difference_amount"], row
        assert (
            sum((line["difference_amount"] for line in found.accounts), Decimal(0))
            == row["difference_amount"]
        )
        seen += 1
    assert seen > 20


def test_a_break_leads_to_the_cells_of_the_delivered_files(books: Books, every: list[dict[str, Any]]) -> None:
    rows = [
        row for row in every if row["document_type"] not in ("opening", "voucher") and row["status"] == "new"
    ]
    for row in rows[:12]:
        found = detail(books, row["break_id"], row["period"])
        assert found.rows, row
        for line, delivered in found.rows:
            assert delivered.problem == ""
            texts = " ".join(delivered.cells.values())
            assert row["document_no"] in texts
            if line["table_name"] == "gl_entry_line":
                assert f"{line['debit_amount'] or line['credit_amount']:f}".rstrip("0").rstrip(".") in texts


def test_the_page_names_both_sides_their_rules_and_the_rows(
    books: Books, every: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    row = next(row for row in every if row["cause_code"] == "duplicate_posting" and row["status"] == "new")
    assert cli.run(["breaks", row["break_id"][:10], "--books", str(books.root)]) == 0
    said = capsys.readouterr().out
    found = detail(books, row["break_id"])
    for line in found.ledger:
        assert f":{line['source_row']}" in said
    assert found.expected[0]["rule_id"] in said
    assert f"{abs(row['difference_amount']):,}" in said
    assert max(map(len, said.splitlines())) <= 100


def test_a_break_is_one_json_object_and_its_lines_a_csv(
    books: Books, every: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    row = next(row for row in every if row["cause_code"] == "duplicate_posting")
    found = asked(books, capsys, row["break_id"], "--period", row["period"])
    assert found["break"]["difference_amount"] == f"{row['difference_amount']:f}"
    assert {entry["file"] for entry in found["delivered"]} >= {
        line["source_file"] for line in found["ledger"]
    }
    assert cli.run(["breaks", row["break_id"], "--books", str(books.root), "--format", "csv"]) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(lines) == len(found["expected"]) + len(found["ledger"])


def test_the_beginning_of_an_id_has_to_be_one_break_s(books: Books, every: list[dict[str, Any]]) -> None:
    known = every[0]["break_id"]
    assert find_break(books.root, known[:9].upper()) == known
    with pytest.raises(UsageError) as none:
        find_break(books.root, "zz")
    with pytest.raises(UsageError) as several:
        find_break(books.root, "")
    assert (none.value.key, several.value.key) == ("break_unknown", "break_ambiguous")
    with pytest.raises(UsageError, match="2031-01"):
        detail(books, known, "2031-01")


def test_a_run_without_kept_settings_or_files_still_shows_the_break(
    books: Books, every: list[dict[str, Any]], tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(books.root, tmp_path / "books", symlinks=True))
    for path in copy.glob(f"runs/*/*/{SETTINGS}"):
        path.unlink()
    row = next(row for row in every if row["cause_code"] == "duplicate_posting")
    found = detail(load_books(copy), row["break_id"])
    assert {delivered.problem for _, delivered in found.rows} == {""}
    shutil.rmtree(copy / "landed")
    found = detail(load_books(copy), row["break_id"])
    assert {delivered.problem for _, delivered in found.rows} == {"source_file_gone"}
