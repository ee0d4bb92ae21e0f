"""Receipts that are not what their invoice and the ledger say: not there yet, of another item, of an item
whose account nobody gave.

Only lines after which nothing moves their item are touched, so that no other document's cost changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.onhand import more_on_hand
from pipelines.demo.faults.papers import SERVICE, Paper, drop_line, put
from pipelines.demo.frame import ints

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from pipelines.demo.faults.scene import Scene

RECEIPT = Paper("采购入库单", "单据编号", "", "采购入库单", "数量")
BOUGHT, TRANSIT, MATERIAL = "140501", "1402", "1403"
NEW_CATEGORY, NEW_ITEM = "NEW", "90-0001"
_FOUND = """
    select received.no, received.line, received.item, received.place, received.day, received.quantity,
        received.invoice_no, received.invoice_line, received.net, item.存货名称
    from last_received as received
    inner join item on received.item = item.存货编码
    where received.item like '02-%'
    order by md5(concat('{salt}', received.no)), 1, 2
"""
_OTHER = "select 存货编码, 存货名称, 主计量单位 from item where 存货编码 like '01-%' order by 1 limit 1"


class Received(NamedTuple):
    """A line of a receipt and the line of the invoice that bills it."""

    no: str
    line: int
    item: str
    place: str
    day: dt.date
    quantity: Decimal
    invoice_no: str
    invoice_line: int
    net: Decimal
    item_name: str

    def on_hand(self, scene: Scene, item: str, name: str, sign: int) -> None:
        """So much more or less of an item at its place from its day on."""
        goods = {"存货编码": item, "存货名称": name, "仓库编码": self.place, "单据日期": self.day}
        more_on_hand(scene.inbox, [{**goods, "数量": sign * self.quantity}])


@dataclass(frozen=True)
class Misreceived:
    """What the ledger has on the account of bought goods belongs, by the documents, on `account`."""

    name: str
    change: Callable[[Scene, Received], None]
    account: str
    truth: Truth

    def seed(self, scene: Scene) -> None:
        """Change one line."""
        for found in map(Received._make, scene.rows(_FOUND, self.name)):
            if not {found.no, found.invoice_no} & scene.taken:
                self.change(scene, found)
                [voucher, *_] = scene.of_document(SERVICE.type, found.invoice_no)
                moved = {
                    (voucher.period, BOUGHT): found.net,
                    (voucher.period, self.account): -found.net,
                }
                scene.taken.add(found.no)
                document = (SERVICE.type, found.invoice_no)
                scene.record(Fault(self.name, self.truth, moved, document, voucher.id, side="inventory"))
                return


def not_come(scene: Scene, found: Received) -> None:
    """The goods have not come; the invoice names no receipt."""
    drop_line(scene, RECEIPT, found.no, found.line)
    for column in ("入库单号", "入库单行号"):
        put(scene, SERVICE, found.invoice_no, column, None, found.invoice_line)
    found.on_hand(scene, found.item, found.item_name, -1)


def on_another_item(scene: Scene, found: Received) -> None:
    """The receipt is typed on an item of another category than the invoice."""
    [(item, name, unit)] = scene.rows(_OTHER)
    for column, value in (("存货编码", item), ("存货名称", name), ("计量单位", unit)):
        put(scene, RECEIPT, found.no, column, value, found.line)
    found.on_hand(scene, found.item, found.item_name, -1)
    found.on_hand(scene, item, name, 1)


def on_a_new_item(scene: Scene, found: Received) -> None:
    """Receipt and invoice are on a new item of a category for which the account map has no account."""
    name = f"{found.item_name} 新款"
    for paper, no, line in (
        (RECEIPT, found.no, found.line),
        (SERVICE, found.invoice_no, found.invoice_line),
    ):
        put(scene, paper, no, "存货编码", NEW_ITEM, line)
        put(scene, paper, no, "存货名称", name, line)
    _introduce(scene, found.item, name)
    found.on_hand(scene, found.item, found.item_name, -1)
    found.on_hand(scene, NEW_ITEM, name, 1)


def _introduce(scene: Scene, like: str, name: str) -> None:
    """The new item stands behind the other one in every period's master."""
    sheet = scene.inbox.sheets["存货档案"]
    assert sheet.period is not None
    own = {"存货编码": NEW_ITEM, "存货名称": name, "存货分类": NEW_CATEGORY, "存货分类名称": "新品"}
    both = [
        (line, period)
        for row, period in zip(sheet.rows.to_pylist(), sheet.period.tolist(), strict=True)
        for line in ([row, {**row, **own}] if row["存货编码"] == like else [row])
    ]
    sheet.rows = pa.Table.from_pylist([row for row, _ in both], schema=sheet.rows.schema)
    sheet.period = ints(period for _, period in both)


KINDS = (
    Misreceived(
        "goods_in_transit", not_come, TRANSIT, Truth("account", "invoiced_not_received", "correct_ledger")
    ),
    Misreceived(
        "receipt_of_another_item",
        on_another_item,
        MATERIAL,
        Truth("account", "wrong_item", "correct_subledger"),
    ),
    Misreceived(
        "account_not_mapped",
        on_a_new_item,
        "?inventory",
        Truth("account", "unmapped_account", "correct_subledger"),
    ),
)
