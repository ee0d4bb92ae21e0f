"""The contract declares every table of the design completely, and no header could mean two columns."""

from __future__ import annotations

import pytest

from pipelines.contract import DATA_TYPES, Column, Table, load_contract, normalise_header

TABLES = load_contract().tables
EVERY_TABLE = [pytest.param(table, id=name) for name, table in TABLES.items()]


def test_the_contract_has_the_tables_of_the_design() -> None:
    assert len(TABLES) == 25
    assert {"item", "account", "goods_receipt_line", "gl_entry_line", "gl_balance"} <= TABLES.keys()


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_every_table_and_column_is_labelled_in_both_languages_and_explained(table: Table) -> None:
    assert table.description.startswith("One row per ")
    things: list[Table | Column] = [table, *table.columns.values()]
    for thing in things:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in thing.label_zh), thing.name
        assert thing.label_en.isascii(), thing.name
        assert thing.description.endswith("."), thing.name


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_no_header_is_claimed_by_two_columns(table: Table) -> None:
    owner: dict[str, str] = {}
    for column in table.columns.values():
        for header in column.headers:
            claimed = owner.setdefault(normalise_header(header), column.name)
            assert claimed == column.name, f"{header}: {claimed} and {column.name}"


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_keys_dates_types_and_synonyms_are_declared_columns_and_values(table: Table) -> None:
    assert set(table.key) <= table.columns.keys()
    assert set(table.date_columns) <= table.columns.keys()
    assert {name for group in table.needs for name in group} <= table.columns.keys()
    for name in table.date_columns:
        assert name == "period" or table.columns[name].data_type == "date"
    for column in table.columns.values():
        assert column.data_type in DATA_TYPES
        assert not column.accepted or set(column.synonyms.values()) <= set(column.accepted), column.name
        assert column.unit or column.data_type not in ("quantity", "unit_cost", "amount"), column.name


@pytest.mark.parametrize(
    ("table", "header", "column"),
    [
        ("goods_receipt_line", "单据编号", "document_no"),
        ("goods_receipt_line", " 单 据 号 ", "document_no"),
        ("goods_receipt_line", "Document No.", "document_no"),
        ("goods_receipt_line", "ＤＯＣＵＭＥＮＴ＿ＮＯ", "document_no"),
        ("delivery_line", "客户", "party_code"),
        ("goods_receipt_line", "供应商*", "party_code"),
        ("gl_entry_line", "贷方本币金额", "credit_amount"),
        ("gl_balance", "期初余额借方", "opening_debit_amount"),
    ],
)
def test_headers_are_recognised_however_they_are_spelt(table: str, header: str, column: str) -> None:
    found = TABLES[table].column_of(header)
    assert found is not None
    assert found.name == column


def test_a_header_nobody_declared_is_nobodys() -> None:
    assert TABLES["item"].column_of("备注") is None


def test_a_total_can_stand_in_every_processed_table_of_codes() -> None:
    """What the gate tells and what staging sets aside come from this one declaration."""
    named = {name: table.total_column for name, table in TABLES.items() if table.total_column}
    assert all(TABLES[name].columns[column].data_type == "code" for name, column in named.items())
    assert not any(
        "line_no" in TABLES[name].columns and "document_no" in TABLES[name].columns for name in named
    )
    assert named["item_cost"] == "item_code"
