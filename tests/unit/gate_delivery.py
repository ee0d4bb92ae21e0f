"""A sound delivery of one small period in a candidate file, for tests of the gate to spoil.

The tests themselves are in `test_gate*.py`; how texts are landed is tested with the extracts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from expectations.suites import suites_of
from expectations.validation import counts_sql
from pipelines import gate
from pipelines.contract import load_contract
from pipelines.extracts import orders
from pipelines.extracts.macros import create_macros
from pipelines.period import Period

if TYPE_CHECKING:
    from pathlib import Path

    from expectations.checks import Delivery
    from expectations.suites import Suites

JANUARY = Period("2026-01")
SOUND: dict[str, list[dict[str, str]]] = {
    "item": [{"item_code": "A1", "name": "轴承", "category": "RAW", "tax_rate": "13%", "is_stocked": "是",
              "stock_unit": "个"}],
    "item_cost": [{"item_code": "A1", "valid_from": "2026-01-01 08:00", "unit_cost": "10"}],
    "warehouse": [{"warehouse_code": "W1", "name": "主仓"}, {"warehouse_code": "W2", "name": "分仓"}],
    "party": [{"party_code": "S1", "name": "供应商", "kind": "supplier"}],
    "account": [
        {"account_code": "1405", "name": "库存商品", "is_leaf": "是"},
        {"account_code": "2202", "name": "应付账款", "is_leaf": "是"},
        {"account_code": "4001", "name": "实收资本", "is_leaf": "是", "dimensions": "部门"},
        {"account_code": "5001", "name": "生产成本", "is_leaf": "是"},
    ],
    "goods_receipt_line": [
        {"document_no": "R1", "line_no": "1", "document_date": "2026-01-05", "item_code": "A1",
         "warehouse_code": "W1", "party_code": "S1", "quantity": "10", "unit": "箱", "amount": "100.00",
         "status": "已审核"},
        {"document_no": "R1", "line_no": "2", "document_date": "2026年1月5日", "item_code": "A1",
         "warehouse_code": "W1", "party_code": "S1", "quantity": "-1", "unit_price": "10"},
    ],
    "unit_conversion": [{"from_unit": "箱", "to_unit": "个", "factor": "12"}],
    "stock_movement_line": [
        {"document_no": "T1", "line_no": "1", "document_date": "2026-01-06", "movement_type": "调拨",
         "item_code": "A1", "warehouse_code": "W1", "counterpart_warehouse_code": "W2", "quantity": "1"},
    ],
    "purchase_invoice_line": [
        {"document_no": "I1", "line_no": "1", "invoice_date": "2026-01-08", "party_code": "S1",
         "item_code": "A1",
         "quantity": "10", "net_amount": "1,000.00", "tax_rate": "13%", "tax_amount": "130.00",
         "gross_amount": "1130.00"},
    ],
    "gl_entry_line": [
        {"voucher_word": "记", "voucher_no": "1", "line_no": "1", "voucher_date": "2026-01-05",
         "account_code": "1405", "debit_amount": "0.30", "prepared_by": "张", "audited_by": "李"},
        {"voucher_word": "记", "voucher_no": "1", "line_no": "2", "voucher_date": "2026-01-05",
         "account_code": "2202", "credit_amount": "0.10"},
        {"voucher_word": "记", "voucher_no": "1", "line_no": "3", "voucher_date": "2026-01-05",
         "account_code": "2202", "credit_amount": "0.20"},
        {"voucher_word": "记", "voucher_no": "2", "line_no": "1", "voucher_date": "2026-01-31",
         "account_code": "1405", "debit_amount": "-5.00"},
        {"voucher_word": "记", "voucher_no": "2", "line_no": "2", "voucher_date": "2026-01-31",
         "account_code": "2202", "credit_amount": "-5.00"},
    ],
    "gl_balance": [
        {"period": "2026-01", "account_code": "1405", "opening_amount": "7.00", "debit_amount": "-4.70",
         "credit_amount": "0", "closing_amount": "2.30"},
        {"period": "2026-01", "account_code": "2202", "opening_credit_amount": "7.00", "debit_amount": "0",
         "credit_amount": "-4.70", "closing_credit_amount": "2.30"},
    ],
}  # fmt: skip


def new_candidate(path: Path | str = ":memory:") -> duckdb.DuckDBPyConnection:
    """A candidate with empty raw tables, the settings the gate reads, and what landing counts."""
    connection = duckdb.connect(str(path))
    create_macros(connection)
    connection.execute("create schema raw; create schema settings")
    lineage = "_extract varchar, _file varchar, _row bigint, _row_id bigint"
    for name, table in load_contract().tables.items():
        columns = ", ".join(f'"{column}" varchar' for column in table.columns)
        connection.execute(f"create table raw.{name} ({columns}, {lineage})")
    connection.execute(
        "create table settings.books as select 'cas' as standard, 'both' as sides, 'general' as taxpayer"
    )
    connection.execute("create table settings.period as select false as is_first_period")
    connection.execute("create table settings.account_map (account_role varchar, account_code varchar)")
    connection.execute("insert into settings.account_map values ('inventory', '1405'), ('ap', '2202')")
    connection.execute(
        "create table raw.delivered_header (table_name varchar, file varchar, header_row bigint, header varchar)"
    )
    for name, columns in orders.TABLES.items():
        connection.execute(f"create table raw.{name} ({columns})")
    counts = "period_rows bigint, earlier_rows bigint, later_rows bigint, undated_rows bigint"
    connection.execute(
        "create table raw.landed_file (table_name varchar, extract varchar, file varchar, sha256 varchar, "
        f"rows bigint, {counts})"
    )
    connection.execute(
        "create table raw.control_total "
        "(table_name varchar, column_name varchar, row_count bigint, total decimal(38, 6))"
    )
    return connection


def add(connection: duckdb.DuckDBPyConnection, table: str, file: str = "", **texts: str) -> None:
    """Deliver one more row of a table."""
    found = connection.execute(f"select count(*) from raw.{table}").fetchone()
    assert found is not None
    names = [*texts, "_extract", "_file", "_row", "_row_id"]
    values = [*texts.values(), table, file or f"inbox/{table}.csv", found[0] + 2, found[0] + 1]
    marks = ", ".join("?" * len(values))
    connection.execute(f"insert into raw.{table} ({', '.join(names)}) values ({marks})", values)


def landed(connection: duckdb.DuckDBPyConnection) -> None:
    """Count and total what is in the raw tables now, as landing does."""
    connection.execute("delete from raw.landed_file; delete from raw.control_total")
    for name, table in load_contract().tables.items():
        connection.execute(
            f"insert into raw.landed_file select '{name}', '{name}', _file, md5(_file), count(*), count(*), "
            f"0, 0, 0 from raw.{name} group by _file"
        )
        for column in table.columns.values():
            if column.data_type in ("amount", "quantity"):
                connection.execute(
                    f"insert into raw.control_total select '{name}', '{column.name}', count(*), "
                    f"coalesce(sum(parse_decimal({column.name})), 0) from raw.{name} having count(*) > 0"
                )


def sound_delivery(path: Path | str = ":memory:") -> duckdb.DuckDBPyConnection:
    """A candidate in which every expectation is met."""
    connection = new_candidate(path)
    for table, rows in SOUND.items():
        for texts in rows:
            add(connection, table, **texts)
    landed(connection)
    return connection


def suites(
    connection: duckdb.DuckDBPyConnection, max_rejected: dict[str, int] | None = None
) -> tuple[Delivery, Suites]:
    """What the gate would run on this candidate."""
    rows = gate._row_counts(connection, "candidate.duckdb")
    delivery = gate._delivery(connection, JANUARY, rows, max_rejected or {})
    return delivery, suites_of(delivery)


def faults(connection: duckdb.DuckDBPyConnection, *tables: str) -> dict[tuple[str, str], int]:
    """Faults by table and check, of these tables or of all, counted without Great Expectations."""
    counted = {}
    delivery, all_suites = suites(connection)
    for table, checks in all_suites.items():
        if not tables or table in tables:
            found = connection.execute(counts_sql(table, checks, delivery)).fetchone()
            assert found is not None
            counted.update({(table, check.name): found[at] for at, check in enumerate(checks, 1)})
    return counted
