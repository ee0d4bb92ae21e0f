"""Input VAT that waits to be ticked for deduction: the ledger keeps it on an account of its own meanwhile.

Tax computed wrong is in `figures`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from pipelines.demo.faults.edits import to_account
from pipelines.demo.faults.entries import entered
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.ledger import Change
from pipelines.demo.faults.papers import SERVICE, put
from pipelines.demo.faults.postings import INVOICE
from pipelines.demo.faults.scene import difference

if TYPE_CHECKING:
    from pipelines.demo.faults.scene import Scene

DEDUCTIBLE, WAITING = "22210101", "222108"
_COLUMN = "勾选期间"


@dataclass(frozen=True)
class NotCertified:
    """An invoice is ticked one period late; its tax comes to input VAT only then."""

    name: str
    truth: Truth
    later: Truth

    def seed(self, scene: Scene) -> None:
        """A column says when each invoice was ticked; one waits for the next period."""
        where = f"purpose = '{INVOICE}' and period < {{last}} and list_contains(accounts, '{DEDUCTIBLE}')"
        for voucher in scene.vouchers(where, self.name)[:1]:
            no, period = voucher.document[1], voucher.period
            tax = voucher.amounts[DEDUCTIBLE]
            self._tick(scene)
            put(scene, SERVICE, no, _COLUMN, scene.inbox.calendar.labels[period + 1])
            after = to_account(DEDUCTIBLE, WAITING)(scene, voucher) or []
            changes = [Change(voucher, scene.ledger.replace(voucher, after))]
            document = {"来源单据类型": voucher.document[0], "来源单据编号": no, "来源模块": "供应链"}
            moved = entered(
                scene,
                period + 1,
                9,
                ((DEDUCTIBLE, tax), (WAITING, -tax)),
                {**document, "摘要": f"进项税勾选 {no}", "机制凭证": "是"},
            )
            changes.append(Change(None, [moved]))
            scene.record(
                Fault(
                    self.name,
                    self.truth,
                    difference(*changes),
                    voucher.document,
                    after[0].id,
                    later=self.later,
                )
            )

    @staticmethod
    def _tick(scene: Scene) -> None:
        sheet = scene.inbox.sheets[SERVICE.sheet]
        assert sheet.period is not None
        labels = pa.array([scene.inbox.calendar.labels[period] for period in sheet.period])
        sheet.rows = sheet.rows.append_column(_COLUMN, labels)


KINDS = (
    NotCertified(
        "tax_not_certified",
        Truth("account", "tax_not_certified", "timing"),
        Truth("period", "tax_not_certified", "timing"),
    ),
)
