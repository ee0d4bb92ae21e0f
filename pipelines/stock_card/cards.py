"""Cards and their lines: opening, movements with in, out and balance, totals of the month and of the year.
Sides are those of the stock summary, so that a card ties to it; why a figure is what it is comes
from `reasons`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from pipelines.stock_card.case import Case
from pipelines.stock_card.pool import Pool, apply, open_pool
from pipelines.stock_card.reading import Facts, Item, Row, read_facts
from pipelines.stock_card.reasons import why

if TYPE_CHECKING:
    from pipelines.books import Books

ZERO = Decimal(0)
NOTHING = (ZERO, ZERO)
Figures = tuple[Decimal, Decimal]
Kind = Literal["opening", "movement", "month_total", "year_total"]


@dataclass(frozen=True)
class Line:
    """One line: quantity and amount in, out and left. None: the side is empty. `row` is the movement's."""

    kind: Kind
    period: str
    balance: Figures
    came: Figures | None = None
    left: Figures | None = None
    row: Row | None = None
    reason: str = ""


@dataclass
class Card:
    """One item in one cost pool."""

    item: Item
    pool_code: str
    method: str
    lines: list[Line] = field(default_factory=list)


def make_cards(books: Books, item: Item, period: str | None, warehouse: str | None) -> list[Card]:
    """The item's cards, one per pool, of one period or all published; `warehouse` chooses its pools."""
    facts = read_facts(books.root, item)
    cards = []
    for code, rows in groupby(
        sorted(facts.rows, key=lambda row: str(row["pool_code"])), lambda row: str(row["pool_code"])
    ):
        if warehouse is None or code == "*" or code.split("/")[0] == warehouse:
            card = Card(item, code, "")
            mine = list(rows)
            _fill(card, books, facts, mine, period)
            if period is not None and not card.lines:
                _quiet(card, facts, mine, period)
            if card.lines:
                cards.append(card)
    return cards


def _fill(card: Card, books: Books, facts: Facts, rows: list[Row], period: str | None) -> None:
    """Period after period; totals of the year begin with its first published month."""
    year: dict[str, tuple[Figures, Figures]] = {}
    for code, found in groupby(rows, lambda row: str(row["period"])):
        month = list(found)
        came, left = _sum(month, 1), _sum(month, -1)
        so_far = year.get(code[:4], (NOTHING, NOTHING))
        year[code[:4]] = _add(so_far[0], came), _add(so_far[1], left)
        if period is not None and code != period:
            continue
        card.method = month[0]["costing_method"]
        pool = open_pool(facts, code, card.pool_code, month)
        card.lines.extend(_month(books, facts, pool, month))
        end = card.lines[-1].balance
        card.lines.append(Line("month_total", code, end, came, left))
        card.lines.append(Line("year_total", code, end, *year[code[:4]]))


def _quiet(card: Card, facts: Facts, rows: list[Row], period: str) -> None:
    """A month in which nothing moved: what the pool was left with."""
    earlier = [row for row in rows if row["period"] < period]
    if earlier:
        card.method = earlier[-1]["costing_method"]
        pool = open_pool(facts, period, card.pool_code, [])
        balance = pool.quantity, pool.amount
        year = [row for row in earlier if row["period"][:4] == period[:4]]
        card.lines.append(Line("opening", period, balance))
        card.lines.append(Line("month_total", period, balance, NOTHING, NOTHING))
        card.lines.append(Line("year_total", period, balance, _sum(year, 1), _sum(year, -1)))


def _month(books: Books, facts: Facts, pool: Pool, rows: list[Row]) -> Iterator[Line]:
    from pipelines.evidence.labels import Labels

    labels = Labels(books.language)
    if rows[0]["event_type"] != "opening":
        yield Line("opening", pool.period, (pool.quantity, pool.amount))
    for row in rows:
        reason = why(Case(row, pool, facts, books.costing, labels))
        apply(facts, pool, row)
        balance = pool.quantity, pool.amount
        if row["event_type"] == "opening":
            yield Line("opening", pool.period, balance, row=row, reason=reason)
        elif row["cost_basis"] == "inside_pool":
            yield Line("movement", pool.period, balance, row=row, reason=reason)
        else:
            figures = _figures(row)
            came, left = (figures, None) if _side(row) > 0 else (None, figures)
            yield Line("movement", pool.period, balance, came, left, row, reason)


def _side(row: Row) -> int:
    """1 in, -1 out: by quantity, without one by amount; 0 for what does not move the pool."""
    if row["event_type"] == "opening" or row["cost_basis"] == "inside_pool":
        return 0
    return -1 if row["quantity"] < 0 or (not row["quantity"] and row["amount"] < 0) else 1


def _figures(row: Row) -> Figures:
    return abs(row["quantity"]), abs(row["amount"])


def _sum(rows: list[Row], side: int) -> Figures:
    chosen = [_figures(row) for row in rows if _side(row) == side]
    return sum((one for one, _ in chosen), ZERO), sum((one for _, one in chosen), ZERO)


def _add(one: Figures, other: Figures) -> Figures:
    return one[0] + other[0], one[1] + other[1]
