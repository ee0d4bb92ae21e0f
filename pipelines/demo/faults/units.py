"""Boxes taken for pieces: by who typed a delivery, or by the inventory system when it costed one.

The units of an item are in its conversions; other wrong figures of documents are in `misread`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from pipelines.demo import company
from pipelines.demo.faults.amounts import CENT, OUTPUT_VAT
from pipelines.demo.faults.costs import GOODS, REPORTED, cost_of, with_more
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.ledger import Change
from pipelines.demo.faults.onhand import more_on_hand
from pipelines.demo.faults.papers import ANY_DELIVERY, DELIVERY, put
from pipelines.demo.faults.scene import difference

if TYPE_CHECKING:
    from pipelines.demo.faults.scene import Scene

_BOXES = """
    select flow.单据编号, flow.行号, flow.存货编码, flow.数量, flow.单价, flow.系统成本金额, unit.辅计量单位,
        cast(unit.换算率 as integer), flow.存货名称, flow.仓库编码, flow.单据日期
    from flow
    inner join unit on flow.存货编码 = unit.存货编码
    where flow.单据类型 = '销售出库' and flow.存货编码 like '02-%'
        and cast(flow.数量 as bigint) % cast(unit.换算率 as bigint) = 0
    order by md5(concat('{salt}', flow.单据编号)), 1, 2
"""
_KEYABLE = """
    select flow.单据编号, flow.行号
    from last_alone as flow
    inner join on_hand on flow.存货编码 = on_hand.存货编码 and flow.仓库编码 = on_hand.仓库编码
    where on_hand.结存数量 > 0 and on_hand.截止日期 = (select max(截止日期) from on_hand)
"""
"""Lines of deliveries after which nothing moves their item, of which some is left."""


@dataclass(frozen=True)
class NotConverted:
    """A line is in boxes, as it says; the system costed as many pieces, and so posted."""

    name: str
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Change one line of one delivery."""
        for no, line, item, quantity, price, cost, unit, factor, *_ in scene.rows(_BOXES, self.name):
            if voucher := cost_of(scene, no):
                less = _share(cost, factor)
                put(scene, ANY_DELIVERY, no, "计量单位", unit, line)
                put(scene, ANY_DELIVERY, no, "数量", str(Decimal(quantity) / factor), line)
                put(scene, ANY_DELIVERY, no, "单价", str(price * factor), line)
                put(scene, ANY_DELIVERY, no, REPORTED, str(less), line)
                [after] = with_more(voucher, GOODS[item[:2]], less - cost)
                moved = difference(Change(voucher, scene.ledger.replace(voucher, [after])))
                scene.record(Fault(self.name, self.truth, moved, voucher.document, after.id))
                return


@dataclass(frozen=True)
class KeyedAsPieces:
    """A delivery is typed with its boxes as pieces; invoice and ledger have what really left."""

    name: str
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Change one line of one delivery."""
        keyable = set(scene.rows(_KEYABLE))
        for no, line, code, quantity, price, cost, _, factor, name, place, day in scene.rows(
            _BOXES, self.name
        ):
            pieces, typed = Decimal(quantity) / factor, _share(cost, factor)
            if (no, line) in keyable and no not in scene.taken and _is_clear(cost, factor):
                net = (pieces * price).quantize(CENT, ROUND_HALF_UP)
                for column, value in (("数量", pieces), ("金额", net), (REPORTED, typed)):
                    put(scene, DELIVERY, no, column, str(value), line)
                item = {"存货编码": code, "存货名称": name, "仓库编码": place, "单据日期": day}
                right = (Decimal(quantity) * price).quantize(CENT, ROUND_HALF_UP)
                self._record(scene, no, right, net, cost - typed)
                more_on_hand(scene.inbox, [{**item, "数量": Decimal(quantity) - pieces}])
                return

    def _record(self, scene: Scene, no: str, right: Decimal, typed: Decimal, cost: Decimal) -> None:
        [voucher, *_] = scene.of_document(DELIVERY.type, no)
        net, tax = right - typed, _tax(right) - _tax(typed)
        goods = GOODS["02"]
        more = {
            goods.revenue: -net,
            OUTPUT_VAT: -tax,
            "1122": net + tax,
            goods.cost: cost,
            goods.stock: -cost,
        }
        moved = {(voucher.period, account): amount for account, amount in more.items()}
        document = (DELIVERY.type, no)
        scene.record(Fault(self.name, self.truth, moved, document, voucher.id, side="inventory"))


def _tax(net: Decimal) -> Decimal:
    return (net * company.VAT / 100).quantize(CENT, ROUND_HALF_UP)


def _share(cost: Decimal, factor: int) -> Decimal:
    return (cost / factor).quantize(CENT, ROUND_HALF_UP)


def _is_clear(cost: Decimal, factor: int) -> bool:
    """Whether a cost that is known to the cent only leaves no doubt about its share."""
    rest = cost.scaleb(2) / factor % 1
    return abs(rest - Decimal("0.5")) > Decimal("0.06")


KINDS = (
    KeyedAsPieces("boxes_as_pieces", Truth("amount", "unit_conversion", "correct_subledger")),
    NotConverted("unit_not_converted", Truth("amount", "unit_conversion", "correct_ledger")),
)
