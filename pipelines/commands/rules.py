"""`tieout rules`: the posting rules in force, each with its conditions, accounts and sentence.

What a rule is is decided in `pipelines/rules.py` and the books folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands import _common as common

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.books_csv import AccountMapRow
    from pipelines.rules import RuleInForce

COLUMNS = ["rule_id", "event_type", "amount_basis", "conditions", "debit", "credit", "summary"]


@click.command("rules", help="List the posting rules in force with their accounts · 列出生效的过账规则及科目")
@click.argument("event", required=False, metavar="[EVENT]")
@common.books_option
@common.format_option
def command(event: str | None, folder: Path | None, style: str) -> int:
    """EVENT is a kind of event or a part of its name; returns 0.

    Below the table stand the roles without an account, as lines ready for account_map.csv: a role that no
    document of yours calls for may stay empty.
    """
    from pipelines.messages import UsageError, render
    from pipelines.rules import gaps, rules_in_force

    books = common.open_books(folder)
    rules = [one for one in rules_in_force(books) if event is None or event in one.rule.event_type]
    if not rules:
        known = ", ".join(sorted({one.rule.event_type for one in rules_in_force(books)}))
        raise UsageError("rules_event_unknown", event=event, known=known)
    common.show(style, COLUMNS, [_row(one, books.language) for one in rules], books.language)
    if style == "table" and (roles := gaps(rules)):
        click.echo(render("rules_gaps", books.language, count=len(roles)))
        for role in roles:
            click.echo(f"{role},")
    return 0


def _row(one: RuleInForce, language: str) -> list[str]:
    from pipelines.rules import conditions

    rule = one.rule
    summary = rule.summary_zh if language == "zh" else rule.summary_en
    return [
        f"{rule.rule_id} v{rule.rule_version}{' *' if one.is_own else ''}",
        rule.event_type,
        rule.amount_basis,
        ", ".join(f"{name}={value}" for name, value in conditions(rule)),
        _side(rule.debit_role, one.debit_accounts),
        _side(rule.credit_role, one.credit_accounts),
        summary or "",
    ]


def _side(role: str | None, rows: Sequence[AccountMapRow]) -> str:
    """`inventory: 1403 (item_category=raw); 1405`, an open role with a question mark."""
    from pipelines.rules import conditions

    if role is None:
        return ""
    told = []
    for row in rows:
        needs = ", ".join(f"{name}={value}" for name, value in conditions(row))
        told.append(f"{row.account_code} ({needs})" if needs else row.account_code)
    return f"{role}: {'; '.join(told) or '?'}"
