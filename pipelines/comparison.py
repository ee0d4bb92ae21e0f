"""What came out differently in two runs of one period: figures per tie, breaks, expected vouchers.

What went in differently is told by `publication/changes.py`; words and layout are in `commands/diff.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines import published

FIGURES = (
    "subledger_amount", "ledger_amount", "difference_amount", "timing_amount", "correct_ledger_amount",
    "correct_subledger_amount", "accepted_amount", "unidentified_amount",
)  # fmt: skip
"""Of a tie, in books currency; what a difference is made of follows it."""

SIDES = ("before", "after")
Row = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """Rows of what differs, each with its `change`: `added`, `removed` or `changed`; amounts before and after
    in books currency. `ties` has one row per tie and figure, `breaks` one per break, `vouchers` one per
    expected voucher (its debits; changed when any line is).
    """

    ties: list[Row]
    breaks: list[Row]
    vouchers: list[Row]


def compare(before: Path, after: Path) -> Outcome:
    """The two run folders' public tables, before against after."""
    with duckdb.connect() as connection:
        return Outcome(
            _ties(connection, before, after),
            _breaks(connection, before, after),
            _vouchers(connection, before, after),
        )


def _changed(
    connection: duckdb.DuckDBPyConnection, sides: Sequence[str], key: str, columns: str
) -> list[Row]:
    """Rows of a full join in which something is different; `same` is what both sides are compared by."""
    before, after = sides
    return published.fetch(
        connection,
        f"""
        select
            case when old.same is null then 'added' when new.same is null then 'removed' else 'changed' end
            as change,
            {columns}
        from ({before}) as old
        full join ({after}) as new using ({key})
        where old.same is distinct from new.same
        order by all
        """,
    ).dicts()


def _ties(connection: duckdb.DuckDBPyConnection, before: Path, after: Path) -> list[Row]:
    sums = ", ".join(f"sum({name}) as {name}" for name in FIGURES)
    sides = [
        "select tie_code, figure, amount, amount as same from (unpivot "
        f"(select tie_code, {sums} from {_table(folder, 'tie_out')} group by tie_code) "
        f"on {', '.join(FIGURES)} into name figure value amount)"
        for folder in (before, after)
    ]
    columns = (
        "tie_code, figure, coalesce(old.amount, 0) as before_amount, coalesce(new.amount, 0) as after_amount"
    )
    rows = _changed(connection, sides, "tie_code, figure", columns)
    return sorted(rows, key=lambda row: (row["tie_code"], FIGURES.index(row["figure"])))


def _breaks(connection: duckdb.DuckDBPyConnection, before: Path, after: Path) -> list[Row]:
    sides = [
        "select break_id, tie_code, document_type, document_no, cause_code, disposition, difference_amount, "
        "(difference_amount, misposted_amount, cause_code, disposition)::varchar as same "
        f"from {_table(folder, 'reconciliation_break')} where status <> 'cleared'"
        for folder in (before, after)
    ]
    either = ", ".join(
        f"coalesce(new.{name}, old.{name}) as {name}" for name in ("tie_code", "document_type", "document_no")
    )
    columns = (
        f"break_id, {either}, old.difference_amount as before_amount, new.difference_amount as after_amount, "
        "old.cause_code as before_cause_code, new.cause_code as after_cause_code, "
        "old.disposition as before_disposition, new.disposition as after_disposition"
    )
    rows = _changed(connection, sides, "break_id", columns)
    return sorted(rows, key=lambda row: (row["change"], -max(map(_size, SIDES, [row, row])), row["break_id"]))


def _size(side: str, row: Row) -> Any:
    return abs(row[f"{side}_amount"] or 0)


def _vouchers(connection: duckdb.DuckDBPyConnection, before: Path, after: Path) -> list[Row]:
    line = "(line_no, voucher_date, account_code, signed_amount, quantity, party_code, item_code)"
    sides = [
        "select voucher_id, any_value(document_type) as document_type, "
        "any_value(document_no) as document_no, sum(debit_amount) as amount, count(*) as line_count, "
        f"md5(string_agg({line}::varchar, '|' order by line_no)) as same "
        f"from {_table(folder, 'voucher_line')} group by voucher_id"
        for folder in (before, after)
    ]
    either = ", ".join(
        f"coalesce(new.{name}, old.{name}) as {name}" for name in ("document_type", "document_no")
    )
    columns = (
        f"voucher_id, {either}, old.amount as before_amount, new.amount as after_amount, "
        "old.line_count as before_count, new.line_count as after_count"
    )
    return _changed(connection, sides, "voucher_id", columns)


def _table(folder: Path, name: str) -> str:
    return published.relation(folder / f"{name}.parquet")
