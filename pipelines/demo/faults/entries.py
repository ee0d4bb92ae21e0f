"""Faults without a document: vouchers typed straight into a control account, or sent there by another module.

Faults in vouchers of documents are in `postings`, faults in balances in `balances`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.demo.faults.edits import NAMES, PARTNERS
from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.ledger import ACCOUNT, CREDIT, DEBIT, PARTY, Change, Line, Voucher
from pipelines.demo.faults.scene import difference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.demo.faults.scene import Scene


@dataclass(frozen=True)
class Entry:
    """A voucher Dr `debit` Cr `credit` that no document stands behind."""

    name: str
    debit: str
    credit: str
    truth: Truth
    summary: str
    module: str = "总账"
    kind: str = "正常"

    def seed(self, scene: Scene) -> None:
        """Add it to a period, with an amount and a day of its own."""
        period, day, cents = (
            int(scene.dice.between(low, high, 1)[0])
            for low, high in ((0, scene.periods - 1), (4, 24), (120_000, 4_800_000))
        )
        amount = Decimal(cents).scaleb(-2)
        lines = ((self.debit, amount), (self.credit, -amount))
        voucher = entered(
            scene,
            period,
            day,
            lines,
            {
                "摘要": self.summary,
                "来源模块": self.module,
                "机制凭证": "否" if self.module == "总账" else "是",
                "凭证性质": self.kind,
            },
        )
        scene.record(Fault(self.name, self.truth, difference(Change(None, [voucher])), voucher=voucher.id))


def entered(
    scene: Scene, period: int, day: int, amounts: Iterable[tuple[str, Decimal]], values: Line
) -> Voucher:
    """A new voucher on that day of the period: accounts with their amounts, debit positive, and values of
    every line; without a document unless the values name one.
    """
    template = scene.ledger.voucher(scene.ledger.find(f"type is null and period = {period}", "", 1)[0])
    lines = []
    for account, amount in amounts:
        own = {
            "凭证日期": scene.ledger.day(period, day),
            ACCOUNT: account,
            "科目名称": NAMES[account],
            DEBIT: amount if amount > 0 else None,
            CREDIT: -amount if amount <= 0 else None,
            PARTY: _known_partner(scene, account) if account in PARTNERS else None,
            "来源单据类型": None,
            "来源单据编号": None,
            "凭证性质": "正常",
        }
        lines.append({**template.lines[0], **own, **values})
    [voucher] = scene.ledger.replace(None, [Voucher(0, period, lines)])
    return voucher


def _known_partner(scene: Scene, account: str) -> str:
    return str(scene.rows(f"select min(往来单位编码) from line where 科目编码 = '{account}'")[0][0])


def _own(cause: str, disposition: str) -> Truth:
    return Truth("missing_in_subledger", cause, disposition)


_MANUAL = _own("manual_entry", "correct_ledger")
_MODULE = _own("other_module", "correct_subledger")

KINDS = (
    Entry("manual_entry", "660203", "140501", _MANUAL, "调整库存商品"),
    Entry("manual_entry", "1122", "6301", _MANUAL, "确认客户补偿款"),
    Entry("manual_entry", "140502", "500102", _MANUAL, "补记完工成本"),
    Entry("other_module", "1601", "220201", _MODULE, "购入设备", module="固定资产"),
    Entry("other_module", "660203", "220201", _MODULE, "办公费用报销", module="费用管理"),
    Entry(
        "audit_adjustment",
        "640101",
        "140501",
        _own("audit_adjustment", "correct_subledger"),
        "审计调整",
        kind="调整",
    ),
    Entry(
        "fx_revaluation",
        "660301",
        "220201",
        _own("fx_revaluation", "correct_subledger"),
        "期末调汇",
        kind="调汇",
    ),
    Entry(
        "closing_on_stock",
        "4103",
        "140502",
        _own("closing_transfer", "correct_ledger"),
        "结转",
        kind="损益结转",
    ),
)
