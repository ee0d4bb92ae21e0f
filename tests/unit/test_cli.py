"""The command line: what it lists, how fast it answers, how it tells errors, and how it writes tables.

Whole runs are in tests/pipeline.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines import cli
from pipelines.commands import _common as common
from tests.pipeline import tiny

COMMANDS = {"demo", "check", "run", "status", "breaks", "vouchers", "verify"}


@pytest.fixture(autouse=True)
def no_language_in_use() -> None:
    common._IN_USE.clear()


def test_every_command_is_listed_with_a_line_of_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--help"]) == 0
    listed = capsys.readouterr().out.split("Commands:")[1]
    named = {
        line.split()[0]: line.split()[1:]
        for line in listed.strip().splitlines()
        if not line.startswith("    ")
    }
    assert set(named) >= COMMANDS
    assert all(named.values())


def test_help_answers_in_half_a_second() -> None:
    def seconds() -> float:
        began = time.monotonic()
        subprocess.run([sys.executable, "-m", "pipelines", "--help"], check=True, capture_output=True)
        return time.monotonic() - began

    assert min(seconds() for _ in range(3)) < 0.5


def test_help_imports_nothing_that_costs_time() -> None:
    code = (
        "import sys; from pipelines.cli import run; run(['--help']); "
        "print(*{'dagster', 'dbt', 'duckdb', 'pandas', 'pydantic', 'great_expectations'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.splitlines()[-1] == ""


def test_books_that_are_not_there_are_told_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["run", "--books", str(tmp_path / "nowhere")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "nowhere" in told.err
    assert len(told.err.strip().splitlines()) >= 2
    assert any("\u4e00" <= letter <= "\u9fff" for letter in told.err)
    assert "Traceback" not in told.err


def test_an_error_in_readable_books_is_told_in_their_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tiny.write_books(tmp_path / "books")
    assert cli.run(["breaks", "--books", str(root)]) == 2
    told = capsys.readouterr().err
    assert "Nothing is published" in told
    assert "尚" not in told
    assert "还没有" not in told


def test_an_unknown_setting_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tiny.write_books(tmp_path / "books")
    settings = root / "books.yml"
    settings.write_text(settings.read_text("utf-8") + "colour: red\n", "utf-8")
    assert cli.run(["run", "--books", str(root)]) == 2
    told = capsys.readouterr().err
    assert "colour" in told
    assert str(len(settings.read_text("utf-8").splitlines())) in told
    assert not (root / "runs").exists()


@pytest.mark.parametrize("arguments", [["runn"], ["run", "--colour"], ["breaks", "--format", "pdf"]])
def test_a_command_line_that_is_wrong_exits_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments) == 2
    assert "Usage" in capsys.readouterr().err


def test_a_period_that_is_none_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tiny.write_books(tmp_path / "books")
    assert cli.run(["run", "--books", str(root), "--period", "2026-13"]) == 2
    assert "2026-13" in capsys.readouterr().err


def test_the_books_are_here_when_books_yml_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert common.default_folder() == Path("data/demo")
    (tmp_path / "books.yml").touch()
    assert common.default_folder() == Path()


ROWS = [("2026-01", Decimal("900719925474099301.10"), date(2026, 1, 31), None, 3, True)]
COLUMNS = ["period", "amount", "document_date", "item_code", "break_count", "is_live"]


def test_json_has_figures_as_exact_text(capsys: pytest.CaptureFixture[str]) -> None:
    common.show("json", COLUMNS, ROWS, "en")
    assert json.loads(capsys.readouterr().out) == [
        {
            "period": "2026-01",
            "amount": "900719925474099301.10",
            "document_date": "2026-01-31",
            "item_code": None,
            "break_count": 3,
            "is_live": True,
        }
    ]


def test_csv_has_figures_as_exact_text(capsys: pytest.CaptureFixture[str]) -> None:
    common.show("csv", COLUMNS, ROWS, "en")
    assert capsys.readouterr().out.splitlines() == [
        "period,amount,document_date,item_code,break_count,is_live",
        "2026-01,900719925474099301.10,2026-01-31,,3,True",
    ]


def test_a_table_has_headings_and_codes_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    common.show("table", ["tie_code", "amount"], [("stock", Decimal("-1234.50"))], "zh")
    heading, row = capsys.readouterr().out.splitlines()
    assert "金额" in heading
    assert row.split() == ["存货", "-1,234.50"]
