"""The posting rules in force of a set of books, and the accounts that their roles stand for.

Which rule and account a line gets is decided in `dbt_project/models/postings`; here people see what there is
to choose from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipelines.books_csv import AccountMapRow, PostingRuleRow, read_posting_rules
from pipelines.transform import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.books import Books

STANDARD = PROJECT / "seeds" / "standard_posting_rule.csv"
_CONDITIONS = ("item_category", "warehouse_code", "reason_code", "business_type", "costing_method",
               "party_code", "tax_rate")  # fmt: skip


class RuleInForce(NamedTuple):
    """A rule, whether the books folder gives it, and what the account map has for its two roles."""

    rule: PostingRuleRow
    is_own: bool
    debit_accounts: list[AccountMapRow]
    credit_accounts: list[AccountMapRow]


def rules_in_force(books: Books) -> list[RuleInForce]:
    """The rules of the books' rule set, replaced or joined by their own, by event and amount basis."""
    own = {rule.rule_id for rule in books.posting_rules}
    standard = [
        rule
        for rule in read_posting_rules(STANDARD)
        if rule.rule_set == books.rule_set and rule.rule_id not in own
    ]
    rules = sorted(
        [*standard, *books.posting_rules], key=lambda rule: (rule.event_type, rule.amount_basis, rule.rule_id)
    )
    return [
        RuleInForce(
            rule, rule.rule_id in own, accounts(books, rule.debit_role), accounts(books, rule.credit_role)
        )
        for rule in rules
    ]


def accounts(books: Books, role: str | None) -> list[AccountMapRow]:
    """The rows of the account map for a role, the most specific first; none is a gap."""
    rows = [row for row in books.account_map if row.account_role == role]
    return sorted(rows, key=lambda row: (-len(list(conditions(row))), row.account_code))


def conditions(row: PostingRuleRow | AccountMapRow) -> Iterable[tuple[str, str]]:
    """Column and value of what has to hold for a row; nothing means always."""
    return ((name, f"{value}") for name, value in row if name in _CONDITIONS and value is not None)


def gaps(rules: Iterable[RuleInForce]) -> list[str]:
    """Roles that a rule in force posts to and no row of the account map names."""
    return sorted(
        {one.rule.debit_role for one in rules if one.rule.debit_role and not one.debit_accounts}
        | {one.rule.credit_role for one in rules if not one.credit_accounts}
    )
