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
from pipelines.messages import LANGUAGES, TieoutError, UsageError
from pipelines.vouchers import (
    LineRefusedError,
    PostedLine,
    VoucherLine,
    VoucherOptions,
    formats,
    next_number,
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
    assert vouchers == {1: "RK-000", 2: "RK-002", 3: "FP-001", 4: "CK-001", 5: "CK-002"}
    positions = defaultdict(list)
    for line in voucher_lines(run, VoucherOptions(first_no=11)):
        positions[line.voucher_no].append(line.line_no)
    assert list(positions) == [11, 12, 13, 14, 15]
    assert all(found == list(range(1, len(found) + 1)) for found in positions.values())


def test_a_line_without_an_amount_is_not_written(run: Path) -> None:
    lines = list(voucher_lines(run, VoucherOptions()))
    assert "GIFT" not in {line.voucher_id for line in lines}
    assert all(line.debit_amount or line.credit_amount for line in lines)


def test_an_account_that_is_not_mapped_stays_visible_and_no_ledger_system_is_given_it(tmp_path: Path) -> None:
    run = make_voucher_run(tmp_path / "run", unmapped=True)
    assert "?rd_expense" in {line.account_code for line in voucher_lines(run, VoucherOptions())}
    canonical, note = write_run_vouchers(run, tmp_path / "out", VoucherOptions())
    assert "?rd_expense" in canonical.read_text("utf-8-sig")
    chinese, *ready, english = note.read_text("utf-8").splitlines()[:5]
    assert all("记-6" in told and "?rd_expense" in told and "CK-003" in told for told in (chinese, english))
    assert ready == ["account_map.csv", "account_role,account_code", "rd_expense,"]
    assert not (tmp_path / "out" / "kingdee.xlsx").exists()


def test_an_event_without_a_rule_is_a_line_ready_for_the_posting_rules(run: Path, tmp_path: Path) -> None:
    _change(run, "update voucher_line set account_code = '??barter/cost' where voucher_id = 'v-ck1'")
    with pytest.raises(LineRefusedError) as caught:
        write_vouchers(run, tmp_path, ["kingdee"])
    header = "rule_id,event_type,amount_basis,debit_role,credit_role"
    assert caught.value.text("en").splitlines()[1:] == ["posting_rules.csv", header, ",barter,cost,,"]


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("u8", "account_code = '1405' || repeat('0', 12)", "voucher_refused_account_length"),
        ("odoo", "account_code = '14-05'", "voucher_refused_account_characters"),
        ("erpnext", "account_role = 'ap', party_code = null", "voucher_refused_party_missing"),
        *(
            (name, "account_code = '?x'", "voucher_refused_unmapped")
            for name in ("kingdee", "gbt24589", "fec", "ads")
        ),
    ],
)
def test_a_line_that_the_ledger_system_would_refuse_is_refused_here_with_its_place(
    run: Path, tmp_path: Path, name: str, change: str, message: str
) -> None:
    _change(run, f"update voucher_line set {change} where voucher_id = 'v-ck1' and line_no = 2")
    with pytest.raises(LineRefusedError) as caught:
        write_vouchers(run, tmp_path / "out", ["canonical", name])
    assert caught.value.key == message
    assert all(
        "记-4" in caught.value.text(language) and "CK-001" in caught.value.text(language)
        for language in LANGUAGES
    )
    assert not (tmp_path / "out").exists()


def test_only_what_the_ledger_has_no_line_of_numbered_after_its_last(run: Path) -> None:
    options = VoucherOptions(missing=True, first_no=next_number(run, "记"))
    found = {line.voucher_no: line.source_document_no for line in voucher_lines(run, options)}
    assert found == {13: "RK-002", 14: "FP-001b", 15: "CK-001", 16: "CK-002"}
    assert next_number(run, "转") == 1


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
    assert found == {1: 1, 2: 1, 3: 2, 4: 1, 5: 1}


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
    wanted = [_kept(line, module.LEAVES_OUT) for line in voucher_lines(run, options)]
    assert [line._replace(summary="") for line in posted] == wanted
    totals: dict[int, Decimal] = defaultdict(Decimal)
    for entry in posted:
        totals[entry.voucher_no] += entry.debit_amount - entry.credit_amount
    assert set(totals.values()) == {Decimal("0.00")}
    assert any(entry.debit_amount < 0 for entry in posted) is ("red" not in module.LEAVES_OUT)


def _kept(line: VoucherLine, leaves_out: frozenset[str]) -> PostedLine:
    """What a format keeps of a line, its summary left out: each has limits of its own on texts."""
    debit, credit = line.debit_amount, line.credit_amount
    if "red" in leaves_out and min(debit, credit) < 0:
        debit, credit = -credit, -debit
    return PostedLine(
        line.voucher_date,
        line.voucher_word,
        line.voucher_no,
        line.line_no,
        "",
        line.account_code,
        debit,
        credit,
        None if "quantity" in leaves_out else line.quantity,
        0 if "attachments" in leaves_out else line.attachments,
    )


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
