"""Rows that are sums of other rows, as exports print them: found by the word that stands where a code should.

Staging sets the same rows aside; what makes a row's key is in `keys.py`.
"""

from collections.abc import Iterator

from expectations.checks import WARN, Check, absent, column, literal, typed
from pipelines.contract import Table

DOCUMENT = r"(?i)^(合\s*计|小\s*计|总\s*计|本页合计|total)"
WORDS = (
    "合计", "合 计", "小计", "小 计", "总计", "总 计", "本页合计", "本月合计", "本年累计", "累计",
    "合计:", "小计:", "总计:",
    "Total", "total", "TOTAL", "Total:", "total:", "Subtotal", "subtotal", "Grand total", "Grand Total",
)  # fmt: skip
CODES = {
    "item": "item_code",
    "warehouse": "warehouse_code",
    "party": "party_code",
    "department": "department_code",
    "account": "account_code",
    "gl_balance": "account_code",
    "gl_entry_line": "account_code",
    "stock_balance": "item_code",
}


def total_checks(table: Table) -> Iterator[Check]:
    """The check that no row is a total; none for a table that names neither documents nor codes."""
    found = [f"{typed(name)} in ({_words()})" for name in _codes(table)]
    if "document_no" in table.columns and "line_no" in table.columns:
        found.append(f"regexp_matches(document_no, {literal(DOCUMENT)})")
    if not found:
        return
    dates = [name for name in table.date_columns if table.columns[name].data_type == "date"]
    found += [f"({typed(name)} is null and {_code(name)} in ({_words()}))" for name in dates]
    if table.name == "gl_entry_line":
        found.append(f"({absent('account_code')} and {_code('summary')} in ({_words()}))")
    yield Check(
        name="row_is_not_a_total",
        severity=WARN,
        text="no_total_line" if table.name == "gl_entry_line" else "no_total_row",
        predicate=" or ".join(f"coalesce({one}, false)" for one in found),
        value=f"concat_ws(' ', {', '.join(_shown(table, dates))})",
        rejects=True,
    )


def _codes(table: Table) -> list[str]:
    return [CODES[table.name]] if table.name in CODES else []


def _shown(table: Table, dates: list[str]) -> list[str]:
    """What a person recognises the row by: the cells in which the word may stand."""
    named = ["document_no"] if "document_no" in table.columns else []
    summary = ["summary"] if table.name == "gl_entry_line" else []
    return [column(name) for name in (*named, *_codes(table), *dates, *summary)]


def _code(name: str) -> str:
    return f"normalise_code({column(name)})"


def _words() -> str:
    return ", ".join(map(literal, WORDS))
