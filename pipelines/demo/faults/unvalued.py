"""Goods that came in without a value on their document while the ledger has one.

Issues without a cost are in `costs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.demo import company
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.papers import Paper, fitting, put
from pipelines.demo.faults.scene import total

if TYPE_CHECKING:
    from pipelines.demo.faults.scene import Scene

_LAST = (
    "select 单据编号 as no from other_in where 收发类别 = '{reason}' group by 1 "
    "having bool_and(单据编号 in (select no from last_of_items))"
)


def _receipts(reason: int) -> Paper:
    fit = _LAST.format(reason=company.REASONS[reason][0])
    return Paper("其他入库单", "单据编号", fit, "其他入库单", "金额")


@dataclass(frozen=True)
class Unvalued:
    """A receipt after which nothing moves its goods is entered at 0.00."""

    name: str
    paper: Paper
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Change one document."""
        for no in fitting(scene, self.paper, self.name)[:1]:
            vouchers = scene.of_document(self.paper.type, no)
            put(scene, self.paper, no, self.paper.figure, "0.00")
            document = (self.paper.type, no)
            scene.record(
                Fault(self.name, self.truth, total(vouchers), document, vouchers[-1].id, side="inventory")
            )


def _empty(cause: str) -> Truth:
    return Truth("quantity_or_value_only", cause, "correct_subledger")


KINDS = (
    Unvalued("receipt_without_value", _receipts(company.GIFT), _empty("zero_cost")),
    Unvalued(
        "product_without_cost", _receipts(company.FINISHED_GOODS), _empty("production_cost_not_allocated")
    ),
)
