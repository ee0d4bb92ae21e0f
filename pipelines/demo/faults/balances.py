"""Faults in the table of account balances alone: it differs from the entries, or from what it said before.

That balances follow the vouchers is seen to in `following`, before these are seeded.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pipelines.demo.faults.following import BalanceBook
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.ledger import ZERO

if TYPE_CHECKING:
    from pipelines.demo.faults.scene import Scene


@dataclass(frozen=True)
class Balance:
    """`account` is wrong by some amount, and `contra` by its opposite, so that the whole table still
    balances.
    """

    name: str
    account: str
    contra: str
    truth: Truth
    where: Literal["turnover", "first opening", "later opening"]

    def seed(self, scene: Scene) -> None:
        """Decide period and amount now; the table is changed when it has followed the vouchers."""
        first, last = {
            "turnover": (0, scene.periods - 1),
            "first opening": (0, 0),
            "later opening": (1, scene.periods - 1),
        }[self.where]
        cents = int(scene.dice.between(150_000, 2_500_000, 1)[0])
        if first > last:
            return
        period, amount = int(scene.dice.between(first, last, 1)[0]), Decimal(cents).scaleb(-2)
        scene.afterwards.append(lambda: self._change(scene, period, amount))
        differences = {(period, self.account): amount, (period, self.contra): -amount}
        scene.record(Fault(self.name, self.truth, differences))

    def _change(self, scene: Scene, period: int, amount: Decimal) -> None:
        book = BalanceBook(scene.inbox.sheets["科目余额表"], scene.inbox.calendar.labels)
        if self.where == "turnover":
            book.move(period, self.account, amount, ZERO)
            book.move(period, self.contra, ZERO, amount)
        else:
            book.open(period, self.account, amount)
            book.open(period, self.contra, -amount)
        book.finish()


_UNKNOWN = ("unknown", "unidentified")

KINDS = (
    Balance("balance_without_entries", "1406", "2241", Truth("no_detail", *_UNKNOWN), "turnover"),
    Balance("balance_not_entries", "1403", "2241", Truth("summary_vs_detail", *_UNKNOWN), "turnover"),
    Balance("balance_not_entries", "1122", "1002", Truth("summary_vs_detail", *_UNKNOWN), "turnover"),
    Balance(
        "opening_wrong",
        "140502",
        "410401",
        Truth("opening", "opening_migration", "correct_ledger"),
        "first opening",
    ),
    Balance(
        "opening_wrong",
        "1123",
        "410401",
        Truth("opening", "opening_migration", "correct_ledger"),
        "first opening",
    ),
    Balance(
        "closed_period_changed",
        "2203",
        "1002",
        Truth("prior_period_changed", "backdated_change", "correct_ledger"),
        "later opening",
    ),
)
