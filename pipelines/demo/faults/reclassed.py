"""An item moved to another category, and so to other accounts, while the ledger goes on with the old ones.

Vouchers on a wrong account, one by one, are in `figures`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from pipelines.demo.company import CATEGORIES, FIN, MER
from pipelines.demo.faults.key import Differences, Fault, Truth

if TYPE_CHECKING:
    from decimal import Decimal

    from pipelines.demo.faults.scene import Scene

_MOST = 3
_QUIET = f"""
    with last as (select date_trunc('month', max(cast(单据日期 as date))) as month from flow),
    sold as (
        select 存货编码 as item, 单据编号 as no, 单据类型 as type, sum(金额) as net, sum(系统成本金额) as cost
        from flow, last where cast(单据日期 as date) >= last.month group by all
    ),
    busy as (
        select 存货编码 as item
        from receipt, last where cast(单据日期 as date) >= last.month - interval 3 month
        union all
        select 存货编码 from invoice, last where cast(记账日期 as date) >= last.month
        union all
        select 存货编码 from other_in, last where cast(单据日期 as date) >= last.month
        union all
        select 存货编码 from counted, last where cast(单据日期 as date) >= last.month
        union all
        select item from sold where type <> '销售出库'
    )
    select item, list(no order by no), list(net order by no), list(cost order by no)
    from sold
    where item like '02-%' and item not in (select item from busy)
    group by 1 having count(*) between 1 and {_MOST}
    order by md5(concat('{{salt}}', item)), 1
"""
"""Goods for resale that were only sold in the last month, on few documents, with those and their amounts."""


@dataclass(frozen=True)
class Reclassed:
    """Goods for resale become products in the last period's item master."""

    name: str
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Move one item."""
        for item, numbers, nets, costs in scene.rows(_QUIET, self.name):
            if scene.periods > 1 and not set(numbers) & scene.taken:
                self._move(scene, item)
                for no, net, cost in zip(numbers, nets, costs, strict=True):
                    moved = _between(scene.periods - 1, net, cost)
                    voucher = scene.of_document("销售出库单", no)[-1]
                    document = ("销售出库单", no)
                    scene.record(Fault(self.name, self.truth, moved, document, voucher.id, side="inventory"))
                return

    @staticmethod
    def _move(scene: Scene, item: str) -> None:
        sheet = scene.inbox.sheets["存货档案"]
        assert sheet.period is not None
        rows = sheet.rows.to_pylist()
        for row, period in zip(rows, sheet.period.tolist(), strict=True):
            if row["存货编码"] == item and period == scene.periods - 1:
                row["存货分类"], row["存货分类名称"] = CATEGORIES[FIN].code, CATEGORIES[FIN].name
        sheet.rows = pa.Table.from_pylist(rows, schema=sheet.rows.schema)


def _between(period: int, net: Decimal, cost: Decimal) -> Differences:
    """What the ledger has too much on the old accounts and too little on the new ones."""
    old, new = CATEGORIES[MER], CATEGORIES[FIN]
    return {
        (period, account): sign * amount
        for sign, goods in ((1, old), (-1, new))
        for account, amount in ((goods.revenue, -net), (goods.cost, cost), (goods.stock, -cost))
    }


KINDS = (Reclassed("item_account_changed", Truth("account", "item_account_changed", "correct_subledger")),)
