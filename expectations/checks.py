"""The shape of a check and the small SQL vocabulary all checks share; nothing here knows a particular table.

The relation they look at is made in `typed.py`; checks every table has are in `columns.py` and `keys.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pipelines.messages import Words

Severity = Literal["block", "warn"]

BLOCK: Severity = "block"
WARN: Severity = "warn"

# Under this name a check's SQL finds the rows of its table: delivered text and, beside it, typed values.
ROWS = "delivered"


@dataclass(frozen=True)
class Delivery:
    """What is known about a delivery before its rows are looked at.

    `given` holds the columns that are not entirely empty, for each raw table that has rows; `landed` the
    tables a file was delivered for; `relations` all tables as `schema.table`; `standard` the accounting
    standard of the books, `taxpayer` whether they deduct input tax (`general`, `small_scale`), `sides` which
    of the two they have (`both`, `inventory`, `ledger`); `max_rejected` the rows that staging may set aside,
    per raw table.
    """

    start: date
    end: date
    standard: str = ""
    taxpayer: str = "general"
    sides: str = "both"
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)
    landed: frozenset[str] = frozenset()
    relations: frozenset[str] = frozenset()
    max_rejected: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """One expectation: which rows are not as agreed, how bad that is, and the text that says so.

    Exactly one of three kinds of SQL over the relation `delivered` is given: `predicate` (of one row: true
    means not as agreed, null counts as fine), `rows` (a query returning `_file, _row, value`, one row per
    fault) or `fact` (of all rows: an aggregate that is true when the whole is not as agreed). `value` is what
    the sample of a predicate or fact shows. `text` is a key of the catalogue, `fields` fill its placeholders.
    `rejects` says that staging sets such a row aside; `told_by` names a check that, failing too, makes this
    one superfluous.
    """

    name: str
    severity: Severity
    text: str
    predicate: str = ""
    rows: str = ""
    fact: str = ""
    value: str = "''"
    allowed: int = 0
    rejects: bool = False
    told_by: str = ""
    fields: Mapping[str, str | Words] = field(default_factory=dict)

    def count_sql(self) -> str:
        """SQL of the number of faults, as one column of a query over `delivered`."""
        if self.predicate:
            return f"count(*) filter (where {self.predicate})"
        if self.fact:
            return f"cast(coalesce({self.fact}, false) as integer)"
        return f"(select count(*) from ({self.rows}) as fault)"

    def sample_sql(self, limit: int) -> str:
        """SQL of the first faults: `_file, _row, value`, in the order of the delivery."""
        found = self.rows or f"select _file, _row, {self.value} as value from {ROWS} where {self.predicate}"
        if self.fact:
            found = f"select null as _file, null as _row, {self.value} as value from {ROWS}"
        return f"select _file, _row, value from ({found}) as fault order by _file, _row, value limit {limit}"

    def blocking(self) -> Check:
        """The same check, stopping the run."""
        return replace(self, severity=BLOCK)


def column(name: str) -> str:
    """SQL: a column's delivered text, null when it is empty."""
    return '"' + name.replace('"', '""') + '"'


def typed(name: str) -> str:
    """SQL: a column's value in its own type (codes normalised, numbers exact), null when unreadable."""
    return column(f"{name}__typed")


def present(name: str) -> str:
    """SQL: the delivered text of a column is not empty."""
    return f"{column(name)} is not null"


def absent(name: str) -> str:
    """SQL: the delivered text of a column is empty."""
    return f"{column(name)} is null"


def is_placeholder(name: str) -> str:
    """SQL: a date that systems write where they have none."""
    days = ("0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01", "9999-12-31")
    return f"{typed(name)} in ({', '.join(f'date {literal(day)}' for day in days)})"


def literal(text: str) -> str:
    """A text constant, quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"


def place(alias: str) -> str:
    """SQL: where a row was delivered, as `file:row`."""
    return f"{alias}._file || ':' || {alias}._row"


def document_line() -> str:
    """SQL: what people call a document line."""
    return "concat(document_no, ' / ', line_no)"
