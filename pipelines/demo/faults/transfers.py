"""Faults in transfers, which move nothing between accounts here: the ledger has posted one side of one.

What other stock documents can have is in `papers` and `costs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.demo import company
from pipelines.demo.faults.entries import entered
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.ledger import Change
from pipelines.demo.faults.scene import difference

if TYPE_CHECKING:
    from pipelines.demo.faults.scene import Scene

TRANSIT = "1402"
STOCK = {category.code: category.stock for category in company.CATEGORIES}
_SENT = """
    with sent as (select *, cast(单据日期 as date) as sent_on from moved)
    select sent.单据编号, any_value(item.存货分类), any_value(datediff('month', start.day, sent.sent_on)),
        any_value(day(sent.sent_on)), any_value(sent.数量 * opening.金额 / opening.数量)::decimal(18, 2)
    from sent
    inner join item on sent.存货编码 = item.存货编码
    inner join opening_stock as opening
        on sent.存货编码 = opening.存货编码 and sent.调出仓库 = opening.仓库编码
    cross join (select min(凭证日期) as day from line) as start
    group by 1 having count(*) = 1
    order by md5(concat('{salt}', sent.单据编号)), 1
"""


@dataclass(frozen=True)
class OneSided:
    """A transfer's issue is posted to goods in transit, its receipt not at all."""

    name: str
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Add the voucher of one transfer of one line."""
        for no, category, period, day, amount in scene.rows(_SENT, self.name):
            if no not in scene.taken and amount:
                document = {"来源单据类型": "调拨单", "来源单据编号": no, "来源模块": "供应链"}
                values = {**document, "摘要": f"调拨出库 {no}", "机制凭证": "是"}
                amounts = ((TRANSIT, Decimal(amount)), (STOCK[category], -Decimal(amount)))
                voucher = entered(scene, period, day - 1, amounts, values)
                moved = difference(Change(None, [voucher]))
                scene.record(Fault(self.name, self.truth, moved, ("调拨单", no), voucher.id))
                return


KINDS = (
    OneSided("transfer_one_sided", Truth("missing_in_subledger", "transfer_one_sided", "correct_ledger")),
)
