"""Settings as rows: what the SQL of a run reads about its books and period, in the schema `settings`.

Values only change their form here, from the validated object to typed tables; no default is decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

    from pipelines.books import Books
    from pipelines.period import Period

_TABLES = {
    "period": "period VARCHAR, period_start DATE, period_end DATE, previous_period VARCHAR, "
    "is_first_period BOOLEAN",
    "costing_override": "category VARCHAR, item_code VARCHAR, method VARCHAR",
    "account_map": "account_role VARCHAR, item_category VARCHAR, warehouse_code VARCHAR, party_code VARCHAR, "
    "reason_code VARCHAR, tax_rate DECIMAL(9,6), account_code VARCHAR",
    "posting_rule": "rule_id VARCHAR, rule_version INTEGER, rule_set VARCHAR, event_type VARCHAR, "
    "amount_basis VARCHAR, item_category VARCHAR, warehouse_code VARCHAR, reason_code VARCHAR, "
    "business_type VARCHAR, costing_method VARCHAR, party_code VARCHAR, debit_role VARCHAR, "
    "credit_role VARCHAR, summary_zh VARCHAR, summary_en VARCHAR",
    "materiality": "account_code VARCHAR, rate DECIMAL(10,8), floor_amount DECIMAL(18,2)",
    "document_type": "source_text VARCHAR, document_type VARCHAR",
}


def write_settings(connection: duckdb.DuckDBPyConnection, books: Books, period: Period) -> None:
    """Create every table of the schema `settings` anew; the default materiality has no account_code."""
    connection.execute("create schema if not exists settings")
    scalars = scalar_settings(books)
    columns = ", ".join(f"{name} VARCHAR" for name in scalars)
    _table(connection, "books", columns, [tuple(scalars.values())])
    rows: dict[str, Iterable[Sequence[object]]] = {
        "period": [(period.code, period.start, period.end, period.previous, period == books.first)],
        "costing_override": [(o.category, o.item_code, o.method) for o in books.costing.overrides],
        "account_map": [[value for _, value in row] for row in books.account_map],
        "posting_rule": [[value for _, value in row] for row in books.posting_rules],
        "materiality": _materiality(books),
        "document_type": sorted(books.document_types.items()),
    }
    for name, columns in _TABLES.items():
        _table(connection, name, columns, rows[name])


def scalar_settings(books: Books) -> dict[str, str]:
    """Every setting that is one value, by its own name: those of `costing` and `posting` stand flat; and what
    follows from the standard.
    """
    settings = books.model_dump(mode="json")
    flat = {**settings, **settings["costing"], **settings["posting"]}
    scalars = {name: value for name, value in flat.items() if isinstance(value, str)}
    return {**scalars, "rule_set": books.rule_set}


def _materiality(books: Books) -> list[tuple[object, ...]]:
    accounts = sorted(books.materiality.accounts.items())
    default: tuple[object, ...] = (None, 0, books.materiality.default)
    return [default, *((code, threshold.rate, threshold.floor) for code, threshold in accounts)]


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Iterable[Sequence[object]]
) -> None:
    connection.execute(f"create or replace table settings.{name} ({columns})")
    for row in rows:
        connection.execute(f"insert into settings.{name} values ({', '.join('?' * len(row))})", list(row))
