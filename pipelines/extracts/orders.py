"""What earlier periods delivered of orders: the lines, and what was received, delivered or billed on them.

Rows of the period itself are in `raw.py`; an order is fulfilled over months, so it is judged against all of
them in `expectations/orders.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.contract import Table, load_contract
from pipelines.extracts.grid import identifier, quoted
from pipelines.extracts.query import create_auxiliary_views

if TYPE_CHECKING:
    import duckdb

    from pipelines.extracts.landing import Landing
    from pipelines.period import Period

ORDERS = ("purchase_order_line", "sales_order_line")
FULFILLING = ("goods_receipt_line", "purchase_invoice_line", "delivery_line", "sales_invoice_line")
TABLES = {
    "earlier_order": "table_name VARCHAR, order_no VARCHAR, line_no INTEGER, item_code VARCHAR, "
    "unit VARCHAR, quantity DECIMAL(38,10), document_date DATE, is_approved BOOLEAN, shown VARCHAR, "
    "file VARCHAR, row BIGINT",
    "earlier_fulfilment": "table_name VARCHAR, order_no VARCHAR, line_no INTEGER, unit VARCHAR, "
    "quantity DECIMAL(38,10)",
}


def note_earlier(connection: duckdb.DuckDBPyConnection, landing: Landing, period: Period) -> None:
    """Create `raw.earlier_order` and `raw.earlier_fulfilment`; nothing is read where there are no orders.

    Only files of earlier periods and files of all periods are read, which the chain of runs holds fast.
    """
    for name, columns in TABLES.items():
        connection.execute(f"create or replace table raw.{name} ({columns})")
    if not any(extract.table in ORDERS for extract in landing.books.extracts):
        return
    if period != landing.books.first:
        create_auxiliary_views(connection, landing, None)
        for name in (*ORDERS, *FULFILLING):
            _note(connection, landing, load_contract().tables[name], period)


def _note(connection: duckdb.DuckDBPyConnection, landing: Landing, table: Table, period: Period) -> None:
    from pipelines.extracts.raw import rows_of

    of_order = table.name in ORDERS
    for extract in landing.books.extracts:
        if extract.table != table.name:
            continue
        files = [
            file
            for file in landing.files_of(extract, None)
            if (file.period or period.code) <= period.previous or (file.period is None and not of_order)
        ]
        if files:
            rows = rows_of(connection, landing, extract, table, None, files).sql
            connection.execute(_earlier_orders(table, rows) if of_order else _fulfilled(table, rows, period))


def _earlier_orders(table: Table, rows: str) -> str:
    return f"""
        insert into raw.earlier_order
        select {quoted(table.name)}, normalise_code(document_no), try_cast(parse_decimal(line_no) as integer),
            normalise_code(item_code), lower(normalise_code(unit)), parse_decimal(quantity),
            parse_date(document_date), {counts(table, "draft")},
            concat(document_no, ' / ', line_no) || ': ' || item_code || ' ' || quantity, _file, _row
        from ({rows}) where {counts(table)}"""


def _fulfilled(table: Table, rows: str, period: Period) -> str:
    return (
        f"insert into raw.earlier_fulfilment select {quoted(table.name)}, {fulfilment(table)} from ({rows}) "
        f"where _period < {quoted(period.code)} and {counts(table)} group by all having order_no is not null"
    )


def fulfilment(table: Table) -> str:
    """SQL: columns of what rows of a delivered table fulfil, to be grouped by the first three."""
    returned = "parse_boolean(is_return)" if "is_return" in table.columns else "false"
    return (
        "normalise_code(order_document_no) as order_no, "
        "try_cast(parse_decimal(order_line_no) as integer) as line_no, lower(normalise_code(unit)) as unit, "
        f"sum(if({returned}, -abs(parse_decimal(quantity)), parse_decimal(quantity))) as quantity"
    )


def counts(table: Table, but: str = "") -> str:
    """SQL: a delivered row was not voided, nor has the other status."""
    status = table.columns["status"]
    words = ["void", but, *(word for word, meant in status.synonyms.items() if meant in ("void", but))]
    listed = ", ".join(quoted(word.lower()) for word in words if word)
    return f"coalesce(lower(normalise_code({identifier('status')})), '') not in ({listed})"
