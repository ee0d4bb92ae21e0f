"""The answer key of seeded faults against the breaks of built periods: what was found, what it was called.

Making books and periods, and printing figures, are in `quality.py`.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.pipeline.candidates import Built

ZERO = Decimal(0)
BALANCE_ONLY = ("ledger_balance", "ledger_opening", "opening")
HARMLESS = ("timing", "accepted")
MATCHED = "matched"
"""Called so in the key: a voucher that is right and has lost the name of its document."""


class Place(NamedTuple):
    """Where a difference is: a document (or voucher, or balance) and an account."""

    document_type: str
    document_no: str
    account_code: str


@dataclass(frozen=True)
class Expected:
    """One row of the key, on an account that is compared."""

    fault_id: str
    fault: str
    period: str
    place: Place
    amount: Decimal
    symptom: str
    cause: str
    disposition: str


@dataclass(frozen=True)
class Break:
    """One break of one period with its amounts per account: zero where only partner or quantity differs."""

    period: str
    document_type: str
    document_no: str
    symptom: str
    cause: str
    disposition: str
    amounts: dict[str, Decimal]

    def at(self, account: str) -> Place:
        """One account of it."""
        return Place(self.document_type, self.document_no, account)


@dataclass
class Judged:
    """What became of one fault: the key's rows and the break found for each (None: none)."""

    rows: list[tuple[Expected, Break | None]] = field(default_factory=list)

    @property
    def first(self) -> Expected:
        """The row that stands for the fault in tables."""
        return self.rows[0][0]

    @property
    def is_found(self) -> bool:
        """Every difference has its break."""
        return all(found is not None for _, found in self.rows)

    def is_right(self, what: str) -> bool:
        """Every break is called what the key says: `symptom`, `cause` or `disposition`."""
        return all(
            found is not None and getattr(found, what) == getattr(row, what) for row, found in self.rows
        )

    @property
    def is_exact(self) -> bool:
        """Every break has the key's amount, to the cent."""
        return all(
            found is not None
            and (row.symptom == "dimension" or found.amounts[row.place.account_code] == row.amount)
            for row, found in self.rows
        )


def read_key(path: Path, controls: Sequence[str]) -> list[Expected]:
    """The rows of an answer key on control accounts."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Expected(
            row["fault_id"],
            row["fault"],
            row["period"],
            Place(*_document(row), row["account_code"]),
            Decimal(row["amount"]),
            row["symptom_code"],
            row["cause_code"],
            row["disposition"],
        )
        for row in rows
        if row["account_code"] in controls
    ]


def _document(row: dict[str, str]) -> tuple[str, str]:
    if row["document_no"]:
        return row["document_type"], row["document_no"]
    if row["voucher_no"]:
        return "voucher", f"{row['voucher_no']}@{row['period']}"
    return "balance", row["account_code"]


def control_accounts(built: Built) -> list[str]:
    """Accounts that the period compares."""
    return [code for (code,) in built.rows("select account_code from reconciliation.tie_out")]


def breaks_of(built: Built) -> Iterator[Break]:
    """The open breaks of a period."""
    rows = built.rows(
        """
        select period, found.document_type, found.document_no, symptom_code, cause_code, disposition,
            coalesce(lines.amounts, map {}), coalesce(dims.accounts, [])
        from reconciliation.reconciliation_break as found
        left join (
            select break_id, map(list(account_code), list(difference_amount)) as amounts
            from reconciliation.break_line group by break_id
        ) as lines using (break_id)
        left join (
            select document_type, shown_no as document_no, tie_code, list(account_code) as accounts
            from reconciliation.recon_group
            where difference_amount = 0 and (tie_code <> 'stock' or expected_quantity <> actual_quantity)
            group by all
        ) as dims on lines.amounts is null and found.document_type = dims.document_type
            and found.document_no = dims.document_no and found.tie_code = dims.tie_code
        where status <> 'cleared' order by break_id
        """
    )
    for period, kind, no, symptom, cause, disposition, amounts, accounts in rows:
        named = "balance" if kind in BALANCE_ONLY else kind
        held = {**dict.fromkeys(accounts, ZERO), **amounts}
        yield Break(period, named, no, symptom, cause, disposition, held)


def judge(key: Sequence[Expected], breaks: Sequence[Break]) -> dict[str, Judged]:
    """Each fault whose key survived, with its rows and what was found for them."""
    found = {(one.period, one.at(account)): one for one in breaks for account in one.amounts}
    judged: dict[str, Judged] = defaultdict(Judged)
    for row in (row for row in key if row.symptom != MATCHED):
        judged[row.fault_id].rows.append((row, found.get((row.period, row.place))))
    return dict(judged)


def lost_keys(key: Sequence[Expected], breaks: Sequence[Break]) -> dict[str, bool]:
    """Faults that took the key away, and whether both sides were matched all the same."""
    found = {(one.period, one.at(account)) for one in breaks for account in one.amounts}
    matched: dict[str, bool] = {}
    for row in (row for row in key if row.symptom == MATCHED):
        matched[row.fault_id] = matched.get(row.fault_id, True) and (row.period, row.place) not in found
    return matched


def standing(key: Sequence[Expected], periods: Sequence[str]) -> dict[tuple[str, Place], Decimal]:
    """Every difference that may show, per period; on balances for as long as it stands."""
    expected = {(row.period, row.place): row.amount for row in key}
    for row in key:
        if row.place.account_code.startswith(("6", "222101")) or row.symptom == "dimension":
            continue
        for period in periods:
            if period > row.period:
                expected.setdefault((period, row.place), row.amount)
    return expected


def unprovoked(
    key: Sequence[Expected], breaks: Sequence[Break], periods: Sequence[str]
) -> list[tuple[Break, Place]]:
    """Differences that no fault explains."""
    expected = standing(key, periods)
    return [
        (one, one.at(account))
        for one in breaks
        for account in one.amounts
        if (one.period, one.at(account)) not in expected
        and (one.amounts[account] or not any(one.amounts.values()))
    ]


def false_matches(key: Sequence[Expected], builts: Sequence[Built]) -> list[tuple[str, Place]]:
    """Automatic matches of what the key says does not agree."""
    wrong = {(row.period, row.place) for row in key if row.symptom != MATCHED}
    matched = {
        (period, Place(kind, no, account))
        for built in builts
        for period, kind, no, account in built.rows(
            "select period, document_type, document_no, account_code from reconciliation.reconciliation_match"
        )
    }
    return sorted(wrong & matched)


def called_harmless(judged: Sequence[Judged]) -> list[tuple[Expected, Break]]:
    """Breaks called timing or accepted that are neither."""
    return [
        (row, found)
        for fault in judged
        for row, found in fault.rows
        if found is not None and found.disposition in HARMLESS and row.disposition not in HARMLESS
    ]
