"""Voucher files: numbering, merging, exactness, refusals, and the round trip through every format.

What should be posted is tested with the postings models, single formats in test_vouchers_formats.py.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines import vouchers
from pipelines.messages import TieoutError, UsageError
from pipelines.vouchers import (
    VoucherOptions,
    formats,
    voucher_lines,
    write_run_vouchers,
    write_vouchers,
    writer,
)
from tests.unit.voucher_run import make_voucher_run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return make_voucher_run(tmp_path / "run")


def test_numbers_are_continuous_in_the_order_of_date_type_and_document(run: Path) -> None:
    vouchers = {
        line.voucher_no: line.source_document_no
        for line in voucher_lines(run, VoucherOptions())
        if line.line_no == 1
    }
    assert vouchers == {1: "RK-000", 2: "RK-002", 3: "FP-001", 4: "CK-001", 5: "CK-002", 6: "CK-003"}
    positions = defaultdict(list)
    for line in voucher_lines(run, VoucherOptions(first_no=11)):
        positions[line.voucher_no].append(line.line_no)
    assert list(positions) == [11, 12, 13, 14, 15, 16]
    assert all(found == list(range(1, len(found) + 1)) for found in positions.values())


def test_a_line_without_an_amount_is_not_written(run: Path) -> None:
    lines = list(voucher_lines(run, VoucherOptions()))
    assert "GIFT" not in {line.voucher_id for line in lines}
    assert all(line.debit_amount or line.credit_amount for line in lines)


def test_an_account_that_is_not_mapped_stays_visible(run: Path) -> None:
    assert "?rd_expense" in {line.account_code for line in voucher_lines(run, VoucherOptions())}


def test_quantities_have_the_sign_of_their_side(run: Path) -> None:
    found = {
        (line.source_document_no, line.account_role): line.quantity
        for line in voucher_lines(run, VoucherOptions())
        if line.quantity is not None
    }
    assert {role for _, role in found} == {"inventory"}  # accounts kept in money only have none
    assert found["CK-001", "inventory"] == Decimal("4.0000")  # an issue, on the credit side
    assert found["RK-000", "inventory"] == Decimal("-10.0000")  # a red receipt


def test_attachments_count_the_documents_behind_a_voucher(run: Path) -> None:
    found = {line.voucher_no: line.attachments for line in voucher_lines(run, VoucherOptions())}
    assert found == {1: 1, 2: 1, 3: 2, 4: 1, 5: 1, 6: 1}


def test_merging_adds_up_one_side_of_one_account_and_keeps_items_apart(run: Path) -> None:
    plain = list(voucher_lines(run, VoucherOptions()))
    merged = list(voucher_lines(run, VoucherOptions(merge=True)))
    invoice = [
        (line.account_code, line.item_code, line.debit_amount, line.credit_amount)
        for line in merged
        if line.voucher_no == 3
    ]
    assert invoice == [
        ("1405", "A", Decimal("100.00"), Decimal("0.00")),
        ("1405", "B", Decimal("200.10"), Decimal("0.00")),
        ("2221.01.01", "", Decimal("39.01"), Decimal("0.00")),
        ("2202", "", Decimal("0.00"), Decimal("339.11")),
    ]
    assert len(merged) < len(plain)
    for side in ("debit_amount", "credit_amount"):
        assert sum(getattr(line, side) for line in plain) == sum(getattr(line, side) for line in merged)


def test_a_merged_line_keeps_only_what_its_lines_agree_on(run: Path) -> None:
    merged = voucher_lines(run, VoucherOptions(merge=True))
    tax = next(line for line in merged if line.account_role == "input_vat")
    assert tax.rule_id == "r1"
    assert tax.source_line_no is None


@pytest.mark.parametrize("merge", [False, True])
@pytest.mark.parametrize("name", formats())
def test_every_format_reads_back_as_the_same_balanced_lines(
    run: Path, tmp_path: Path, name: str, merge: bool
) -> None:
    options = VoucherOptions(merge=merge)
    module = writer(name)
    paths = write_vouchers(run, tmp_path / "out", [name], options)
    posted = [line for path in paths for line in module.read(path)]
    wanted = list(voucher_lines(run, options))
    assert [line[:4] + line[5:8] for line in posted] == [
        (
            line.voucher_date,
            line.voucher_word,
            line.voucher_no,
            line.line_no,
            line.account_code,
            line.debit_amount,
            line.credit_amount,
        )
        for line in wanted
    ]
    assert [line.quantity for line in posted] == [line.quantity for line in wanted]
    assert [line.attachments for line in posted] == [line.attachments for line in wanted]
    totals: dict[int, Decimal] = defaultdict(Decimal)
    for entry in posted:
        totals[entry.voucher_no] += entry.debit_amount - entry.credit_amount
    assert set(totals.values()) == {Decimal("0.00")}
    assert any(entry.debit_amount < 0 for entry in posted)


@pytest.mark.parametrize("name", formats())
def test_the_same_run_gives_the_same_bytes(run: Path, tmp_path: Path, name: str) -> None:
    one, two = (
        [
            hashlib.sha256(path.read_bytes()).hexdigest()
            for path in write_vouchers(run, tmp_path / part, [name])
        ]
        for part in ("one", "two")
    )
    assert one == two


@pytest.mark.parametrize("name", formats())
def test_a_run_without_vouchers_writes_a_file_that_reads_as_empty(
    run: Path, tmp_path: Path, name: str
) -> None:
    _change(run, "delete from voucher_line")
    (path,) = write_vouchers(run, tmp_path / "out", [name])
    assert writer(name).read(path) == []


@pytest.mark.parametrize(
    ("statement", "key", "named"),
    [
        (
            "update voucher_line set debit_amount = debit_amount + 0.01 where voucher_id = 'v-inv' and line_no = 1",
            "voucher_unbalanced",
            "FP-001",
        ),
        (
            "update voucher_line set account_code = null where voucher_id = 'v-ck1' and line_no = 2",
            "voucher_account_missing",
            "CK-001",
        ),
    ],
)
def test_what_cannot_be_posted_is_refused_by_name(
    run: Path, tmp_path: Path, statement: str, key: str, named: str
) -> None:
    _change(run, statement)
    with pytest.raises(TieoutError) as caught:
        write_vouchers(run, tmp_path / "out")
    assert caught.value.key == key
    assert named in caught.value.text("zh")
    assert named in caught.value.text("en")


def test_a_run_writes_no_files_of_a_large_period_and_says_how_to_have_them(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = write_run_vouchers(run, tmp_path / "few", VoucherOptions())
    assert [path.name for path in few] == ["canonical.csv", "kingdee.xlsx"]
    monkeypatch.setattr(vouchers, "RUN_LINES", 3)
    many = write_run_vouchers(run, tmp_path / "many", VoucherOptions())
    assert many == list((tmp_path / "many").iterdir())
    told = many[0].read_text("utf-8").splitlines()
    assert len(told) == 2
    assert all(
        "tieout vouchers --format canonical" in line and " 3 " in line.replace(":", " ") for line in told
    )


def test_an_unknown_format_is_a_usage_error_that_lists_the_known_ones(run: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        write_vouchers(run, tmp_path, ["sap"])
    assert re.search(r"canonical.*kingdee", caught.value.text("zh"))


def test_codes_stand_in_for_names_that_the_run_does_not_hold(run: Path) -> None:
    for path in (run / "state").iterdir():
        path.unlink()
    payable = next(line for line in voucher_lines(run, VoucherOptions()) if line.account_role == "ap")
    assert (payable.party_code, payable.party_name) == ("V001", "")


def _change(run: Path, statement: str) -> None:
    path = run / "voucher_line.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table voucher_line as from '{path}'")
        connection.execute(statement)
        connection.execute(f"copy voucher_line to '{path}' (format parquet)")
