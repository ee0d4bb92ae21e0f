"""How the example company pays suppliers and collects from customers: payments, advances and what they are
applied to.

Works on open items (invoices, deliveries, what was open before the books); the same code serves both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.demo import documents, posting
from pipelines.demo.arithmetic import sums
from pipelines.demo.calendar import Calendar, month_code, workday
from pipelines.demo.frame import Dice, Frame, Ints, dense, filled, ints, rank_within, stacked

ITEM_COLUMNS = ("kind", "no", "party", "day", "amount")
_LINK_COLUMNS = ("item", "payment", "amount", "day")


@dataclass(frozen=True)
class Side:
    """Suppliers or customers: which documents are paid, which accounts they use, who pays whom."""

    part: int
    payment: int
    advance: int
    control: str
    advance_account: str
    pays: bool


SUPPLIERS = Side(10, documents.D_PAYMENT, documents.D_PREPAYMENT, "220201", "1123", pays=True)
CUSTOMERS = Side(11, documents.D_COLLECTION, documents.D_ADVANCE, "1122", "2203", pays=False)


@dataclass(frozen=True)
class Settlement:
    """Payments of the books (`kind`, `no`, `day`, `party`, `amount`) and applications (`from_…` to `to_…`,
    not numbered).
    """

    side: Side
    payments: Frame
    applications: Frame


def settle(side: Side, items: Frame, prior: Frame, calendar: Calendar, seed: int, width: int) -> Settlement:
    """Pay most items a month or two later on common payment days; some in advance, some in two parts, some
    never.

    items: `kind`, `no`, `party`, `day`, `amount` (normal side positive); prior: advances open before the
    books.
    """
    dice = Dice(seed, side.part)
    advances, links = _advances(dice, side, items, calendar, width)
    links = stacked([links, _prior_links(prior, items, links, calendar)], _LINK_COLUMNS)
    advances = stacked([advances, prior], ITEM_COLUMNS)
    left = items["amount"] - sums(links["item"], links["amount"], len(items))
    payments, paid = _payments(dice, side, items, left, calendar, width)
    used = [_applied(advances, items, links), _applied(payments, items, paid)]
    applications = stacked(
        used, (*(f"from_{n}" for n in ("kind", "no")), "to_kind", "to_no", "party", "day", "amount")
    )
    bought = advances.take(advances["day"] >= calendar.first_day)
    return Settlement(side, stacked([bought, payments], ITEM_COLUMNS), applications)


def _advances(dice: Dice, side: Side, items: Frame, calendar: Calendar, width: int) -> tuple[Frame, Frame]:
    """One item in eleven got an advance of about a third, in whole hundreds, some days before."""
    day = workday(items["day"] - dice.between(5, 20, len(items)))
    part = items["amount"] * 3 // 10 // 10_000 * 10_000
    rows = np.flatnonzero(
        dice.chance(90, len(items)) & (day >= calendar.first_day) & (part > 0) & (day <= items["day"])
    )
    rows = rows[np.argsort(day[rows], kind="stable")].astype(np.int64)
    advances = _numbered(
        Frame(
            kind=filled(len(rows), side.advance), party=items["party"][rows], day=day[rows], amount=part[rows]
        ),
        width,
    )
    links = Frame(
        item=rows, payment=np.arange(len(rows), dtype=np.int64), amount=part[rows], day=items["day"][rows]
    )
    return advances, links


def _prior_links(prior: Frame, items: Frame, links: Frame, calendar: Calendar) -> Frame:
    """Old advances go to the first item of their party without another advance, as far as they reach."""
    taken = np.isin(np.arange(len(items)), links["item"])
    usable = np.flatnonzero(~taken & (items["amount"] > 0) & (items["day"] >= calendar.first_day))
    usable = usable[np.argsort(items["day"][usable], kind="stable")]
    party, first = np.unique(items["party"][usable], return_index=True)
    target = dict(zip(party.tolist(), usable[first].tolist(), strict=True))
    pairs = []
    for row, owner in enumerate(prior["party"].tolist()):
        item = target.pop(owner, None)
        if item is not None:
            amount = min(int(prior["amount"][row]), int(items["amount"][item]))
            pairs.append((item, len(links) + row, amount, int(items["day"][item])))
    columns = zip(*pairs, strict=True) if pairs else ([], [], [], [])
    return Frame(**{name: ints(values) for name, values in zip(_LINK_COLUMNS, columns, strict=True)})


def _payments(
    dice: Dice, side: Side, items: Frame, left: Ints, calendar: Calendar, width: int
) -> tuple[Frame, Frame]:
    """Payments per party and payment day, and how much of which item each of them pays."""
    count = len(items)
    due = np.maximum(items["day"], calendar.first_day - 25) + dice.between(25, 60, count)
    halved = dice.chance(70, count) & (left > 1000)
    part = np.where(halved, left * 6 // 10, left)
    part = np.where(dice.chance(60, count), 0, part)
    rest = np.where(part == 0, 0, left - part)
    rows = np.arange(count, dtype=np.int64)
    links = stacked(
        [Frame(item=rows, amount=part, due=due), Frame(item=rows, amount=rest, due=due + 20)],
        ("item", "amount", "due"),
    )
    links = links.having(day=workday((links["due"] + 9) // 10 * 10), party=items["party"][links["item"]])
    links = links.take((links["amount"] != 0) & (links["day"] <= calendar.last_day))
    group, first = dense(links["day"], links["party"])
    total = sums(group, links["amount"], len(first))
    kept = total > 0
    number = np.cumsum(kept) - 1
    # A few payers round up; the rest stays on account.
    surplus = np.where(dice.chance(30, len(first)), -total % 100_000, 0)
    payments = _numbered(
        Frame(
            kind=filled(int(kept.sum()), side.payment),
            party=links["party"][first][kept],
            day=links["day"][first][kept],
            amount=(total + surplus)[kept],
        ),
        width,
    )
    paid = links.having(payment=number[group]).take(kept[group])
    return payments, paid


def _numbered(payments: Frame, width: int) -> Frame:
    """Running numbers per month; the rows are in the order of their days."""
    month = month_code(payments["day"])
    return payments.having(no=documents.number(month, rank_within(month), width))


def _applied(payments: Frame, items: Frame, links: Frame) -> Frame:
    source, target = payments.take(links["payment"]), items.take(links["item"])
    return Frame(
        from_kind=source["kind"],
        from_no=source["no"],
        to_kind=target["kind"],
        to_no=target["no"],
        party=target["party"],
        day=links["day"],
        amount=links["amount"],
    )


def numbered_applications(settlements: list[Settlement], width: int) -> Frame:
    """All applications with `no` and `line`: one document per payment and day."""
    names = tuple(settlements[0].applications.columns)
    lines = stacked([settlement.applications for settlement in settlements], names)
    doc, _ = dense(lines["day"], lines["from_kind"], lines["from_no"])
    lines = lines.having(doc=doc).ordered("doc", "to_kind", "to_no")
    month = month_code(lines["day"])
    start = np.flatnonzero(np.append(True, month[1:] != month[:-1]))[: len(month)]
    base = np.repeat(lines["doc"][start], np.diff(np.append(start, len(lines))))
    return lines.having(
        no=documents.number(month, lines["doc"] - base + 1, width), line=rank_within(lines["doc"])
    )


def settlement_entries(settlements: list[Settlement], applications: Frame) -> list[Frame]:
    """Payments against bank, advances applied against the control account; other applications: nothing."""
    entries, bank = [], posting.account("1002")
    for settlement in settlements:
        side, payments = settlement.side, settlement.payments
        control, advance = posting.account(side.control), posting.account(side.advance_account)
        early = payments["kind"] == side.advance
        target = np.where(early, advance, control)
        causes = (posting.PREPAID, posting.PAID) if side.pays else (posting.ADVANCED, posting.COLLECTED)
        lines = payments.having(cause=np.where(early, *causes))
        debit, credit = (target, bank) if side.pays else (bank, target)
        entries.append(posting.pair(lines, debit, credit, lines["amount"]))
        lines = applications.take(applications["from_kind"] == side.advance)
        cause = posting.PREPAYMENT_APPLIED if side.pays else posting.ADVANCE_APPLIED
        lines = lines.having(cause=cause, kind=documents.D_APPLICATION)
        debit, credit = (control, advance) if side.pays else (advance, control)
        entries.append(posting.pair(lines, debit, credit, lines["amount"]))
    return entries
