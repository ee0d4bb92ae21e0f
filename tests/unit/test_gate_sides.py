"""What the gate asks for when the books say that they have one side only."""

from __future__ import annotations

import pytest

from pipelines.contract import load_contract
from tests.unit.gate_delivery import SOUND, add, landed, new_candidate, suites

LEDGER = {"account", "gl_entry_line", "gl_balance"}


def asked(sides: str, tables: set[str]) -> dict[tuple[str, str], str]:
    """Severity by table and check, for a delivery of these tables of the sound one."""
    connection = new_candidate()
    connection.execute(f"update settings.books set sides = '{sides}'")
    for table in tables:
        for texts in SOUND[table]:
            add(connection, table, **texts)
    landed(connection)
    return {
        (table, check.name): check.severity
        for table, found in suites(connection)[1].items()
        for check in found
    }


@pytest.mark.parametrize(
    ("sides", "tables", "needed"),
    [
        ("both", set(SOUND), {"item", "account", "gl_entry_line"}),
        ("inventory", set(SOUND) - LEDGER, {"item"}),
        ("ledger", LEDGER, {"account", "gl_entry_line"}),
    ],
)
def test_only_the_tables_of_the_sides_are_needed(sides: str, tables: set[str], needed: set[str]) -> None:
    found = asked(sides, tables)
    assert {table for table, name in found if name == "table_has_rows"} == needed
    stock = ("goods_receipt_line", "stock_documents_have_rows")
    assert (stock in found) == (sides != "ledger")
    assert {table for table, _ in found} <= set(load_contract().tables)


def test_an_unbalanced_voucher_stops_a_comparison_and_is_told_where_there_is_none() -> None:
    assert asked("both", set(SOUND))["gl_entry_line", "vouchers_balance"] == "block"
    assert asked("ledger", LEDGER)["gl_entry_line", "vouchers_balance"] == "warn"
