"""`tieout status`: what each period is called and why, after real runs of the smallest company."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines import attempts, cli
from pipelines.books import load_books
from pipelines.publication import Change, lock
from pipelines.standing import look
from tests.pipeline import tiny

JANUARY, FEBRUARY, MARCH = "2026-01", "2026-02", "2026-03"
LEDGER = "inbox/2026-02/gl_entry_line.csv"

pytestmark = pytest.mark.xdist_group("status")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January and February run and ready."""
    root = tiny.write_books(tmp_path_factory.mktemp("status") / "books", [JANUARY, FEBRUARY])
    assert cli.run(["run", "--books", str(root)]) == 0
    return root


@pytest.fixture
def root(ran: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ran, tmp_path / "books", symlinks=True))


def states(root: Path) -> dict[str, str]:
    return {one.period: one.state for one in look(load_books(root)).periods}


def shown(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, dict[str, Any]], str]:
    """Rows of the JSON form by period, and what was said beside them."""
    capsys.readouterr()
    assert cli.run(["status", "--books", str(root), "--format", "json"]) == 0
    told = capsys.readouterr()
    return {row["period"]: row for row in json.loads(told.out)}, told.err


def test_what_is_as_delivered_and_ready_is_published(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, beside = shown(root, capsys)
    assert {period: row["state"] for period, row in rows.items()} == {
        JANUARY: "published",
        FEBRUARY: "published",
    }
    assert rows[JANUARY]["why"] == ""
    assert rows[JANUARY]["to_correct_count"] == 0
    assert beside == ""
    assert look(load_books(root)).holder is None


def test_a_new_period_is_open_and_one_behind_a_gap_waits(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny.deliver(root, MARCH)
    rows, beside = shown(root, capsys)
    assert rows[MARCH]["state"] == "open"
    assert "8 files delivered" in rows[MARCH]["why"]
    assert "not read yet" in beside
    (root / "inbox" / MARCH).rename(root / "inbox" / "2026-05")
    rows, _ = shown(root, capsys)
    assert [rows[code]["state"] for code in ("2026-05",)] == ["open"]
    assert "2026-03 has none" in rows["2026-05"]["why"]


STALE: dict[str, tuple[Callable[[Path], object], Change, str]] = {
    "a changed file": (
        lambda root: tiny.edit(root / LEDGER, "凭证", "凭证二"),
        Change("file_changed", LEDGER),
        f"changed file {LEDGER}",
    ),
    "a setting": (
        lambda root: tiny.edit(root / "books.yml", "pool: company", "pool: warehouse"),
        Change("settings", "books.yml"),
        "changed settings costing.pool",
    ),
    "a rule": (
        lambda root: tiny.edit(root / "account_map.csv", "inventory,1405", "inventory,6401"),
        Change("rules", "account_map.csv"),
        "changed rules account_map.csv",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", STALE)
def test_what_changed_since_makes_it_stale_and_is_named(
    case: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change, kind, said = STALE[case]
    change(root)
    found = {one.period: one for one in look(load_books(root)).periods}
    assert found[FEBRUARY].state == "stale"
    assert (kind.kind, kind.name) in {(one.kind, one.name) for one in found[FEBRUARY].changes}
    rows, _ = shown(root, capsys)
    assert said in rows[FEBRUARY]["why"]


def test_a_later_period_is_stale_with_the_one_before_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny.edit(root / "inbox/2026-01/delivery_line.csv", "2026-01-20", "2026-01-21")
    rows, _ = shown(root, capsys)
    assert [rows[code]["state"] for code in (JANUARY, FEBRUARY)] == ["stale", "stale"]
    assert "the period before, 2026-01" in rows[FEBRUARY]["why"]


def test_a_file_that_was_only_touched_changes_nothing(root: Path) -> None:
    (root / LEDGER).touch()
    assert states(root) == {JANUARY: "published", FEBRUARY: "published"}


def test_other_code_makes_every_period_stale(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.standing.code_hash", lambda: "other")
    assert states(root) == {JANUARY: "stale", FEBRUARY: "stale"}


def test_a_missing_file_blocks(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / LEDGER).unlink()
    rows, _ = shown(root, capsys)
    assert rows[FEBRUARY]["state"] == "blocked"
    assert f"matches {LEDGER}" in rows[FEBRUARY]["why"]


def test_a_gate_that_stopped_the_run_is_named_with_file_and_row_until_it_is_mended(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (root / LEDGER).read_text("utf-8")
    tiny.edit(root / LEDGER, ",26.00,,", ",27.00,,")
    tiny.edit(root / LEDGER, "S1,goods_receipt", "贵公司,goods_receipt")
    assert cli.run(["run", "--books", str(root)]) == 1
    rows, _ = shown(root, capsys)
    assert [rows[code]["state"] for code in (JANUARY, FEBRUARY)] == ["published", "blocked"]
    assert "do not balance" in rows[FEBRUARY]["why"]
    assert f"{LEDGER}:2" in rows[FEBRUARY]["why"]
    assert "27.00" not in (root / attempts.FILE).read_text("utf-8")
    assert "贵公司" not in (root / attempts.FILE).read_text("utf-8")
    (root / LEDGER).write_text(before, "utf-8")
    rows, _ = shown(root, capsys)
    assert "delivered anew" in rows[FEBRUARY]["why"]
    assert cli.run(["run", "--books", str(root)]) == 0
    assert states(root) == {JANUARY: "published", FEBRUARY: "published"}


def test_differences_to_correct_block_and_are_counted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tiny.edit(root / LEDGER, "5,2026-02-28,凭证,1405,,10.18", "5,2026-02-28,凭证,1405,,1.18")
    tiny.edit(root / LEDGER, "4,2026-02-28,凭证,6401,10.18", "4,2026-02-28,凭证,6401,1.18")
    assert cli.run(["run", "--books", str(root)]) == 3
    rows, _ = shown(root, capsys)
    assert rows[FEBRUARY]["state"] == "blocked"
    assert rows[FEBRUARY]["to_correct_count"] + rows[FEBRUARY]["unidentified_count"] == 2
    assert "tieout breaks --period 2026-02" in rows[FEBRUARY]["why"]


def test_a_file_that_no_period_can_read_is_told_on_its_own(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "inbox/party.csv").write_bytes(b"party_code,name\nS1,\xff\xfe\xfa\xff\nC1,\x81\x20\n")
    assert cli.run(["run", "--books", str(root)]) == 1
    _, beside = shown(root, capsys)
    assert "inbox/party.csv cannot be decoded" in beside


def test_a_killed_run_and_the_holder_are_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as gone:
        gone.wait()
    attempts.begin(root, FEBRUARY, "-")
    kept = (root / attempts.FILE).read_text("utf-8")
    assert states(root)[FEBRUARY] == "published"  # still running: this very process
    (root / attempts.FILE).write_text(kept.replace(f'"{os.getpid()}"', f'"{gone.pid}"'), "utf-8")
    rows, beside = shown(root, capsys)
    assert rows[FEBRUARY]["state"] == "blocked"
    assert "was killed" in rows[FEBRUARY]["why"]
    assert beside == ""
    with lock(root, "tieout run"):
        assert "In use: tieout run" in shown(root, capsys)[1]


def test_the_screen_is_100_columns_wide_and_comes_within_two_seconds(root: Path) -> None:
    tiny.deliver(root, MARCH)
    tiny.edit(root / "books.yml", "language: en", "language: zh")
    command = [sys.executable, "-m", "pipelines", "status", "--books", str(root)]
    began = time.monotonic()
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert time.monotonic() - began < 2
    from rich.cells import cell_len

    assert max(cell_len(line) for line in said.splitlines()) <= 100
    assert [line.split()[:2] for line in said.splitlines() if line.startswith("2026")] == [
        [JANUARY, "已过期"], [FEBRUARY, "已过期"], [MARCH, "未运行"],
    ]  # fmt: skip


def test_status_imports_nothing_that_costs_seconds(root: Path) -> None:
    code = (
        f"import sys; from pipelines.cli import run; run(['status', '--books', {str(root)!r}]); "
        "print(*{'dagster', 'dbt', 'pandas', 'great_expectations', 'numba'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.splitlines()[-1] == ""
