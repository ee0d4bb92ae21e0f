"""Ways in which a voucher goes wrong: each takes one and gives what stands in its place, or None if it
cannot.

Amounts typed wrong are in `amounts`; which vouchers are changed, and what the result is to be called, in the
modules of kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.demo import company
from pipelines.demo.faults.ledger import ACCOUNT, CREDIT, DEBIT, PARTY, STATUS, Line, Voucher

if TYPE_CHECKING:
    from pipelines.demo.faults.scene import Scene

Edit = Callable[["Scene", Voucher], list[Voucher] | None]
NAMES = {code: name for code, name, *_ in company.ACCOUNTS}
PARTNERS = ("1122", "1123", "220201", "2203")


def changed(voucher: Voucher, change: Callable[[Line], Line]) -> list[Voucher]:
    """The same voucher with each line changed; lines without an amount are left out."""
    lines = [change(dict(line)) for line in voucher.lines]
    return [Voucher(voucher.id, voucher.period, [line for line in lines if line[DEBIT] or line[CREDIT]])]


def side_of(line: Line) -> str:
    """The side on which the line stands."""
    return DEBIT if line[DEBIT] is not None else CREDIT


def amount_of(line: Line) -> Decimal:
    """The line's amount on its side."""
    amount: Decimal = line[side_of(line)]
    return amount


def with_amount(line: Line, amount: Decimal) -> Line:
    """The line with another amount on its side."""
    return {**line, side_of(line): amount}


def line_on(voucher: Voucher, account: str) -> Line | None:
    """The one line on an account, or on accounts beginning so."""
    found = [line for line in voucher.lines if line[ACCOUNT].startswith(account)]
    return found[0] if len(found) == 1 else None


def missing(_scene: Scene, _voucher: Voucher) -> list[Voucher]:
    """Never made."""
    return []


def with_status(status: str) -> Edit:
    """Entered and left in this status."""

    def edit(_scene: Scene, voucher: Voucher) -> list[Voucher]:
        return changed(voucher, lambda line: {**line, STATUS: status, "记账人": None})

    return edit


def twice(_scene: Scene, voucher: Voucher) -> list[Voucher]:
    """Made a second time under a number of its own."""
    return [voucher, voucher.copied()]


def reversed_once(_scene: Scene, voucher: Voucher) -> list[Voucher]:
    """Cancelled by a red copy while the document lives."""
    red = [with_amount(line, -amount_of(line)) for line in voucher.lines]
    return [voucher, Voucher(0, voucher.period, [{**line, "摘要": "红冲 " + line["摘要"]} for line in red])]


def to_account(old: str, new: str) -> Edit:
    """Posted to another account."""

    def edit(_scene: Scene, voucher: Voucher) -> list[Voucher]:
        def move(line: Line) -> Line:
            return {**line, ACCOUNT: new, "科目名称": NAMES[new]} if line[ACCOUNT] == old else line

        return changed(voucher, move)

    return edit


def to_partner(scene: Scene, voucher: Voucher) -> list[Voucher] | None:
    """Posted to another customer or supplier of the same account, both outside the group."""
    return _among(scene, voucher, "false")


def to_group_company(scene: Scene, voucher: Voucher) -> list[Voucher] | None:
    """A voucher of a company of the group, posted to another one of it."""
    return _among(scene, voucher, "true")


def _among(scene: Scene, voucher: Voucher, in_group: str) -> list[Voucher] | None:
    account, party = next(
        ((line[ACCOUNT], line[PARTY]) for line in voucher.lines if line[ACCOUNT] in PARTNERS), ("", "")
    )
    others = scene.rows(
        "select distinct 往来单位编码 as party from line "
        f"where 科目编码 = '{account}' and 往来单位编码 <> '{party}' "
        f"and (往来单位编码 in (from group_company)) = {in_group} "
        f"and ('{party}' in (from group_company)) = {in_group} "
        f"order by md5(concat('{{salt}}', party)) limit 1",
        salt=voucher.document[1],
    )
    if not others:
        return None
    return changed(voucher, lambda line: {**line, PARTY: others[0][0]} if line[PARTY] == party else line)


def in_period(step: int, offset: int) -> Edit:
    """Posted in the next (1) or an earlier (−1) period."""

    def edit(scene: Scene, voucher: Voucher) -> list[Voucher]:
        period = voucher.period + step
        moved = voucher.copied(凭证日期=scene.ledger.day(period, offset))
        return [Voucher(0, period, moved.lines)]

    return edit


def again_later(scene: Scene, voucher: Voucher) -> list[Voucher]:
    """Made a second time in the next period."""
    copy = voucher.copied(凭证日期=scene.ledger.day(voucher.period + 1, 6))
    return [voucher, Voucher(0, voucher.period + 1, copy.lines)]


def reversed_later(scene: Scene, voucher: Voucher) -> list[Voucher]:
    """Cancelled by a red copy in the next period while the document lives."""
    [_, red] = reversed_once(scene, voucher)
    day = scene.ledger.day(voucher.period + 1, 6)
    return [voucher, Voucher(0, voucher.period + 1, [{**line, "凭证日期": day} for line in red.lines])]


def shortened(_scene: Scene, voucher: Voucher) -> list[Voucher] | None:
    """A debit and a credit line of equal amount left out of a longer voucher."""
    for debit in (line for line in voucher.lines if line[DEBIT]):
        pairs = [line for line in voucher.lines if line[CREDIT] == debit[DEBIT]]
        rest = [line for line in voucher.lines if line is not debit and line not in pairs[:1]]
        others = {line[ACCOUNT] for line in rest}
        if pairs and rest and debit[ACCOUNT] not in others and pairs[0][ACCOUNT] not in others:
            return [Voucher(voucher.id, voucher.period, rest)]
    return None
