"""The gate as a whole: Great Expectations run on a candidate file, the table it writes, what people read."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.gate import run_gate
from pipelines.messages import CATALOGUE, InputError
from tests.unit.gate_delivery import JANUARY, add, faults, landed, sound_delivery

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.gate_result import GateResult


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    file = tmp_path / "candidate.duckdb"
    sound_delivery(file).close()
    return file


@pytest.fixture
def spoiled(sound: Path) -> Path:
    with duckdb.connect(str(sound)) as connection:
        add(connection, "goods_receipt_line", file="inbox/补.csv", document_no="R1", line_no="2",
            item_code="A9", document_date="2026-01-05", warehouse_code="W1", quantity="0")  # fmt: skip
        connection.execute("update raw.gl_entry_line set debit_amount = '0.35' where debit_amount = '0.30'")
        connection.execute("update raw.purchase_invoice_line set item_code = null, party_code = null")
        landed(connection)
    return sound


def test_a_sound_delivery_passes(sound: Path) -> None:
    result = run_gate(sound, JANUARY)
    assert result.blocking == []
    assert {found.status for found in result.results} == {"passed"}


def test_great_expectations_counts_what_plain_sql_counts(spoiled: Path) -> None:
    with duckdb.connect(str(spoiled)) as connection:
        by_sql = faults(connection)
    result = run_gate(spoiled, JANUARY)
    by_gx = {(found.table_name, found.expectation): found.unexpected_count for found in result.results}
    told_once = {("purchase_invoice_line", "party_code_is_given")}
    assert by_gx == {key: count for key, count in by_sql.items() if key not in told_once}
    assert sum(by_gx.values()) > 0


def blocked(result: GateResult) -> dict[str, str]:
    return {f"{found.table_name}.{found.expectation}": found.message_en for found in result.blocking}


def test_what_blocks_names_files_rows_and_amounts(spoiled: Path) -> None:
    found = blocked(run_gate(spoiled, JANUARY, "en"))
    assert set(found) == {
        "goods_receipt_line.key_is_unique",
        "gl_entry_line.vouchers_balance",
        "purchase_invoice_line.party_code_is_delivered",
    }
    assert (
        "inbox/补.csv:4 R1 / 2 = inbox/goods_receipt_line.csv:3" in found["goods_receipt_line.key_is_unique"]
    )
    assert "inbox/gl_entry_line.csv:2 记-1: 0.35 - 0.30 = 0.05" in found["gl_entry_line.vouchers_balance"]


def test_messages_come_in_the_language_asked_for(spoiled: Path) -> None:
    zh, en = run_gate(spoiled, JANUARY, "zh").messages, run_gate(spoiled, JANUARY, "en").messages
    assert any("凭证借贷不平" in message for message in zh)
    assert any("do not balance" in message for message in en)
    assert not any("{" in message for message in zh + en)


def test_the_result_table_is_written_sorted_and_replaced(spoiled: Path) -> None:
    first = run_gate(spoiled, JANUARY)
    with duckdb.connect(str(spoiled)) as connection:
        connection.execute("delete from raw.goods_receipt_line where _file = 'inbox/补.csv'")
        landed(connection)
    second = run_gate(spoiled, JANUARY)
    with duckdb.connect(str(spoiled)) as connection:
        rows = connection.execute("select * from gate.data_quality_result").fetchall()
        names = [column[0] for column in connection.description or ()]
    assert names == ["period", "table_name", "expectation", "severity", "evaluated_count", "unexpected_count",
                     "sample", "status", "message_zh", "message_en"]  # fmt: skip
    assert rows == [tuple(vars(found).values()) for found in second.results]
    assert [row[1:3] for row in rows] == sorted(row[1:3] for row in rows)
    assert len(second.blocking) == len(first.blocking) - 1


def test_a_sample_is_the_first_five_rows(sound: Path) -> None:
    with duckdb.connect(str(sound)) as connection:
        for number in range(9):
            add(connection, "goods_receipt_line", document_no=f"X{number}", line_no="1",
                item_code="A1", document_date="2026-01-05", warehouse_code="W1", quantity=f"q{number}",
                amount="1")  # fmt: skip
        landed(connection)
    (found,) = [
        found for found in run_gate(sound, JANUARY).results
        if (found.table_name, found.expectation) == ("goods_receipt_line", "quantity_is_readable")
    ]  # fmt: skip
    assert found.sample.splitlines() == [f"inbox/goods_receipt_line.csv:{row + 4} q{row}" for row in range(5)]
    assert (found.evaluated_count, found.unexpected_count, found.status) == (11, 9, "failed")


def test_the_file_is_free_again_after_the_gate(sound: Path) -> None:
    run_gate(sound, JANUARY)
    # refused while the file is open elsewhere in this process
    with duckdb.connect(str(sound), config={"threads": 1, "preserve_insertion_order": True}) as connection:
        connection.execute("create table written as select 1")


def test_a_file_without_the_contract_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "candidate.duckdb"
    duckdb.connect(str(file)).close()
    with pytest.raises(InputError, match=r"raw\.account"):
        run_gate(file, JANUARY)


def test_a_check_that_cannot_run_is_an_error_and_not_a_pass(sound: Path) -> None:
    with duckdb.connect(str(sound)) as connection:
        connection.execute("drop macro parse_decimal")
    with pytest.raises(InputError, match="parse_decimal"):
        run_gate(sound, JANUARY)


def test_every_text_of_a_check_is_in_the_catalogue() -> None:
    failed = {key.partition(".")[2] for key in CATALOGUE if key.startswith("gate.")}
    expected = {key.partition(".")[2] for key in CATALOGUE if key.startswith("expects.")}
    assert failed - expected == {"passed", "failed", "could_not_run", "no_contract_table"}
    assert expected <= failed


def test_the_gate_is_silent_and_loads_great_expectations_only_when_run(sound: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipelines.gate import run_gate; "
        "from pipelines.period import Period; assert 'great_expectations' not in sys.modules; "
        f"run_gate(Path({str(sound)!r}), Period('2026-01'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
