"""Rows that are sums of other rows, as exports print them: found by the word that stands where a code should.

Staging sets the same rows aside; what makes a row's key is in `keys.py`.
"""

from collections.abc import Iterator

from expectations.checks import WARN, Check, absent, column, typed
from pipelines.contract import Table


def total_checks(table: Table) -> Iterator[Check]:
    """The check that no row is a total; none for a table that names neither documents nor codes."""
    found = [f"is_total({typed(name)})" for name in _codes(table)]
    if "document_no" in table.columns and "line_no" in table.columns:
        found.append("is_total_number(document_no)")
    if not found:
        return
    dates = [name for name in table.date_columns if table.columns[name].data_type == "date"]
    found += [f"({typed(name)} is null and is_total({_code(name)}))" for name in dates]
    if table.name == "gl_entry_line":
        found.append(f"({absent('account_code')} and is_total({_code('summary')}))")
    yield Check(
        name="row_is_not_a_total",
        severity=WARN,
        text="no_total_line" if table.name == "gl_entry_line" else "no_total_row",
        predicate=" or ".join(f"coalesce({one}, false)" for one in found),
        value=f"concat_ws(' ', {', '.join(_shown(table, dates))})",
        rejects=True,
    )


def _codes(table: Table) -> list[str]:
    return [table.total_column] if table.total_column else []


def _shown(table: Table, dates: list[str]) -> list[str]:
    """What a person recognises the row by: the cells in which the word may stand."""
    named = ["document_no"] if "document_no" in table.columns else []
    summary = ["summary"] if table.name == "gl_entry_line" else []
    return [column(name) for name in (*named, *_codes(table), *dates, *summary)]


def _code(name: str) -> str:
    return f"normalise_code({column(name)})"
