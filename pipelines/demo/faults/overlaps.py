"""Two faults on one document: its vouchers go wrong in different ways, each seen on its own accounts.

Documents with a single fault are in `postings`, the ways of going wrong in `edits` and `amounts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.demo.faults import amounts, edits
from pipelines.demo.faults.edits import PARTNERS
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.ledger import Change, Voucher
from pipelines.demo.faults.postings import COLLECTED, COST, PAID, REVENUE, ledger
from pipelines.demo.faults.scene import difference

if TYPE_CHECKING:
    from pipelines.demo.faults.edits import Edit
    from pipelines.demo.faults.scene import Scene

_COST_ACCOUNTS = ("64", "1403", "1405", "1411")


@dataclass(frozen=True)
class Overlapping:
    """A delivery whose vouchers are both wrong. `truth` is that of the revenue's accounts (`later` when it is
    put right), `of_cost` that of the cost's.
    """

    name: str
    revenue: Edit
    cost: Edit
    truth: Truth
    of_cost: Truth
    later: Truth | None = None
    where: str = "true"
    is_partner: bool = False

    def seed(self, scene: Scene) -> None:
        """Change both vouchers of one delivery."""
        where = f"purpose = '{REVENUE}' and type = '销售出库单' and {self.where}"
        for voucher in scene.vouchers(where, self.name):
            costs = [v for v in scene.of_document(*voucher.document) if _is_single_cost(v)]
            changed = [self.revenue(scene, voucher), *(self.cost(scene, v) for v in costs)]
            if len(costs) == 1 and None not in changed:
                self._record(scene, [voucher, *costs], [after or [] for after in changed])
                return

    def _record(self, scene: Scene, before: list[Voucher], after: list[list[Voucher]]) -> None:
        pairs = zip(before, after, strict=True)
        changes = [Change(one, scene.ledger.replace(one, new)) for one, new in pairs]
        misposted = {}
        if self.is_partner:
            on = before[0].amounts.items()
            misposted = {(before[0].period, a): amount for a, amount in on if a in PARTNERS}
        by_account: Mapping[str, Truth] = dict.fromkeys(_COST_ACCOUNTS, self.of_cost)
        document, seen = before[0].document, after[0][-1].id if after[0] else 0
        scene.record(
            Fault(
                self.name,
                self.truth,
                difference(*changes),
                document,
                seen,
                later=self.later,
                by_account=by_account,
                misposted=misposted,
            )
        )


@dataclass(frozen=True)
class LateAndWrong:
    """A payment posted in the next period with two digits swapped: missing first, mistyped then."""

    name: str
    purposes: tuple[str, ...]

    def seed(self, scene: Scene) -> None:
        """Change one voucher per purpose."""
        for purpose in self.purposes:
            where = f"purpose = '{purpose}' and lines = 2 and period < {{last}}"
            for voucher in scene.vouchers(where, f"{self.name}:{purpose}"):
                wrong = amounts.scaled(amounts.swapped)(scene, voucher)
                if wrong is not None:
                    late = edits.in_period(1, 4)(scene, wrong[0]) or []
                    changes = difference(Change(voucher, scene.ledger.replace(voucher, late)))
                    scene.record(
                        Fault(
                            self.name,
                            ledger("missing_in_ledger", "document_not_vouchered"),
                            changes,
                            voucher.document,
                            late[0].id,
                            later=ledger("transposition", "data_entry_error"),
                        )
                    )
                    break


def _is_single_cost(voucher: Voucher) -> bool:
    return voucher.lines[0]["摘要"].startswith(COST) and len(voucher.lines) == 2


KINDS = (
    Overlapping(
        "partner_and_digits_wrong",
        edits.to_partner,
        amounts.scaled(amounts.swapped),
        ledger("dimension", "wrong_party"),
        ledger("transposition", "data_entry_error"),
        is_partner=True,
    ),
    Overlapping(
        "twice_and_cost_missing",
        edits.twice,
        edits.missing,
        ledger("duplicate", "duplicate_posting"),
        ledger("missing_in_ledger", "revenue_without_cost"),
    ),
    Overlapping(
        "late_and_sign_turned",
        edits.in_period(1, 4),
        amounts.scaled(amounts.turned),
        ledger("missing_in_ledger", "document_not_vouchered"),
        ledger("sign", "data_entry_error"),
        later=Truth("period", "wrong_period", "timing"),
        where="period < {last}",
    ),
    LateAndWrong("late_and_mistyped", (PAID, COLLECTED)),
)
