"""Causes told by what else the extracts hold, on the smallest company, one fault at a time."""

from __future__ import annotations

from pathlib import Path

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_period

JANUARY = "2026-01"


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def named(built: Built) -> set[tuple[str, str, str, str]]:
    """Tie, symptom, cause and disposition of every break."""
    assert built.failed == []
    return set(
        built.rows(
            "select tie_code, symptom_code, cause_code, disposition from reconciliation.reconciliation_break"
        )
    )


def test_an_amount_that_its_own_price_contradicts_is_wrong_on_the_document(tmp_path: Path) -> None:
    root = tiny.write_books(tmp_path / "books", [JANUARY])
    replaced(root / "inbox" / JANUARY / "delivery_line.csv", "4,10.00,40.00", "4,10.00,41.00")
    assert named(build_period(root, JANUARY, tmp_path / "work")) == {
        (tie, "amount", "data_entry_error", "correct_subledger")
        for tie in ("revenue", "output_vat", "receivables")
    }


def test_a_voucher_ahead_of_a_document_that_the_extract_holds_already_is_early(tmp_path: Path) -> None:
    root = tiny.write_books(tmp_path / "books", [JANUARY])
    replaced(root / "books.yml", "inbox/{period}/delivery_line.csv", "inbox/delivery_line.csv")
    header, january = tiny.MONTHS[JANUARY]["delivery_line"]
    tiny.write(
        root / "inbox/delivery_line.csv", header, [*january, *tiny.MONTHS["2026-02"]["delivery_line"][1]]
    )
    ledger, rows = tiny.MONTHS[JANUARY]["gl_entry_line"]
    revenue = ("delivery", "D2", [("1122", "22.60", ""), ("6001", "", "20.00"), ("22210106", "", "2.60")])
    early = [(*row[:2], "9", *row[3:]) for row in tiny.entries(JANUARY, "2026-01-31", revenue)]
    tiny.write(root / "inbox" / JANUARY / "gl_entry_line.csv", ledger, [*rows, *early])
    assert named(build_period(root, JANUARY, tmp_path / "work")) == {
        (tie, "period", "wrong_period", "timing") for tie in ("revenue", "output_vat", "receivables")
    }
