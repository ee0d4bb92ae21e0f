"""One break line by line: what rules call for beside what the ledger holds, differing cells marked.

Which lines belong to the same match is decided in `matching`; the pairing here only puts similar lines side
by side for the eye.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipelines.evidence.breaks import open_breaks
from pipelines.evidence.formats import as_text, kind_of, money, percent
from pipelines.evidence.labels import Labels
from pipelines.evidence.listing import Cell, css_of
from pipelines.evidence.tables import Row, RunTables
from pipelines.evidence.verdict import with_words

DETAIL_LIMIT = 80
LINE_LIMIT = 10
EXPECTED_COLUMNS = ("account_code", "summary", "debit_amount", "credit_amount", "party_code", "rule_id")
ACTUAL_COLUMNS = ("voucher_no", "account_code", "summary", "debit_amount", "credit_amount", "party_code")
COMPARED = ("account_code", "debit_amount", "credit_amount", "party_code")
LEDGER_LINES = """
    , numbered as (
        select * exclude (voucher_no), voucher_word || '-' || voucher_no as voucher_no from ledger_line
    )
    select wanted.break_id, line.* from numbered as line join wanted
        on line.document_type = wanted.document_type and line.document_no = wanted.document_no
    union
    select wanted.break_id, line.* from numbered as line join wanted on line.voucher_no = wanted.voucher_no
    order by break_id, voucher_date, voucher_no, line_no
