"""The first page: the verdict's sentence, the lights and the list of what a person has to do.

Differences by tie are in `ties`, the breaks themselves in `breaks`; here only what decides whether the
books can be closed.
"""

from dataclasses import dataclass
from decimal import Decimal

from pipelines.evidence.formats import money, spaced
from pipelines.evidence.labels import Labels
from pipelines.evidence.lights import Light, make_lights
from pipelines.evidence.listing import Listing, make_listing
from pipelines.evidence.tables import GROSS, LIVE, Row, RunTables

TODO_LIMIT = 40
TODO_COLUMNS = (
    "action", "where", "document", "voucher_no", "account_code", "party_code", "item_code",
    "difference_amount", "gross_amount", "cause_code", "break_id",
)  # fmt: skip
PARTS = ("timing", "correct_ledger", "correct_subledger", "accepted", "unidentified")
PARTS_COUNTED = f"""
    select found.disposition, count(distinct break_id) as n,
        coalesce(sum(abs(line.difference_amount)), 0) as gross
    from (from reconciliation_break where {LIVE}) as found left join break_line as line using (break_id)
    group by all
"""
"""Gross by account, as the sentence and the gate of the close count it."""
OPEN_BREAKS = "disposition in ('correct_ledger', 'correct_subledger', 'unidentified')"


@dataclass(frozen=True)
class Part:
    """A share of the whole difference by disposition."""

    code: str
    label: str
    amount: str
    count: int
    gross: str


@dataclass(frozen=True)
class VerdictView:
    """What the first page shows."""

    state: str
    state_label: str
    sentence: str
    difference: str
    parts: list[Part]
    gross_open: str
    lights: list[Light]
    todo: Listing
    effect: str


def make_verdict(tables: RunTables, labels: Labels) -> VerdictView:
    """The first page, from `verdict`, `reconciliation_break` and the tables behind each light."""
    row = tables.one("select * from verdict")
    return VerdictView(
        state=row["verdict"],
        state_label=labels.optional(f"verdict.{row['verdict']}", str(row["verdict"])),
        sentence=spaced(row[f"sentence_{labels.language}"]),
        difference=money(row["difference_amount"]),
        parts=_parts(tables, labels, row),
        gross_open=money(row["gross_open_amount"]),
        lights=make_lights(tables, labels),
        todo=make_todo(tables, labels),
        effect=_effect(tables, labels),
    )


def _parts(tables: RunTables, labels: Labels, verdict: Row) -> list[Part]:
    found = tables.rows(PARTS_COUNTED)
    counts = {row["disposition"]: row for row in found}
    parts = []
    for code in PARTS:
        part = counts.get(code, {"n": 0, "gross": Decimal(0)})
        amount = money(verdict[f"{code}_amount"])
        parts.append(Part(code, labels(f"disposition.{code}"), amount, part["n"], money(part["gross"])))
    return parts


def todo_query(limit: int) -> str:
    """SQL of what a person has to do, largest gross amount first; one row per break."""
    return f"""
        with account as (
            select break_id, string_agg(distinct account_code, ' / ' order by account_code) as account_code
            from break_line group by all
        )
        select found.*, account.account_code, {GROSS} as gross_amount
        from reconciliation_break as found left join account using (break_id)
        where {OPEN_BREAKS} and {LIVE}
        order by gross_amount desc, found.break_id limit {limit}"""


def with_words(labels: Labels, row: Row) -> Row:
    """A break's row with what to do, where, and its document in words."""
    return row | {
        "action": labels.action(row["disposition"], row["symptom_code"]),
        "where": labels.optional(f"where.{row['disposition']}"),
        "document": labels.document(row["document_type"], row["document_no"]),
        "explanation": spaced(row.get(f"explanation_{labels.language}")),
    }


def make_todo(tables: RunTables, labels: Labels) -> Listing:
    """The list of what to correct: where, which voucher or document, and by how much."""
    rows = [with_words(labels, row) for row in tables.rows(todo_query(TODO_LIMIT))]
    total = tables.count("reconciliation_break", f"{OPEN_BREAKS} and {LIVE}")
    return make_listing(
        labels, "todo-list", "reconciliation_break", TODO_COLUMNS, rows, total=total,
        links=lambda row: {"break_id": f"#b-{row['break_id']}", "account_code": "#tie-out"},
    )  # fmt: skip


def _effect(tables: RunTables, labels: Labels) -> str:
    row = tables.one(
        """select coalesce(sum(difference_amount) filter (line.tie_code in ('revenue', 'cost_of_sales')), 0)
            as profit,
                  coalesce(sum(difference_amount) filter (line.tie_code in ('input_vat', 'output_vat')), 0)
                      as vat
           from break_line as line
           semi join (select break_id from reconciliation_break where disposition = 'correct_ledger') as open
           using (break_id)"""
    )
    if not row["profit"] and not row["vat"]:
        return ""
    return labels("ui.profit_effect", profit=money(row["profit"]), vat=money(row["vat"]))
