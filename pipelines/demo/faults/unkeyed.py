"""Vouchers that are right and no longer name their document: lost, mistyped, or several documents in one
voucher.

The ledger's amounts stay what they were, so the key has rows of 0.00 that are called `matched`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.demo.faults.key import Fault, Truth
from pipelines.demo.faults.ledger import ACCOUNT, CREDIT, DEBIT, PARTY, ZERO, Line, Voucher
from pipelines.demo.faults.postings import COLLECTED, INVOICE, ISSUE, PAID, REVENUE

if TYPE_CHECKING:
    from pipelines.demo.faults.scene import Scene

TYPE, NUMBER = "来源单据类型", "来源单据编号"
MATCHED = Truth("matched", "", "")
_TYPED = {TYPE: None, NUMBER: None, "来源模块": "总账", "机制凭证": "否"}


@dataclass(frozen=True)
class Renamed:
    """One voucher of each purpose names its document otherwise, or not at all."""

    name: str
    purposes: tuple[str, ...]
    values: Callable[[Scene, Voucher], Line | None]

    def seed(self, scene: Scene) -> None:
        """Change one voucher per purpose."""
        for purpose in self.purposes:
            for voucher in scene.vouchers(f"purpose = '{purpose}'", f"{self.name}:{purpose}"):
                values = self.values(scene, voucher)
                if values is not None:
                    lines = [{**line, **values} for line in voucher.lines]
                    [after] = scene.ledger.replace(voucher, [Voucher(voucher.id, voucher.period, lines)])
                    scene.record(_matched(self.name, after, (voucher.document, after.document)))
                    break


@dataclass(frozen=True)
class Summarised:
    """All vouchers of one purpose and day, several at least, become one that names no document."""

    name: str
    purpose: str
    most: int = 5

    def seed(self, scene: Scene) -> None:
        """Put some vouchers of the fullest untouched day together."""
        days: dict[object, list[Voucher]] = {}
        for voucher in scene.vouchers(f"purpose = '{self.purpose}'", self.name):
            days.setdefault(voucher.lines[0]["凭证日期"], []).append(voucher)
        several = [vouchers[: self.most] for vouchers in days.values() if len(vouchers) > 1]
        for vouchers in several[:1]:
            text = {**_TYPED, "摘要": f"{self.purpose}汇总", "机制凭证": "是"}
            lines = _summed([line for voucher in vouchers for line in voucher.lines])
            whole = Voucher(0, vouchers[0].period, [{**line, **text} for line in lines])
            for voucher in vouchers[1:]:
                scene.ledger.replace(voucher, [])
            [after] = scene.ledger.replace(vouchers[0], [whole])
            documents = tuple(one.document for one in vouchers)
            scene.record(_matched(self.name, after, (*documents, after.document)))


def _summed(lines: list[Line]) -> list[Line]:
    """One line per account, partner and side."""
    found: dict[tuple[object, ...], Line] = {}
    for line in lines:
        side = DEBIT if line[DEBIT] is not None else CREDIT
        key = (side == CREDIT, line[ACCOUNT], line[PARTY] or "")
        if key in found:
            found[key][side] += line[side]
        else:
            found[key] = dict(line)
    return [found[key] for key in sorted(found)]


def _matched(kind: str, after: Voucher, documents: tuple[tuple[str, str], ...]) -> Fault:
    places = {(after.period, account): ZERO for account in after.amounts}
    return Fault(kind, MATCHED, {}, documents[0], after.id, misposted=places, others=documents[1:])


def _lost(_scene: Scene, _voucher: Voucher) -> Line:
    return _TYPED


def _mistyped(scene: Scene, voucher: Voucher) -> Line | None:
    """The last two different digits of the number exchanged, when no document has that number."""
    no = voucher.document[1]
    for place in range(len(no) - 1, 0, -1):
        if no[place] != no[place - 1]:
            wrong = no[: place - 1] + no[place] + no[place - 1] + no[place + 1 :]
            taken = scene.rows(f"select 1 from voucher where no = '{wrong}' limit 1")
            return None if taken else {NUMBER: wrong}
    return None


KINDS = (
    Renamed("reference_lost", (INVOICE, ISSUE, PAID), _lost),
    Renamed("reference_mistyped", (REVENUE, COLLECTED), _mistyped),
    Summarised("documents_summarised", ISSUE),
    Summarised("documents_summarised", COLLECTED),
)
