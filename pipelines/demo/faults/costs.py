"""Faults in the cost of issues: the ledger has another than the inventory system, or both have another than
the books' method gives, or nobody has found any.

Amounts that were only typed wrong are in `figures`; goods that came in without a value in `unvalued`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from pipelines.demo import company
from pipelines.demo.faults import cost_queries
from pipelines.demo.faults.amounts import CENT
from pipelines.demo.faults.edits import amount_of, changed, with_amount
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.ledger import ACCOUNT, CREDIT, DEBIT, ZERO, Change, Line, Voucher
from pipelines.demo.faults.papers import ANY_DELIVERY, put
from pipelines.demo.faults.postings import COST, ledger
from pipelines.demo.faults.scene import difference

if TYPE_CHECKING:
    from pipelines.demo.company import Category
    from pipelines.demo.faults.scene import Scene

REPORTED = "系统成本金额"
GOODS = {"02": company.CATEGORIES[company.MER], "03": company.CATEGORIES[company.FIN]}
"""Categories at moving average, by how the codes of their items begin."""
_SALE = "销售出库单"


@dataclass(frozen=True)
class Recosted:
    """One line of a delivery costs what another unit cost makes it: in the ledger only, or in the inventory
    system's report too. `found` is a query of `cost_queries`.
    """

    name: str
    found: str
    truth: Truth
    in_report: bool
    times: int = 1

    def seed(self, scene: Scene) -> None:
        """Change the vouchers of some deliveries."""
        left = self.times
        for no, line, item, quantity, cost, amount, per in scene.rows(self.found, self.name):
            voucher = cost_of(scene, no) if left else None
            other = (Decimal(quantity) * amount / Decimal(per)).quantize(CENT, ROUND_HALF_UP)
            if voucher and other != cost:
                left -= 1
                self._recost(scene, voucher, GOODS[item[:2]], other - cost)
                if self.in_report:
                    put(scene, ANY_DELIVERY, no, REPORTED, str(other), line)

    def _recost(self, scene: Scene, voucher: Voucher, goods: Category, more: Decimal) -> None:
        [after] = with_more(voucher, goods, more)
        moved = difference(Change(voucher, scene.ledger.replace(voucher, [after])))
        scene.record(Fault(self.name, self.truth, moved, voucher.document, after.id))


@dataclass(frozen=True)
class Uncosted:
    """The inventory system has not costed a delivery, or found no cost: so it reports and posts it."""

    name: str
    reported: str | None
    post: Callable[[Voucher], list[Voucher]]
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Change one delivery with one voucher of its cost."""
        where = f"purpose = '{COST}' and type = '{_SALE}'"
        for voucher in scene.vouchers(where, self.name)[:1]:
            after = scene.ledger.replace(voucher, self.post(voucher))
            put(scene, ANY_DELIVERY, voucher.document[1], REPORTED, self.reported)
            moved, seen = difference(Change(voucher, after)), after[0].id if after else 0
            scene.record(Fault(self.name, self.truth, moved, voucher.document, seen))


def costs_of(scene: Scene, no: str) -> list[Voucher]:
    """The vouchers of a delivery's cost."""
    vouchers = scene.of_document(_SALE, no)
    return [voucher for voucher in vouchers if voucher.lines[0]["摘要"].startswith(COST)]


def cost_of(scene: Scene, no: str) -> Voucher | None:
    """The one voucher of a delivery's cost; none if there are several or another fault has the delivery."""
    vouchers = [] if no in scene.taken else costs_of(scene, no)
    return vouchers[0] if len(vouchers) == 1 else None


def with_more(voucher: Voucher, goods: Category, more: Decimal) -> list[Voucher]:
    """The voucher with that much more cost of goods of the category."""

    def add(line: Line) -> Line:
        is_it = line[ACCOUNT] in (goods.stock, goods.cost)
        return with_amount(line, amount_of(line) + more) if is_it else line

    return changed(voucher, add)


def _nothing(_voucher: Voucher) -> list[Voucher]:
    return []


def _valueless(voucher: Voucher) -> list[Voucher]:
    def emptied(line: Line) -> Line:
        return {**line, DEBIT: line[DEBIT] and ZERO, CREDIT: line[CREDIT] and ZERO}

    return [Voucher(voucher.id, voucher.period, [emptied(line) for line in voucher.lines])]


KINDS = (
    Recosted(
        "cost_recalculated",
        cost_queries.AT_AN_EARLIER_COST,
        ledger("amount", "cost_recalculated"),
        in_report=False,
        times=2,
    ),
    Recosted(
        "cost_by_last_receipt",
        cost_queries.AT_THE_LAST_PRICE,
        Truth("amount", "policy_difference", "accepted"),
        in_report=True,
    ),
    Recosted(
        "cost_by_month",
        cost_queries.AT_THE_MONTHS_AVERAGE,
        Truth("amount", "policy_difference", "accepted"),
        in_report=True,
    ),
    Uncosted("not_costed", None, _nothing, ledger("missing_in_ledger", "not_costed")),
    Uncosted("zero_cost", "0.00", _valueless, ledger("quantity_or_value_only", "zero_cost")),
)
