"""Names and tax numbers of parties stay out of every log: Dagster's own, dbt's, and what a run prints."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import attempts, cli, transform
from pipelines.defs.discreet import places
from pipelines.gate_result import ExpectationResult
from pipelines.messages import InputError
from pipelines.publication import current
from pipelines.transform import PROJECT
from tests.pipeline import tiny

JANUARY, FEBRUARY = "2026-01", "2026-02"
NAME, TAX_NO = "Zwölfkäse-贰佰玖拾", "91310115QX7Z2K9W4T"

pytestmark = pytest.mark.xdist_group("logs")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tiny.write_books(tmp_path_factory.mktemp("logs") / "books", [JANUARY])
    tiny.write(
        root / "inbox" / "party.csv",
        ["party_code", "name", "tax_no"],
        [("S1", NAME, TAX_NO), ("C1", f"{NAME} 2", TAX_NO)],
    )
    return root


def kept(folder: Path) -> list[str]:
    """Files below the folder that hold the name or the tax number, in any of the ways text is stored."""
    spellings = [
        text.encode(encoding)
        for text in (NAME, TAX_NO, json.dumps(NAME)[1:-1], json.dumps(json.dumps(NAME)[1:-1])[1:-1])
        for encoding in ("utf-8", "utf-16-le")
    ]
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(spelling in path.read_bytes() for spelling in spellings)
    ]


def run(
    books: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> int:
    """A run whose Dagster keeps its log in `home`; nothing of Python's own logging names a party."""
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    with caplog.at_level(logging.DEBUG):
        code = cli.run(["run", "--books", str(books)])
    assert NAME not in caplog.text
    assert TAX_NO not in caplog.text
    return code


def test_the_search_finds_what_it_is_for(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"… {NAME} …", "utf-8")
    (tmp_path / "other").write_text(TAX_NO, "utf-16-le")
    (tmp_path / "event").write_text(json.dumps({"text": json.dumps(NAME)}))
    assert sorted(kept(tmp_path)) == ["event", "log", "other"]


def test_a_run_leaves_no_name_in_any_log(
    books: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(books, tmp_path / "home", monkeypatch, caplog) == 0
    said = capsys.readouterr()
    assert NAME not in said.out + said.err
    assert TAX_NO not in said.out + said.err
    assert any((tmp_path / "home").rglob("*.db"))
    assert kept(tmp_path / "home") == []
    assert [path for path in books.rglob("*.log") if path.stat().st_size] == []
    assert not list((PROJECT / "logs").glob("*"))
    assert list(current(books)) == [JANUARY]


def test_what_stops_a_run_is_told_to_the_person_and_not_to_the_log(
    books: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A supplier's name where an amount should be, and in the place of a code."""
    tiny.deliver(books, FEBRUARY)
    ledger = books / "inbox" / FEBRUARY / "gl_entry_line.csv"
    ledger.write_text(ledger.read_text("utf-8").replace(",26.00,,", f",{NAME},,", 1), "utf-8")
    receipt = books / "inbox" / FEBRUARY / "goods_receipt_line.csv"
    receipt.write_text(receipt.read_text("utf-8").replace(",S1,", f",{TAX_NO},"), "utf-8")
    assert run(books, tmp_path / "home", monkeypatch, caplog) == 1
    assert f"gl_entry_line.csv:2 {NAME}" in capsys.readouterr().err
    kept_attempts = (books / attempts.FILE).read_text("utf-8")
    assert "gl_entry_line.csv:2" in kept_attempts
    assert NAME not in kept_attempts
    assert kept(tmp_path / "home") == []


def test_a_file_without_headers_quotes_its_rows_to_the_person_only(
    books: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tiny.deliver(books, FEBRUARY)
    receipt = books / "inbox" / FEBRUARY / "goods_receipt_line.csv"
    receipt.write_text(f"R2,1,2026-02-10,{NAME},A,W,5,5.20,26.00,0.13\n", "utf-8")
    assert run(books, tmp_path / "home", monkeypatch, caplog) == 1
    assert NAME in capsys.readouterr().err
    assert kept(tmp_path / "home") == []


def test_what_dbt_says_of_a_node_is_not_kept(
    books: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An event of dbt may quote a row, as when a value cannot be cast: Dagster gets it without the words."""
    original = transform._from_event

    def talkative(event: object) -> transform.NodeResult:
        found = original(event)
        told = {**found.event, "info": {**found.event["info"], "msg": NAME}}
        return replace(found, event=told, message=f"{NAME} {TAX_NO}")

    monkeypatch.setattr(transform, "_from_event", talkative)
    tiny.deliver(books, FEBRUARY)
    assert run(books, tmp_path / "home", monkeypatch, caplog) == 0
    assert any((tmp_path / "home").rglob("*.db"))
    assert kept(tmp_path / "home") == []


def test_an_exception_of_another_kind_leaves_its_place_and_not_its_words(
    books: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(f"{NAME} {TAX_NO}")

    monkeypatch.setattr("pipelines.steps.transform", broken)
    (books / "inbox/party.csv").write_text((books / "inbox/party.csv").read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(RuntimeError, match=TAX_NO):  # the person at the keyboard is told
        run(books, tmp_path / "home", monkeypatch, caplog)
    assert kept(tmp_path / "home") == []
    texts = (path.read_bytes() for path in (tmp_path / "home").rglob("*.db"))
    assert any(b"RuntimeError" in text for text in texts)
    kept_attempts = (books / attempts.FILE).read_text("utf-8")
    assert "RuntimeError" in kept_attempts
    assert NAME not in kept_attempts
    assert TAX_NO not in kept_attempts


def test_an_error_has_a_version_for_the_log() -> None:
    error = InputError("gate_stopped", period=JANUARY, count=1, listed=f"  {NAME}")
    assert NAME in str(error)
    assert NAME not in error.discreet()
    assert JANUARY in error.discreet()


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (f"inbox/单据 1.csv:12 {NAME}\ninbox/a.xlsx[S 1]:3", "7; inbox/单据 1.csv:12; inbox/a.xlsx[S 1]:3"),
        (f"{NAME} → 1405", "7"),
        ("inbox/gl.csv:5 记-2 = inbox/gl.csv:8", "7; inbox/gl.csv:5"),
    ],
)
def test_a_check_shows_where_and_never_what(sample: str, said: str) -> None:
    found = ExpectationResult(JANUARY, "party", "x", "warn", 9, 7, sample, "failed", "", "")
    assert places(found) == said
