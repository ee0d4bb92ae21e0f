"""The breaks of the published periods that a person asks for: by code, account, document, size.

One break down to its delivered rows is in `drill.py`; words and layout are the commands'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines import published

if TYPE_CHECKING:
    from pathlib import Path

GROSS = "greatest(abs(difference_amount), abs(coalesce(misposted_amount, 0)))"
"""What a break weighs: one on the wrong account nets to zero and still has to be corrected."""


@dataclass(frozen=True)
class Wanted:
    """What a person asks for; empty means any. Codes as in the tables, `documents` are parts of numbers,
    `least` is the smallest gross amount in books currency.
    """

    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    accounts: Sequence[str] = ()
    documents: Sequence[str] = ()
    least: Decimal | None = None


def list_breaks(root: Path, wanted: Wanted, columns: Sequence[str] = ()) -> published.Rows:
    """Breaks by period and size, largest first; all columns when none are named."""
    conditions: list[str] = ["true"]
    values: list[object] = []
    for name, codes in wanted.codes.items():
        if codes:
            conditions.append(f"list_contains(?, {name})")
            values.append(list(codes))
    if wanted.accounts:
        conditions.append(
            "(period, break_id) in (select (line.period, line.break_id) from {break_line} as line "
            "where list_contains(?, line.account_code))"
        )
        values.append(list(wanted.accounts))
    if wanted.documents:
        conditions.append("len(list_filter(?, lambda part: contains(upper(document_no), upper(part)))) > 0")
        values.append(list(wanted.documents))
    if wanted.least is not None:
        conditions.append(f"{GROSS} >= ?")
        values.append(wanted.least)
    return published.query(
        root,
        f"select {', '.join(columns) or '*'} from {{reconciliation_break}} where {' and '.join(conditions)} "
        f"order by period, {GROSS} desc, break_id",
        values,
    )
