"""`tieout diff`: two real runs of the smallest company, in what went in and what came out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipelines import cli
from pipelines.publication import current, kept_runs
from pipelines.publication.changes import SETTINGS
from tests.pipeline import tiny

JANUARY, FEBRUARY = "2026-01", "2026-02"
LEDGER = "inbox/2026-01/gl_entry_line.csv"

pytestmark = pytest.mark.xdist_group("diff")


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January as it was; then with another sale, a changed ledger, and one more supplier file."""
    root = tiny.write_books(tmp_path_factory.mktemp("diff") / "books", [JANUARY])
    assert cli.run(["run", "--books", str(root)]) == 0
    with (root / "inbox/2026-01/delivery_line.csv").open("a", encoding="utf-8") as handle:
        handle.write("D9,1,2026-01-25,C1,A,W,1,10.00,10.00,0.13\n")
    ledger = root / LEDGER
    ledger.write_text(
        ledger.read_text("utf-8").replace("20.00,,", "21.00,,").replace(",,20.00", ",,21.00"), "utf-8"
    )
    settings = (root / "books.yml").read_text("utf-8")
    settings = settings.replace("language: en", "language: en\nmateriality: {default: 5}")
    tiny.write(root / "inbox/department.csv", ["department_code", "name"], [("D", "部")])
    settings += "  - {table: department, path: inbox/department.csv}\n"
    (root / "books.yml").write_text(settings, "utf-8")
    assert cli.run(["run", "--books", str(root)]) == 3
    return root


def rows(root: Path, capsys: pytest.CaptureFixture[str], *runs: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert cli.run(["diff", *runs, "--books", str(root), "--format", "json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_a_period_compares_its_run_with_the_one_before(
    twice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = rows(twice, capsys, JANUARY)
    inputs = {
        (row["change"], row["name"]): (row["before"], row["after"])
        for row in found
        if row["section"] == "input"
    }
    assert set(inputs) >= {
        ("file_changed", "inbox/2026-01/delivery_line.csv"),
        ("file_changed", LEDGER),
        ("file_added", "inbox/department.csv"),
    }
    assert inputs["settings", "materiality.default"] == ("0", "5")
    assert {name for kind, name in inputs if kind == "settings"} == {"materiality.default", "extracts"}
    assert "rules" not in {kind for kind, _ in inputs}


def test_figures_breaks_and_vouchers_are_told_from_one_run_to_the_other(
    twice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One more unit sold at cost 5.00; the ledger lacks the sale and has 1.00 too much cost of the first."""
    found = rows(twice, capsys, JANUARY)
    ties = {row["name"]: (row["before"], row["after"]) for row in found if row["section"] == "tie"}
    assert ties["stock.subledger_amount"] == ("30.00", "25.00")
    assert ties["stock.ledger_amount"] == ("30.00", "29.00")
    assert ties["stock.difference_amount"] == ("0.00", "4.00")
    breaks = [row | json.loads(row["name"]) for row in found if row["section"] == "break"]
    assert {row["change"] for row in breaks} == {"added"}
    stock = {row["document_no"]: row["after"] for row in breaks if row["tie_code"] == "stock"}
    assert stock == {"D1": "-1.00", "D9": "5.00"}
    vouchers = [row | json.loads(row["name"]) for row in found if row["section"] == "voucher"]
    assert [(row["change"], row["document_no"], row["after"]) for row in vouchers] == [
        ("added", "D9", "16.30")
    ]


def test_the_other_way_round_everything_is_gone(twice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new, old = kept_runs(twice)[JANUARY]
    assert current(twice)[JANUARY] == new
    back = rows(twice, capsys, new[:6], old[:6])
    there = rows(twice, capsys, old[:6])
    assert len(back) == len(there)
    assert {row["change"] for row in back if row["section"] in ("break", "voucher")} == {"removed"}
    assert rows(twice, capsys, new, new) == []


def test_a_run_id_that_begins_like_a_period_is_found(
    twice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Six digits read as a month (6352-07 here); no such period is kept, and one run begins so."""
    root = Path(shutil.copytree(twice, tmp_path / "books", symlinks=True))
    old = kept_runs(root)[JANUARY][1]
    named = f"635207{old[6:]}"
    (root / "runs" / JANUARY / old).rename(root / "runs" / JANUARY / named)
    assert rows(root, capsys, "635207") == rows(root, capsys, named)
    assert rows(root, capsys, JANUARY.replace("-", "")) == rows(root, capsys, JANUARY)


def test_the_page_says_it_in_words_and_fits(twice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cli.run(["diff", JANUARY, "--books", str(twice)]) == 0
    said = capsys.readouterr().out
    assert "materiality.default" in said
    assert "Breaks: 7 appeared, 0 are gone, 0 changed" in said
    assert max(map(len, said.splitlines())) <= 100


def test_runs_that_cannot_be_compared_are_told(
    twice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(shutil.copytree(twice, tmp_path / "books", symlinks=True))

    def told(*arguments: str) -> str:
        capsys.readouterr()
        assert cli.run(["diff", *arguments, "--books", str(root)]) == 2
        return capsys.readouterr().err

    new, old = kept_runs(root)[JANUARY]
    assert "is not published" in told(FEBRUARY)
    assert "no run id" in told("xyz1")
    assert "no run id" in told(old[:3])
    assert f"{old} (2026-01)" in told("0000" if not old.startswith("0000") else "1111")
    shutil.rmtree(root / "runs" / JANUARY / old)
    assert "no longer in runs" in told(old[:8])
    assert "one run only" in told(JANUARY)
    for path in root.glob(f"runs/*/*/{SETTINGS}"):
        path.unlink()
    assert cli.run(["diff", new, "--books", str(root)]) == 0


def test_an_older_run_without_settings_still_says_that_they_differ(
    twice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(shutil.copytree(twice, tmp_path / "books", symlinks=True))
    for path in root.glob(f"runs/*/*/{SETTINGS}"):
        path.unlink()
    named = {(row["change"], row["name"]) for row in rows(root, capsys, JANUARY) if row["section"] == "input"}
    assert ("settings", "books.yml") in named
