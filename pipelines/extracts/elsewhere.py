"""What the rows of other periods say about this one: how many, which vouchers, which documents.

Rows of the period itself are in `raw.py`; what is told about the others is decided in `expectations/`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contract import load_contract
from pipelines.extracts.grid import new_connection, quoted
from pipelines.extracts.macros import create_macros
from pipelines.extracts.query import create_auxiliary_views

if TYPE_CHECKING:
    from collections.abc import Collection

    import duckdb

    from pipelines.extracts.landing import Landing
    from pipelines.extracts.raw import Rows
    from pipelines.period import Period

TABLES = {
    "other_period": "table_name VARCHAR, extract VARCHAR, file VARCHAR, period VARCHAR, rows BIGINT, "
    "first_row BIGINT",
    "voucher_elsewhere": "voucher_word VARCHAR, voucher_no VARCHAR, period VARCHAR, balance DECIMAL(38,6), "
    "first_line DECIMAL(38,10), last_line DECIMAL(38,10), file VARCHAR, first_row BIGINT",
    "next_document": "document_type VARCHAR, document_no VARCHAR, amount DECIMAL(38,6), "
    "gross_amount DECIMAL(38,6)",
}
_DOCUMENTS = {
    "goods_receipt_line": ("amount", "amount"),
    "delivery_line": ("amount", "amount"),
    "purchase_invoice_line": ("net_amount", "gross_amount"),
    "sales_invoice_line": ("net_amount", "gross_amount"),
    "payment_line": ("amount", "amount"),
}
"""Tables of documents that state their own amounts, and the columns that do."""


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables, empty."""
    for name, columns in TABLES.items():
        connection.execute(f"create or replace table raw.{name} ({columns})")


def note(connection: duckdb.DuckDBPyConnection, table: str, rows: Rows, period: Period) -> None:
    """Add what one extract holds of other periods; nothing is read again when it holds none."""
    of_extract = f"table_name = {quoted(table)} and extract = {quoted(rows.extract.label)}"
    found = connection.execute(
        f"select coalesce(sum(earlier_rows + later_rows), 0) from raw.landed_file where {of_extract}"
    ).fetchone()
    if not found or not found[0]:
        return
    connection.execute(
        f"insert into raw.other_period select {quoted(table)}, {quoted(rows.extract.label)}, _file, _period, "
        f"count(*), min(_row) from ({rows.sql}) where _period <> {quoted(period.code)} "
        "group by _file, _period"
    )
    if table == "gl_entry_line":
        _sum_vouchers(connection, rows, period)
    elif table in _DOCUMENTS:
        _sum_documents(connection, table, rows, period)


def _sum_vouchers(connection: duckdb.DuckDBPyConnection, rows: Rows, period: Period) -> None:
    """The vouchers of the months before and after: debits minus credits, first and last line."""
    beside = ", ".join(quoted(code) for code in (period.previous, period.next))
    balance = "sum(coalesce(parse_decimal(debit_amount), 0) - coalesce(parse_decimal(credit_amount), 0))"
    line = "parse_decimal(line_no)"
    connection.execute(
        "insert into raw.voucher_elsewhere select normalise_code(voucher_word), normalise_code(voucher_no), "
        f"_period, {balance}::decimal(38,6), min({line}), max({line}), "
        "arg_min(_file, (_file, _row)), arg_min(_row, (_file, _row)) "
        f"from ({rows.sql}) where _period in ({beside}) group by 1, 2, 3"
    )


def _sum_documents(connection: duckdb.DuckDBPyConnection, table: str, rows: Rows, period: Period) -> None:
    """The documents of the month after and what each adds up to: a voucher may be ahead of one."""
    amount, gross = _DOCUMENTS[table]
    connection.execute(
        f"insert into raw.next_document select {quoted(table.removesuffix('_line'))}, "
        f"normalise_code(document_no), sum(parse_decimal({amount})), sum(parse_decimal({gross})) "
        f"from ({rows.sql}) where _period = {quoted(period.next)} and document_no is not null group by all"
    )


def rows_dated(landing: Landing, codes: Collection[str], limit: int = 5) -> list[tuple[str, int, str]]:
    """The first rows dated in these periods, as (file, row, period): where a person has to look."""
    from pipelines.extracts.raw import rows_of

    listed = ", ".join(map(quoted, sorted(codes)))
    places: list[tuple[str, int, str]] = []
    with new_connection() as connection:
        create_macros(connection)
        create_auxiliary_views(connection, landing, None)
        for extract in landing.books.extracts:
            table = load_contract().tables.get(extract.table or "")
            if table is not None and table.date_columns:
                rows = rows_of(connection, landing, extract, table, None)
                places += connection.execute(
                    f"select _file, min(_row), _period from ({rows.sql}) where _period in ({listed}) "
                    "group by _file, _period"
                ).fetchall()
    return sorted(places, key=lambda place: (place[2], place[0]))[:limit]
