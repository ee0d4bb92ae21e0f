"""Vouchers of invoices in dollars, posted at another rate: the dollars agree and the yuan do not.

Documents in dollars are left to these faults: what other kinds do to figures, they do in yuan.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from pipelines.demo.faults.amounts import CENT, INPUT_VAT
from pipelines.demo.faults.edits import PARTNERS, changed, with_amount
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.ledger import ACCOUNT, Change, Line, Voucher
from pipelines.demo.faults.scene import difference

if TYPE_CHECKING:
    from pipelines.demo.faults.scene import Scene

_OFF = (Decimal("0.0500"), Decimal("-0.1200"), Decimal("0.7000"))
"""How far the wrong rates are off: another day's, another source's, a slip in the first decimal."""
_BILLED = """
    select 发票号码, sum(无税金额), sum(税额), any_value(汇率) from invoice where 币种 = 'USD'
    group by 1 having count(distinct 汇率) = 1 and min(数量) > 0 order by md5(concat('{salt}', 发票号码)), 1
"""
_IN_DOLLARS = """
    select 发票号码 from invoice where 币种 = 'USD' union select 单据编号 from receipt where 币种 = 'USD'
"""


@dataclass(frozen=True)
class AtOtherRate:
    """An invoice in dollars is posted at another rate than its own."""

    name: str
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Change the vouchers of a few invoices; the other documents in dollars stay as they are."""
        off = list(_OFF)
        for no, net, tax, rate in scene.rows(_BILLED, self.name):
            vouchers = [v for v in scene.of_document("采购发票", no) if "220201" in v.amounts]
            if off and len(vouchers) == 1 and len(vouchers[0].lines) == 3:
                after = _at(vouchers[0], net, tax, rate + off.pop())
                moved = difference(Change(vouchers[0], scene.ledger.replace(vouchers[0], [after])))
                scene.record(Fault(self.name, self.truth, moved, vouchers[0].document, after.id))
        scene.taken.update(no for (no,) in scene.rows(_IN_DOLLARS))


def _at(voucher: Voucher, net: Decimal, tax: Decimal, rate: Decimal) -> Voucher:
    """The voucher of an invoice of so many dollars at a rate."""
    goods, vat = ((part * rate).quantize(CENT, ROUND_HALF_UP) for part in (net, tax))

    def move(line: Line) -> Line:
        if line[ACCOUNT] in PARTNERS:
            return {**with_amount(line, goods + vat), "汇率": rate}
        return with_amount(line, vat if line[ACCOUNT] == INPUT_VAT else goods)

    return changed(voucher, move)[0]


KINDS = (AtOtherRate("posted_at_another_rate", Truth("currency", "rate_difference", "correct_ledger")),)
