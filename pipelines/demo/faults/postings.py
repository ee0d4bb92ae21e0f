"""Faults in the vouchers of business documents: which vouchers, what happens to them, what it is to be
called.

How a voucher is changed is in `edits`; estimates, which need two vouchers, are in `estimates`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from pipelines.demo.faults import edits
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.ledger import Change
from pipelines.demo.faults.scene import difference

if TYPE_CHECKING:
    from pipelines.demo.faults.edits import Edit
    from pipelines.demo.faults.ledger import Voucher
    from pipelines.demo.faults.scene import Scene

INVOICE, REVENUE, COST, ISSUE, RECEIPT = "采购发票", "销售收入", "结转销售成本", "领用出库", "其他入库"
PAID, COLLECTED, PREPAID, ADVANCED = "付供应商款", "收客户款", "预付货款", "预收货款"
APPLIED, COUNTED, LATE_COST, ESTIMATED = "预付冲应付", "盘点差异", "入库成本差异", "暂估入库"


@dataclass(frozen=True)
class Posting:
    """One kind of fault: one voucher of each purpose is changed. `where` is SQL over vouchers: purpose, type,
    no, period, lines, accounts, total; `{last}` the last period's number.
    """

    name: str
    purposes: tuple[str, ...]
    edit: Edit
    truth: Truth
    where: str = "true"
    later: Truth | None = None
    by_account: Mapping[str, Truth] = field(default_factory=lambda: MappingProxyType({}))
    is_partner: bool = False

    def seed(self, scene: Scene) -> None:
        """Change one voucher per purpose, as far as there are any."""
        for purpose in self.purposes:
            where = f"purpose = '{purpose}' and {self.where}"
            for voucher in scene.vouchers(where, f"{self.name}:{purpose}"):
                after = self.edit(scene, voucher)
                if after is not None:
                    self._record(scene, voucher, scene.ledger.replace(voucher, after))
                    break

    def _record(self, scene: Scene, voucher: Voucher, after: list[Voucher]) -> None:
        misposted = {}
        if self.is_partner:
            on = {line["科目编码"] for line in voucher.lines if line["科目编码"] in edits.PARTNERS}
            misposted = {(voucher.period, a): amount for a, amount in voucher.amounts.items() if a in on}
        scene.record(
            Fault(
                self.name,
                self.truth,
                difference(Change(voucher, after)),
                voucher.document,
                after[-1].id if after else 0,
                later=self.later,
                by_account=self.by_account,
                misposted=misposted,
            )
        )


def ledger(symptom: str, cause: str) -> Truth:
    """What the ledger has to put right."""
    return Truth(symptom, cause, "correct_ledger")
