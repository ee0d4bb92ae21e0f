"""What the journals of plain-text accounting have in common: how an account of the books is called there, and
how a text of ours is put into one of their lines. Their syntax is in the module of each.
"""

from __future__ import annotations

import re
from itertools import chain, count
from typing import TYPE_CHECKING, Final

from pipelines.publication.tables import literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.vouchers.lines import Account

ROOTS: Final = {
    "Assets": "inventory goods_in_transit goods_shipped subcontract_material material_variance "
    "production_cost ar bank prepayment pending_property",
    "Liabilities": "ap ap_estimated advance input_vat output_vat subcontract_fee landed_cost",
    "Income": "revenue other_income",
    "Expenses": "cost_of_sales purchase_variance service_expense selling_expense admin_expense rd_expense "
    "conversion_cost",
}
"""Root of the account tree → roles of ours; input VAT stands where its account does, below tax payable."""
OTHER: Final = "Equity"
_ROOT_OF: Final = {role: root for root, roles in ROOTS.items() for role in roles.split()}


def account_names(accounts: Iterable[Account]) -> dict[str, str]:
    """Account code → its name in a journal, `Assets:2221-01-01`; no two codes have the same.

    What a journal does not allow in a name becomes a hyphen, and a number tells apart what that makes equal.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for account in accounts:
        part = re.sub(r"[^0-9A-Za-z\u4e00-\u9fff]+", "-", account.code).strip("-") or "X"
        name = f"{_ROOT_OF.get(account.role, OTHER)}:{part[0].upper()}{part[1:]}"
        numbered = (f"{name}-{number}" for number in count(2))
        names[account.code] = next(one for one in chain([name], numbered) if one not in taken)
        taken.add(names[account.code])
    return names


def named_account(names: dict[str, str]) -> str:
    """SQL of the journal's name of a line's account."""
    codes, values = ([literal(text) for text in texts] for texts in (names, names.values()))
    return f"map([{', '.join(codes)}], [{', '.join(values)}])[account_code]" if names else "account_code"


def plain(column: str, marks: str = "") -> str:
    """SQL of a text on one line without the characters in `marks`, which end something there."""
    pattern = f"[\\s{re.escape(marks)}]+"
    return f"trim(regexp_replace(coalesce({column}, ''), {literal(pattern)}, ' ', 'g'))"
