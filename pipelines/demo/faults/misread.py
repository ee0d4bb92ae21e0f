"""Faults in single figures of a document: one line that cannot be read, an amount typed wrong at the source.

Faults of whole documents are in `papers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.demo.faults.amounts import swapped
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.papers import COLLECTION, PAYMENT, SERVICE, UNREADABLE, Paper, fitting, put

if TYPE_CHECKING:
    from pipelines.demo.faults.scene import Scene


@dataclass(frozen=True)
class LineUnreadable:
    """One line of a longer service invoice is set aside; the others are there."""

    name: str
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Spoil the second line of an invoice."""
        lines = "select 发票号码, 无税金额, 税额 from invoice where 行号 = 2"
        second = {no: (Decimal(net), Decimal(tax)) for no, net, tax in scene.rows(lines)}
        for no in [no for no in fitting(scene, SERVICE, self.name) if no in second][:1]:
            [voucher] = scene.of_document(SERVICE.type, no)
            net, tax = second[no]
            put(scene, SERVICE, no, SERVICE.figure, UNREADABLE, line=2)
            amounts = {(voucher.period, "220201"): -net - tax, (voucher.period, "22210101"): tax}
            document = (SERVICE.type, no)
            scene.record(Fault(self.name, self.truth, amounts, document, voucher.id, side="inventory"))


@dataclass(frozen=True)
class TypedWrong:
    """Two digits of a payment's amount are swapped in the document; its voucher is right."""

    name: str
    papers: tuple[Paper, ...]
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Change one document per paper."""
        for paper in self.papers:
            for no in fitting(scene, paper, self.name)[:1]:
                [voucher] = scene.of_document(paper.type, no)
                account, amount = next((a, m) for a, m in voucher.amounts.items() if not a.startswith("1002"))
                wrong = swapped(amount)
                if wrong is not None:
                    put(scene, paper, no, paper.figure, str(abs(wrong)))
                    difference = {(voucher.period, account): amount - wrong}
                    document = (paper.type, no)
                    scene.record(
                        Fault(self.name, self.truth, difference, document, voucher.id, side="inventory")
                    )


KINDS = (
    LineUnreadable("line_unreadable", Truth("status", "rejected_input", "correct_subledger")),
    TypedWrong(
        "paper_digits_swapped",
        (PAYMENT, COLLECTION),
        Truth("transposition", "data_entry_error", "correct_subledger"),
    ),
)
