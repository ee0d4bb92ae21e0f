"""The lights of the first page: one check of the whole run each, with the sentence that says what it found.

What a light finds is listed in the section it leads to; whether the books can be closed is in `verdict`.
"""

from dataclasses import dataclass

from pipelines.evidence.labels import Labels
from pipelines.evidence.tables import LIVE, RunTables

IDENTITY = """
    with part as (
        select tie_code, account_code, sum(difference_amount) as amount from break_line group by all
    ), component as (
        select tie_code, account_code, sum(amount) as amount from bridge
        where component_type = 'disposition' group by all
    )
    select count(*) as total, count(*) filter (
        coalesce(tie.difference_amount, 0) <> coalesce(part.amount, 0)
        or coalesce(part.amount, 0) <> coalesce(component.amount, 0)
        or coalesce(tie.difference_amount, 0) <> coalesce(
            tie.timing_amount + tie.correct_ledger_amount + tie.correct_subledger_amount
            + tie.accepted_amount + tie.unidentified_amount, 0)
    ) as broken
    from tie_out as tie
    full join part using (tie_code, account_code)
    full join component using (tie_code, account_code)
"""
GATE = """
    select count(*) as total,
           count(*) filter (status = 'failed' and severity = 'block') as block,
           count(*) filter (status = 'failed' and severity <> 'block') as warn
    from data_quality_result
"""


@dataclass(frozen=True)
class Light:
    """A check of the whole run: `state` is ok, warn or bad; `href` leads to the rows."""

    name: str
    state: str
    text: str
    href: str


def make_lights(tables: RunTables, labels: Labels) -> list[Light]:
    """One light for each check of the whole run, in the order in which they would explain a bad result."""
    checks = (_gate, _rejected, _prior, _chain, _mapped, _identity)
    return [check(tables, labels) for check in checks]


def _gate(tables: RunTables, labels: Labels) -> Light:
    row = tables.one(GATE)
    if not row["total"]:
        return Light(labels("light.gate"), "warn", labels("light.gate_none"), "#quality")
    state = "bad" if row["block"] else "warn" if row["warn"] else "ok"
    text = labels("light.gate_ok" if state == "ok" else "light.gate_bad", **row)
    return Light(labels("light.gate"), state, text, "#quality")


def _rejected(tables: RunTables, labels: Labels) -> Light:
    rows = tables.count("(select distinct table_name, extract, file, row_no from rejected_row)")
    text = labels("light.rejected_bad", rows=f"{rows:,}") if rows else labels("light.rejected_ok")
    return Light(labels("light.rejected"), "warn" if rows else "ok", text, "#rejected")


def _prior(tables: RunTables, labels: Labels) -> Light:
    found = tables.count("reconciliation_break", f"symptom_code = 'prior_period_changed' and {LIVE}")
    text = labels("light.prior_bad", count=found) if found else labels("light.prior_ok")
    return Light(labels("light.prior"), "bad" if found else "ok", text, "#breaks")


def _chain(tables: RunTables, labels: Labels) -> Light:
    total, broken = tables.count("roll_forward"), tables.count("roll_forward", "not is_chained")
    state = "bad" if broken else "ok"
    text = labels(f"light.chain_{state}", total=f"{total:,}", broken=f"{broken:,}")
    return Light(labels("light.chain"), state, text, "#roll-forward")


def _mapped(tables: RunTables, labels: Labels) -> Light:
    lines = tables.count("voucher_line", "coalesce(account_code, '') = ''")
    count = tables.count("reconciliation_break", f"cause_code = 'unmapped_account' and {LIVE}")
    state = "bad" if lines or count else "ok"
    text = labels(f"light.mapped_{state}", lines=f"{lines:,}", count=count)
    return Light(labels("light.mapped"), state, text, "#todo")


def _identity(tables: RunTables, labels: Labels) -> Light:
    row = tables.one(IDENTITY)
    state = "bad" if row["broken"] else "ok"
    return Light(labels("light.identity"), state, labels(f"light.identity_{state}", **row), "#tie-out")
