"""The answer key: what every seeded fault makes of the ledger, account by account, and what it is to be
called.

Written beside the books for people and benchmarks; nothing that reconciles ever reads it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pipelines.demo.documents import CANONICAL, TYPE_NAMES
from pipelines.demo.faults.ledger import ZERO
from pipelines.messages import render

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADER = (
    "fault_id",
    "fault",
    "period",
    "side",
    "symptom_code",
    "cause_code",
    "disposition",
    "document_type",
    "document_no",
    "voucher_no",
    "account_code",
    "amount",
    "description_zh",
    "description_en",
)
TYPES = {name: canonical for name, canonical in zip(TYPE_NAMES, CANONICAL, strict=True) if name}
Differences = Mapping[tuple[int, str], Decimal]
"""Ledger less what it should say, per period number and account."""


class Truth(NamedTuple):
    """What a difference is to be called."""

    symptom: str
    cause: str
    disposition: str


@dataclass(frozen=True)
class Fault:
    """One seeded fault. `later` is what profit and loss shows in the period that puts it right; `by_account`
    names accounts (by their beginning) on which it shows as something else; `misposted` are accounts on which
    only the partner differs, or nothing but the reference; `others` are further documents it is about (none:
    the voucher itself).
    """

    kind: str
    truth: Truth
    differences: Differences
    document: tuple[str, str] = ("", "")
    voucher: int = 0
    side: str = "ledger"
    later: Truth | None = None
    by_account: Mapping[str, Truth] = field(default_factory=dict)
    misposted: Differences = field(default_factory=dict)
    others: tuple[tuple[str, str], ...] = ()

    def rows(self, labels: tuple[str, ...]) -> Iterable[tuple[str, str, Decimal, Truth]]:
        """Period, account, amount and truth of every difference that is new in its period.

        Balances that differ stay different until the ledger moves again, profit and loss starts anew: so a
        posting that comes late shows twice on profit and loss and once, while it is missing, on a balance.
        """
        first = min(period for period, _ in {**self.differences, **self.misposted})
        standing: dict[str, Decimal] = {}
        for (period, account), amount in sorted(self.differences.items()):
            standing[account] = standing.get(account, ZERO) + amount
            if amount and (is_movement(account) or standing[account]):
                named = next(
                    (t for code, t in self.by_account.items() if account.startswith(code)), self.truth
                )
                is_later = self.later is not None and period > first
                shown = amount if is_movement(account) else standing[account]
                yield labels[period], account, shown, self.later if is_later and self.later else named
        for (period, account), amount in sorted(self.misposted.items()):
            yield labels[period], account, amount, self.truth


def is_movement(account: str) -> bool:
    """Profit and loss and the columns of VAT are compared by what moves in a period."""
    return account.startswith(("6", "222101"))


def answer_key(faults: list[Fault], labels: tuple[str, ...], numbers: Mapping[int, str]) -> str:
    """CSV with one row per fault, period, document and account."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for number, fault in enumerate(faults, 1):
        described = (render(f"fault.{fault.kind}", "zh"), render(f"fault.{fault.kind}", "en"))
        for period, account, amount, truth in fault.rows(labels):
            head = (f"F{number:03d}", fault.kind, period, fault.side, *truth)
            for kind, no in (fault.document, *fault.others):
                which = (TYPES.get(kind, kind), no, numbers.get(fault.voucher, ""))
                writer.writerow((*head, *which, account, amount, *described))
    return text.getvalue()
