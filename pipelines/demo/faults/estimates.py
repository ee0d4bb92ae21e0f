"""Faults in estimated receipts, whose voucher at a close and red mirror after it belong together.

Faults of single vouchers are in `postings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.demo.faults import edits
from pipelines.demo.faults.key import Fault
from pipelines.demo.faults.ledger import Change
from pipelines.demo.faults.postings import Posting, ledger
from pipelines.demo.faults.scene import difference

if TYPE_CHECKING:
    from pipelines.demo.faults.key import Truth
    from pipelines.demo.faults.scene import Scene

ESTIMATED, REVERSED = "暂估入库", "冲回暂估"


@dataclass(frozen=True)
class NotEstimated:
    """A receipt that is open at a close is not estimated, and so not reversed after it either."""

    name: str
    truth: Truth
    where: str

    def seed(self, scene: Scene) -> None:
        """Leave out both vouchers of a receipt."""
        where = f"purpose = '{ESTIMATED}' and {self.where}"
        for voucher in scene.vouchers(where, self.name)[:1]:
            mirror = [
                other
                for other in scene.of_document(*voucher.document)
                if other.period == voucher.period + 1 and other.lines[0]["摘要"].startswith(REVERSED)
            ]
            changes = [Change(one, scene.ledger.replace(one, [])) for one in (voucher, *mirror)]
            scene.record(Fault(self.name, self.truth, difference(*changes), voucher.document))


_OPEN_AGAIN = (
    "exists (from voucher as again where again.purpose = '暂估入库' and again.no = voucher.no "
    "and again.period = voucher.period)"
)

_OPENED_WITH = (
    "exists (from voucher as before where before.purpose = '冲回暂估' and before.no = voucher.no "
    "and before.period = voucher.period)"
)

_PLAIN = "not list_contains(accounts, '140503')"
"""Receipts at standard cost have a voucher of their variance beside the estimate's."""

KINDS = (
    NotEstimated(
        "estimate_missing",
        ledger("missing_in_ledger", "estimate_missing"),
        f"type = '采购入库单' and period = {{last}} and {_PLAIN} and not {_OPENED_WITH}",
    ),
    NotEstimated(
        "estimate_missing",
        ledger("missing_in_ledger", "estimate_missing"),
        f"type = '采购入库单' and period < {{last}} and {_PLAIN} and not {_OPENED_WITH}",
    ),
    NotEstimated("estimate_missing", ledger("partial", "estimate_missing"), _OPENED_WITH),
    Posting(
        "estimate_not_reversed",
        (REVERSED, REVERSED),
        edits.missing,
        ledger("missing_in_ledger", "estimate_not_reversed"),
        where=f"not {_OPEN_AGAIN}",
    ),
    Posting(
        "estimate_not_reversed",
        (REVERSED,),
        edits.missing,
        ledger("partial", "estimate_not_reversed"),
        where=_OPEN_AGAIN,
    ),
    Posting(
        "estimate_reversed_twice",
        (REVERSED, REVERSED),
        edits.twice,
        ledger("duplicate", "estimate_reversed_twice"),
    ),
)
