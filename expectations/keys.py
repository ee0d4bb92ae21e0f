"""Checks on the identity of what was delivered: a row delivered twice, a row of another period.

Checks on single columns go to `columns.py`, on the delivery as a whole to `delivery.py`.
"""

from collections.abc import Iterator

from expectations.checks import (
    BLOCK,
    ROWS,
    WARN,
    Check,
    Delivery,
    absent,
    column,
    place,
    present,
    typed,
)
from expectations.totals import total_checks
from pipelines.contract import Table
from pipelines.messages import Words


def key_checks(table: Table, delivery: Delivery) -> Iterator[Check]:
    """Checks over the key of a table."""
    parts = key_parts(table)
    if parts:
        yield _unique(table, parts)
    yield from total_checks(table)
    yield from _in_period(table, delivery)


def key_parts(table: Table) -> tuple[str, ...]:
    """The key's columns that tell rows of one period apart: ledger lines go by voucher, not by date."""
    return tuple(
        name for name in table.key if table.name != "gl_entry_line" or name not in table.date_columns
    )


def _unique(table: Table, parts: tuple[str, ...]) -> Check:
    columns = [table.columns[name] for name in parts]
    label = Words("＋".join(c.label_zh for c in columns), " + ".join(c.label_en for c in columns))
    return Check(
        name="key_is_unique",
        severity=BLOCK,
        text="key_unique",
        rows=_repeats(table, parts),
        fields={"column": label},
    )


def _repeats(table: Table, parts: tuple[str, ...]) -> str:
    """Rows that repeat the key of an earlier one; rows without a needed part of the key are not judged."""
    needed = [name for name in parts if table.columns[name].required or name == "line_no"]
    given = " and ".join(present(name) for name in needed) or "true"
    names = ", ".join(f"part_{number}" for number in range(len(parts)))
    keyed = ", ".join(f"{_part(table, name)} as part_{number}" for number, name in enumerate(parts))
    return (
        f"with keyed as not materialized (select _row_id, _file, _row, {keyed} from {ROWS} where {given}), "
        f"repeated as (select {names}, min(_row_id) as first_id from keyed group by {names} "
        "having count(*) > 1) "
        f"select again._file, again._row, concat_ws(' / ', {names}) || ' = ' || {place('earlier')} as value "
        f"from repeated join keyed as again using ({names}) "
        f"join {ROWS} as earlier on earlier._row_id = repeated.first_id "
        "where again._row_id <> repeated.first_id"
    )


def _part(table: Table, name: str) -> str:
    if table.columns[name].data_type == "integer":
        return f"coalesce(try_cast({typed(name)} as integer)::varchar, {column(name)}, '')"
    return f"coalesce({_value(table, name)}, '')"


def _value(table: Table, name: str) -> str:
    is_text = table.columns[name].data_type == "text" and name not in table.date_columns
    return column(name) if is_text else f"{typed(name)}::varchar"


def _in_period(table: Table, delivery: Delivery) -> Iterator[Check]:
    """The first date that is given decides a row's period; ledgers name the period itself."""
    days = [name for name in table.date_columns if table.columns[name].data_type == "date"]
    for name in (name for name in table.date_columns if name not in days):
        yield _period_readable(table, name)
    if not days:
        return
    deciding = ", ".join(typed(name) for name in days)
    named = " and ".join(absent(name) for name in table.date_columns if name not in days) or "true"
    start, end = str(delivery.start), str(delivery.end)
    yield Check(
        name="date_is_in_period",
        severity=WARN,
        text="date_in_period",
        predicate=f"{named} and coalesce({deciding}) not between date '{start}' and date '{end}'",
        value=f"coalesce({', '.join(column(name) for name in days)})",
        fields={"start": start, "end": end},
    )


def _period_readable(table: Table, name: str) -> Check:
    declared = table.columns[name]
    return Check(
        name=f"{name}_is_readable",
        severity=BLOCK if table.name == "gl_entry_line" else WARN,
        text="readable_period",
        predicate=f"{present(name)} and {typed(name)} is null",
        value=column(name),
        fields={"column": declared.label},
    )