"""
Pair = tuple[Row | None, Row | None]
PAIRINGS = (
    ("account_code", "signed_amount", "party_code"),
    ("account_code", "signed_amount"),
    ("signed_amount",),
    ("account_code",),
)


@dataclass(frozen=True)
class BreakView:
    """One break with its facts and its lines side by side; `more` counts the lines left out."""

    anchor: str
    break_id: str
    title: str
    disposition: str
    disposition_label: str
    facts: list[tuple[str, str, str]]
    explanation: str
    action: str
    amounts: list[tuple[str, Cell]]
    pairs: list[tuple[list[Cell], list[Cell]]]
    more: int
    has_expected: bool
    has_actual: bool


def make_details(tables: RunTables, labels: Labels, limit: int = DETAIL_LIMIT) -> list[BreakView]:
    """The first open breaks in detail, in the order of the list."""
    found = open_breaks(tables, limit)
    expected, actual = _lines(tables, labels, found)
    accounts: dict[str, set[str]] = {}
    ids = [row["break_id"] for row in found]
    for line in tables.rows("from break_line where list_contains(?, break_id)", ids):
        accounts.setdefault(line["break_id"], set()).add(line["account_code"])
    views = []
    for row in found:
        key = row["break_id"]
        views.append(_view(row, expected.get(key, []), actual.get(key, []), accounts.get(key, set()), labels))
    return views


def _lines(
    tables: RunTables, labels: Labels, found: list[Row]
) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """Expected and actual lines by break: those of its document, and those of its voucher."""
    ids = [row["break_id"] for row in found]
    wanted = "with wanted as (select * from reconciliation_break where list_contains(?, break_id))"
    expected = tables.rows(
        f"""{wanted} select wanted.break_id, line.*, line.summary_{labels.language} as summary
            from voucher_line as line join wanted
                on line.document_type = wanted.document_type and line.document_no = wanted.document_no
            order by wanted.break_id, line.voucher_id, line.line_no""",
        ids,
    )
    actual = tables.rows(f"{wanted}{LEDGER_LINES}", ids)
    return _by_break(expected), _by_break(actual)


def _by_break(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["break_id"], []).append(row)
    return grouped


def _view(row: Row, expected: list[Row], actual: list[Row], accounts: set[str], labels: Labels) -> BreakView:
    words = with_words(labels, row)
    pairs = pair_lines(expected, actual)
    shown = sorted(pairs, key=lambda pair: (_agrees(pair), _is_elsewhere(pair, accounts)))[:LINE_LIMIT]
    return BreakView(
        anchor=f"b-{row['break_id']}",
        break_id=row["break_id"],
        title=words["document"] or row["voucher_no"] or labels.code("symptom_code", row["symptom_code"]),
        disposition=row["disposition"],
        disposition_label=labels.code("disposition", row["disposition"]),
        facts=_facts(row, labels),
        explanation=words["explanation"] or "",
        action=words["action"],
        amounts=_amounts(row, labels),
        pairs=[_cells(left, right) for left, right in shown],
        more=len(pairs) - len(shown),
        has_expected=bool(expected),
        has_actual=bool(actual),
    )


def _facts(row: Row, labels: Labels) -> list[tuple[str, str, str]]:
    """Heading, text and anchor of what is known about a break; empty facts are left out."""
    also = "、".join(
        labels.code("cause_code", code.strip())
        for code in (row["also_codes"] or "").split(",")
        if code.strip()
    )
    facts = [
        (labels.column("tie_code"), labels.code("tie_code", row["tie_code"]), f"#bridge-{row['tie_code']}"),
        (
            labels.column("cause_code"),
            labels.code("cause_code", row["cause_code"]),
            f"#c-{row['cause_code']}",
        ),
        (labels.column("symptom_code"), labels.code("symptom_code", row["symptom_code"]), ""),
        (labels("ui.confidence"), percent(row["confidence"]), ""),
        (labels("ui.also"), also, ""),
        (labels.column("voucher_no"), row["voucher_no"] or "", ""),
        (labels.column("party_code"), row["party_code"] or "", ""),
        (labels.column("item_code"), row["item_code"] or "", ""),
        (labels.column("first_period"), row["first_period"] or "", ""),
        (labels.column("age_days"), as_text("integer", row["age_days"]), ""),
    ]
    return [fact for fact in facts if fact[1]]


def _amounts(row: Row, labels: Labels) -> list[tuple[str, Cell]]:
    names = ["expected_amount", "actual_amount", "difference_amount"]
    names += ["misposted_amount"] if row["misposted_amount"] else []
    return [(labels.column(name), Cell(money(row[name]), css_of(name, row[name]))) for name in names]


def pair_lines(expected: list[Row], actual: list[Row]) -> list[Pair]:
    """Lines side by side: equal ones, then by amount, then by account, then what is left."""
    left, right, pairs = list(expected), list(actual), list[Pair]()
    for names in PAIRINGS:
        waiting: dict[tuple[Any, ...], deque[Row]] = {}
        for line in right:
            waiting.setdefault(tuple(line[name] for name in names), deque()).append(line)
        unpaired, taken = [], set()
        for line in left:
            twins = waiting.get(tuple(line[name] for name in names))
            if twins:
                pairs.append((line, twins[0]))
                taken.add(id(twins.popleft()))
            else:
                unpaired.append(line)
        left, right = unpaired, [line for line in right if id(line) not in taken]
    return [*pairs, *((line, None) for line in left), *((None, line) for line in right)]


def _agrees(pair: Pair) -> bool:
    left, right = pair
    return left is not None and right is not None and all(left[name] == right[name] for name in COMPARED)


def _is_elsewhere(pair: Pair, accounts: set[str]) -> bool:
    return not any(line is not None and line["account_code"] in accounts for line in pair)


def _cells(left: Row | None, right: Row | None) -> tuple[list[Cell], list[Cell]]:
    return _side(left, right, EXPECTED_COLUMNS), _side(right, left, ACTUAL_COLUMNS)


def _side(line: Row | None, other: Row | None, columns: tuple[str, ...]) -> list[Cell]:
    if line is None:
        return []
    cells = []
    for name in columns:
        differs = name in COMPARED and (other is None or line[name] != other[name])
        kind, value = kind_of(name), line[name]
        text = "" if kind == "amount" and not value else as_text(kind, value)
        cells.append(Cell(text, f"{css_of(name, value)}{' differs' if differs and text else ''}"))
    return cells
