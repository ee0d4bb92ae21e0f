"""A delivery typed on another item than its order; the ledger has the cost of what was ordered and left.

Receipts on another item than their invoice are in `goods`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from pipelines.demo.faults.amounts import CENT
from pipelines.demo.faults.costs import GOODS, REPORTED, cost_of
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.onhand import more_on_hand
from pipelines.demo.faults.papers import ANY_DELIVERY, put
from pipelines.demo.faults.queries import MOVED

if TYPE_CHECKING:
    from pipelines.demo.faults.scene import Scene

_SWAPS = f"""
    with moved_item as ({MOVED}),
    untouched as (
        select 存货编码 as item, 存货名称 as name, 仓库编码 as place, 计量单位 as unit, 数量 as quantity,
            金额 as amount
        from opening_stock as opening
        where 存货编码 like '02-%'
            and not exists (
                from moved_item
                where moved_item.item = opening.存货编码 and moved_item.place = opening.仓库编码
                    and moved_item.no not in (select 发票号码 from invoice)
            )
            and 存货编码 not in (
                select 存货编码 from invoice where 入库单号 not in (select 单据编号 from receipt)
            )
    )
    select flow.单据编号, flow.行号, flow.存货编码, flow.存货名称, flow.仓库编码, flow.单据日期, flow.数量,
        flow.系统成本金额, untouched.item, untouched.name, untouched.unit, untouched.quantity,
        untouched.amount
    from last_alone as flow
    inner join untouched on flow.仓库编码 = untouched.place and flow.数量 < untouched.quantity
    where flow.单据类型 = '销售出库' and flow.存货编码 like '02-%'
        and substr(flow.订单号, 5, 6) = substr(flow.单据编号, 5, 6)
    order by md5(concat('{{salt}}', flow.单据编号)), 1, 2, 9
"""
"""Lines of deliveries after which nothing moves their item, and items of the same place that never move."""


@dataclass(frozen=True)
class OnAnotherItem:
    """One line of one delivery is typed on an item that is in the same place."""

    name: str
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Change one line."""
        for no, line, item, name, place, day, quantity, cost, *other in scene.rows(_SWAPS, self.name):
            typed, typed_name, unit, held, worth = other
            left = (worth * (held - quantity) / Decimal(held)).quantize(CENT, ROUND_HALF_UP)
            voucher, more = cost_of(scene, no), cost - (worth - left)
            if voucher and more:
                for column, value in (
                    ("存货编码", typed),
                    ("存货名称", typed_name),
                    ("计量单位", unit),
                    (REPORTED, str(worth - left)),
                ):
                    put(scene, ANY_DELIVERY, no, column, value, line)
                there = {"仓库编码": place, "单据日期": day}
                right = {**there, "存货编码": item, "存货名称": name, "数量": quantity}
                wrong = {**there, "存货编码": typed, "存货名称": typed_name, "数量": -quantity}
                more_on_hand(scene.inbox, [right, wrong])
                goods = GOODS["02"]
                moved = {(voucher.period, goods.cost): more, (voucher.period, goods.stock): -more}
                document = voucher.document
                scene.record(Fault(self.name, self.truth, moved, document, voucher.id, side="inventory"))
                return


KINDS = (OnAnotherItem("delivery_of_another_item", Truth("amount", "wrong_item", "correct_subledger")),)
