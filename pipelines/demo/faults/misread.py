"""Faults in single figures of a document: one line that cannot be read, an amount typed wrong at the source.

Faults of whole documents are in `papers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from pipelines.demo import company
from pipelines.demo.faults.amounts import CENT, OUTPUT_VAT, is_swap, swapped
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.papers import (
    ANY_DELIVERY,
    COLLECTION,
    PAYMENT,
    SERVICE,
    UNREADABLE,
    Paper,
    fitting,
    put,
)

if TYPE_CHECKING:
    from pipelines.demo.faults.ledger import Voucher
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


@dataclass(frozen=True)
class TotalDisagrees:
    """Two digits of an invoice's net amount are swapped on paper; its total and its voucher are right."""

    name: str
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Change the first line of one service invoice."""
        first = scene.rows("select 发票号码, 无税金额 from invoice where 行号 = 1")
        amount = {no: Decimal(net) for no, net in first}
        for no in (no for no in fitting(scene, SERVICE, self.name) if no in amount):
            [voucher] = scene.of_document(SERVICE.type, no)
            wrong, payable = swapped(amount[no]), voucher.amounts["220201"]
            if wrong is not None and not is_swap(payable, payable + amount[no] - wrong):
                put(scene, SERVICE, no, SERVICE.figure, str(wrong), line=1)
                difference = {(voucher.period, "220201"): wrong - amount[no]}
                document = (SERVICE.type, no)
                scene.record(Fault(self.name, self.truth, difference, document, voucher.id, side="inventory"))
                return


@dataclass(frozen=True)
class PriceDisagrees:
    """Two digits of a delivery's amount are swapped; its quantity and price, and its vouchers, are right."""

    name: str
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Change the only line of one delivery."""
        single = (
            "select 单据编号, any_value(金额) from flow where 单据类型 = '销售出库' "
            "group by 1 having count(*) = 1"
        )
        amount = {no: Decimal(net) for no, net in scene.rows(single)}
        for no in (no for no in fitting(scene, ANY_DELIVERY, self.name) if no in amount):
            vouchers = [v for v in scene.of_document(ANY_DELIVERY.type, no) if "1122" in v.amounts]
            if len(vouchers) == 1 and (wrong := swapped(amount[no])) is not None:
                self._retype(scene, no, vouchers[0], wrong)
                return

    def _retype(self, scene: Scene, no: str, voucher: Voucher, wrong: Decimal) -> None:
        [revenue] = (account for account in voucher.amounts if account.startswith("6"))
        tax = (wrong * company.VAT / 100).quantize(CENT, ROUND_HALF_UP)
        typed = {revenue: -wrong, OUTPUT_VAT: -tax, "1122": wrong + tax}
        of_account = {
            account: self.truth._replace(
                symptom="transposition" if is_swap(amount, typed[account]) else "amount"
            )
            for account, amount in voucher.amounts.items()
        }
        put(scene, ANY_DELIVERY, no, "金额", str(wrong))
        difference = {
            (voucher.period, account): amount - typed[account] for account, amount in voucher.amounts.items()
        }
        document = (ANY_DELIVERY.type, no)
        scene.record(
            Fault(
                self.name,
                self.truth,
                difference,
                document,
                voucher.id,
                side="inventory",
                by_account=of_account,
            )
        )


KINDS = (
    TotalDisagrees("net_digits_swapped", Truth("amount", "data_entry_error", "correct_subledger")),
    PriceDisagrees("sale_digits_swapped", Truth("amount", "data_entry_error", "correct_subledger")),
    LineUnreadable("line_unreadable", Truth("status", "rejected_input", "correct_subledger")),
    TypedWrong(
        "paper_digits_swapped",
        (PAYMENT, COLLECTION),
        Truth("transposition", "data_entry_error", "correct_subledger"),
    ),
)
