"""Another quantity at the right value, in vouchers on accounts that are kept by quantity and amount.

Quantities that change what goods are worth are in `units`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.demo.faults.edits import changed
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.ledger import ACCOUNT, ZERO
from pipelines.demo.faults.postings import COST, INVOICE, RECEIPT

if TYPE_CHECKING:
    from pipelines.demo.faults.ledger import Line, Voucher
    from pipelines.demo.faults.scene import Scene

QUANTITY = "数量"
_KEPT = "len(list_intersect(accounts, ['140501', '140502'])) = 1"


@dataclass(frozen=True)
class OtherQuantity:
    """One voucher per purpose has its decimal point in another place, in the quantity only."""

    name: str
    purposes: tuple[str, ...]
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Change the vouchers, as far as there are any."""
        for purpose in self.purposes:
            where = f"purpose = '{purpose}' and {_KEPT}"
            for voucher in scene.vouchers(where, f"{self.name}:{purpose}"):
                counted = [line for line in voucher.lines if line[QUANTITY]]
                if len(counted) == 1:
                    self._change(scene, voucher, counted[0])
                    break

    def _change(self, scene: Scene, voucher: Voucher, counted: Line) -> None:
        typed = Decimal(counted[QUANTITY]) * 10
        after = changed(voucher, lambda line: {**line, QUANTITY: typed} if line[QUANTITY] else line)
        scene.ledger.replace(voucher, after)
        nothing = {(voucher.period, counted[ACCOUNT]): ZERO}
        scene.record(Fault(self.name, self.truth, {}, voucher.document, after[0].id, misposted=nothing))


KINDS = (
    OtherQuantity(
        "quantity_mistyped",
        (COST, INVOICE, RECEIPT),
        Truth("quantity_or_value_only", "data_entry_error", "correct_ledger"),
    ),
)
