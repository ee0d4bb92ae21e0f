"""Where faults are seeded: the inbox, the ledger in it, and what has been done to them so far.

Kinds of faults are elsewhere; the scene keeps them on different documents, makes books follow, writes the
key.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pipelines.demo.faults import queries
from pipelines.demo.faults.following import balances_follow, closings_follow
from pipelines.demo.faults.key import Differences, Fault, answer_key
from pipelines.demo.faults.ledger import ZERO, Change, Ledger, Voucher
from pipelines.demo.frame import Dice

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from pipelines.demo.inbox import Inbox

_PART = 97
_TRIED = 60
"""Candidates looked at for one fault before the kind is given up."""


class Scene:
    """One company's extracts while faults are seeded into them."""

    def __init__(self, inbox: Inbox, seed: int) -> None:
        self.inbox, self.seed = inbox, seed
        self.ledger = Ledger(inbox.sheets["凭证"], inbox.calendar)
        self.dice = Dice(seed, _PART)
        self.faults: list[Fault] = []
        self.taken: set[str] = set()
        self.afterwards: list[Callable[[], None]] = []
        self._views()

    @property
    def periods(self) -> int:
        """How many periods the books have."""
        return self.inbox.calendar.periods

    def rows(self, sql: str, salt: str = "") -> list[tuple[Any, ...]]:
        """Rows of a query over the sheets; `{salt}` in it makes an order that only the seed decides."""
        found = self.ledger.connection.execute(sql.format(salt=f"{self.seed}:{salt}"))
        return [tuple(row) for row in found.fetchall()]

    def vouchers(self, where: str, kind: str) -> list[Voucher]:
        """Vouchers of documents that no fault has touched yet, a few at most."""
        limit = _TRIED + len(self.taken)
        ids = self.ledger.find(where.format(last=self.periods - 1), f"{self.seed}:{kind}", limit)
        found: list[Voucher] = []
        for voucher in map(self.ledger.voucher, ids):
            if voucher.document[1] not in self.taken and voucher.id not in self.ledger.changes:
                found.append(voucher)
            if len(found) == _TRIED:
                break
        return found

    def of_document(self, kind: str, no: str) -> list[Voucher]:
        """All vouchers of one document."""
        ids = self.rows(f"select id from voucher where type = '{kind}' and no = '{no}' order by id")
        return [self.ledger.voucher(row[0]) for row in ids]

    def record(self, fault: Fault) -> None:
        """Keep a fault for the key; its documents are not touched again."""
        self.faults.append(fault)
        self.taken.update(no for _, no in (fault.document, *fault.others))

    def finish(self) -> str:
        """Make closing vouchers and balances follow the ledger, write it back; the answer key as CSV."""
        closings_follow(self.ledger)
        balances_follow(self.ledger, self.inbox.sheets["科目余额表"])
        for change in self.afterwards:
            change()
        self.ledger.finish()
        return answer_key(self.faults, self.inbox.calendar.labels, self.ledger.numbers)

    def _views(self) -> None:
        for name, view in queries.VIEWS.items():
            self.ledger.connection.register(view, self.inbox.sheets[name].rows)
        queries.create(self.ledger.connection)


def difference(*changes: Change) -> Differences:
    """What changes do to the ledger, per period and account."""
    found: dict[tuple[int, str], Decimal] = defaultdict(lambda: ZERO)
    for change in changes:
        for sign, vouchers in ((1, change.after), (-1, [change.before] if change.before else [])):
            for voucher in vouchers:
                for account, amount in voucher.amounts.items():
                    found[voucher.period, account] += sign * amount
    return {place: amount for place, amount in found.items() if amount}


def total(vouchers: list[Voucher], sign: int = 1) -> Differences:
    """What vouchers move, per period and account."""
    found: dict[tuple[int, str], Decimal] = defaultdict(lambda: ZERO)
    for voucher in vouchers:
        for account, amount in voucher.amounts.items():
            found[voucher.period, account] += sign * amount
    return dict(found)
