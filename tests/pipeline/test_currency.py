"""Documents in another currency: what they are worth in the books, and a voucher at another rate."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_period

JANUARY = "2026-01"
FOREIGN = (*tiny.INVOICE, "currency", "exchange_rate")
LEDGER = (*tiny.ENTRY, "currency", "original_debit_amount", "original_credit_amount")


def dollars(
    root: Path, stock: str, tax: str, payable: str, *, rate: str = "7.10", original: str = "56.50"
) -> Path:
    """The smallest company with January's receipt and invoice in dollars; its ledger has these amounts."""
    tiny.write_books(root, [JANUARY])
    folder = root / "inbox" / JANUARY
    receipt = ("R1", 1, "2026-01-05", "S1", "A", "W", "10", "5.00", "50.00", "0.13", "USD", "7.10")
    tiny.write(folder / "goods_receipt_line.csv", [*tiny.RECEIPT, "currency", "exchange_rate"], [receipt])
    invoice = (
        "P1",
        1,
        "2026-01-08",
        "2026-01-08",
        "S1",
        "A",
        "10",
        "50.00",
        "6.50",
        "56.50",
        "R1",
        1,
        "USD",
        rate,
    )
    tiny.write(folder / "purchase_invoice_line.csv", FOREIGN, [invoice])
    bought = ("purchase_invoice", "P1", [("1405", stock, ""), ("22210101", tax, ""), ("2202", "", payable)])
    sold = tiny.sale("D1", "45.20", "40.00", "5.20", "142.00")
    rows = [
        (*row, "USD", "", original) if row[6] == "2202" else (*row, "", "", "")
        for row in tiny.entries(JANUARY, "2026-01-31", bought, sold)
    ]
    tiny.write(folder / "gl_entry_line.csv", LEDGER, rows)
    return root


def named(built: Built) -> set[tuple[str, str, str, str, str]]:
    assert built.failed == []
    rows = built.rows(
        "select tie_code, symptom_code, cause_code, disposition, cast(difference_amount as varchar) "
        "from reconciliation.reconciliation_break"
    )
    return set(rows)


def test_a_document_in_dollars_is_worth_its_amounts_at_its_own_rate(tmp_path: Path) -> None:
    # 50.00 and 6.50 dollars at 7.10: 355.00 and 46.15 (6.50 × 7.10 = 46.15).
    root = dollars(tmp_path / "books", "355.00", "46.15", "401.15")
    built = build_period(root, JANUARY, tmp_path / "work")
    assert named(built) == set()
    lines = built.rows(
        "select account_code, currency, signed_amount, original_amount from postings.voucher_line "
        "where document_no = 'P1' and account_code = '2202' order by original_amount"
    )
    assert [(code, currency, str(amount), str(original)) for code, currency, amount, original in lines] == [
        ("2202", "USD", "-355.00", "-50.00"),
        ("2202", "USD", "-46.15", "-6.50"),
    ]


def test_a_voucher_at_another_rate_differs_in_currency(tmp_path: Path) -> None:
    # The same dollars at 7.20: 360.00, 46.80, 406.80.
    root = dollars(tmp_path / "books", "360.00", "46.80", "406.80")
    assert named(build_period(root, JANUARY, tmp_path / "work")) == {
        (tie, "currency", "rate_difference", "correct_ledger", amount)
        for tie, amount in (("stock", "5.00"), ("input_vat", "0.65"), ("payables", "-5.65"))
    }


def test_other_dollars_are_no_other_rate(tmp_path: Path) -> None:
    root = dollars(tmp_path / "books", "360.00", "46.80", "406.80", original="57.30")
    found = named(build_period(root, JANUARY, tmp_path / "work"))
    assert {tie for tie, *_ in found} == {"stock", "input_vat", "payables"}
    assert "currency" not in {symptom for _, symptom, *_ in found}


@pytest.mark.parametrize("rate", ["", "0"])
def test_a_document_in_dollars_without_a_rate_is_set_aside(tmp_path: Path, rate: str) -> None:
    root = dollars(tmp_path / "books", "355.00", "46.15", "401.15", rate=rate)
    built = build_period(root, JANUARY, tmp_path / "work")
    assert built.rows("select document_no, reason_code from marts.rejected_row") == [
        ("P1", "no_exchange_rate")
    ]
    assert {cause for _, _, cause, *_ in named(built)} >= {"rejected_input"}


def test_another_word_for_the_books_currency_needs_no_rate(tmp_path: Path) -> None:
    root = tiny.write_books(tmp_path / "books", [JANUARY])
    folder = root / "inbox" / JANUARY
    for name, header, word in (
        ("goods_receipt_line", tiny.RECEIPT, "人民币"),
        ("purchase_invoice_line", tiny.INVOICE, "rmb"),
        ("delivery_line", tiny.DELIVERY, "CNY"),
    ):
        rows = [(*row, word) for row in tiny.MONTHS[JANUARY][name][1]]
        tiny.write(folder / f"{name}.csv", [*header, "currency"], rows)
    built = build_period(root, JANUARY, tmp_path / "work")
    assert named(built) == set()
    assert not built.rows("select * from marts.rejected_row")
    read = "select currency from staging.stg_{}"
    tables = ("goods_receipt_line", "purchase_invoice_line", "delivery_line")
    assert {built.rows(read.format(table))[0] for table in tables} == {("CNY",)}
