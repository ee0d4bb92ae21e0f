"""The relation the checks of one table look at: every column as delivered and, beside it, in its own type.

Each text is read once however many checks use it; the macros that read it belong to `pipelines/extracts`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from expectations.checks import Delivery, column, typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from expectations.checks import Check
    from pipelines.contract import Column, Table

READERS = {
    "code": ("normalise_code({})", "varchar"),
    "date": ("parse_date({})", "date"),
    "timestamp": ("parse_timestamp({})", "timestamp"),
    "boolean": ("parse_boolean({})", "boolean"),
    "quantity": ("parse_decimal({})", "decimal(38, 10)"),
    "unit_cost": ("parse_decimal({})", "decimal(38, 10)"),
    "amount": ("parse_decimal({})", "decimal(38, 10)"),
    "integer": ("parse_decimal({})", "decimal(38, 10)"),
    "rate": ("parse_decimal({})", "decimal(38, 10)"),
}
WORD = re.compile(r"\w+")
PERIOD_READER = ("parse_period({})", "varchar")


def typed_rows(table: Table, delivery: Delivery, checks: Iterable[Check]) -> str:
    """The query that makes the relation, with the columns these checks name; absent ones are constants."""
    named = set(WORD.findall(" ".join(f"{check.count_sql()} {check.value}" for check in checks)))
    given = delivery.given.get(table.name, frozenset())
    columns = [
        text
        for declared in table.columns.values()
        for text in _texts(table, declared, is_given=declared.name in given)
        if text.rpartition(" as ")[2].strip('"') in named
    ]
    return f"select {', '.join(['_file', '_row', '_row_id', *columns])} from raw.{table.name}"


def _texts(table: Table, declared: Column, *, is_given: bool) -> Iterator[str]:
    """A column as delivered, and in its own type if it has one."""
    reader, kind = READERS.get(declared.data_type, ("", ""))
    if declared.name in table.date_columns and declared.data_type == "text":
        reader, kind = PERIOD_READER
    name = column(declared.name)
    yield (f"nullif(trim({name}), '')" if is_given else "cast(null as varchar)") + f" as {name}"
    if reader:
        yield (reader.format(name) if is_given else f"cast(null as {kind})") + f" as {typed(declared.name)}"


def in_contract_type(declared: Column) -> str:
    """SQL: a column's value in the type of the contract, null where it does not fit (as staging casts)."""
    fitting = {
        "quantity": "decimal(18, 4)",
        "unit_cost": "decimal(28, 10)",
        "amount": "decimal(18, 2)",
        "integer": "integer",
    }.get(declared.data_type)
    return f"try_cast({typed(declared.name)} as {fitting})" if fitting else typed(declared.name)


def rate(name: str) -> str:
    """SQL: a rate delivered as 13%, 13 or 0.13, as a fraction."""
    value = typed(name)
    return f"(case when abs({value}) > 1 then {value} * 0.01::decimal(3, 2) else {value} end)::decimal(18, 8)"
