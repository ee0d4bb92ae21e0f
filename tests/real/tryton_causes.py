"""The six true causes of the sample ERP's differences on stock, told by evidence from its own database alone.

Of what the pipeline says of a difference nothing is read but its document and amounts. There is no last resort: where
no evidence is found there is no cause. Amounts are in books currency, signed as stock sees them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import combinations
from pathlib import Path

from tests.real import tryton_database as erp

LATE, RECOMPUTED, CUT, RESTARTED, TWO_RATES, PRICE = range(1, 7)
CENT, HALF_DIGIT = erp.CENT, erp.COST / 2

VOUCHERS = """
    select voucher.origin, product.code, voucher.create_date, period.name,
        cast(cast(round(sum(line.debit * 100 - line.credit * 100)) as integer) as text)
    from account_move as voucher
    inner join account_period as period on period.id = voucher.period
    inner join account_move_line as line on line.move = voucher.id
    inner join account_account as account on account.id = line.account and account.code in ('1.3.1', '1.3.2', '1.3.4')
    left join product_product as product on voucher.origin = 'product.product,' || product.id
    where voucher.origin is not null
    group by voucher.id order by voucher.id
"""
OFF_ORDER = """
    select distinct product.code, voucher.create_date
    from "account_invoice_line-stock_move" as link
    inner join account_invoice_line as line on line.id = link.invoice_line
    inner join account_invoice as invoice on invoice.id = line.invoice and invoice.type = 'in'
    inner join account_move as voucher on voucher.origin = 'account.invoice,' || invoice.id
    inner join stock_move as move on move.id = link.stock_move
    inner join purchase_line as ordered on move.origin = 'purchase.line,' || ordered.id
    inner join product_product as product on product.id = move.product
    where cast(line.unit_price as text) <> cast(ordered.unit_price as text)
"""
OPENING = """
    select account.code, cast(move.quantity as text), cast(move.unit_price as text)
    from stock_move as move
    inner join product_product as product on product.id = move.product
    inner join product_template as template on template.id = product.template
    inner join product_category_account as category on category.category = template.account_category
    inner join account_account as account on account.id = category.account_stock
    where move.effective_date = '2025-12-31' and move.state = 'done'
"""


@dataclass(frozen=True)
class Difference:
    """A break on stock as the pipeline states it: period, document, expected and actual amount."""

    period: str
    document_type: str
    document_no: str
    expected: Decimal
    actual: Decimal

    @property
    def amount(self) -> Decimal:
        return self.actual - self.expected


@dataclass(frozen=True)
class Revaluation:
    """A voucher for a change of cost: its amount, what on hand × change makes, and the voucher before it."""

    item: str
    period: str
    amount: Decimal
    reproduced: Decimal
    since: str
    moment: str


class Evidence:
    """What the database says of moves, costs and vouchers."""

    def __init__(self, database: Path) -> None:
        self.moves = {move.number: move for move in map(erp.read_move, erp.rows(database, erp.MOVES))}
        self.of_item: dict[str, list[erp.Move]] = defaultdict(list)
        for move in sorted(self.moves.values(), key=lambda m: (m.date, not m.is_in, m.number)):
            self.of_item[move.item].append(move)
        self.history: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
        for _, item, moment, cost in erp.rows(database, erp.EXPORTS["cost_price_history.csv"][1]):
            self.history[item].append((moment, Decimal(cost)))
        self.costs = erp.posted_costs(database)
        self.unbilled_costs = erp.posted_costs(database, is_billed=False)
        self.known, self.ordered = erp.Prices(database), erp.Prices(database)
        self.ordered.billed = {}
        self.off_order = list(erp.rows(database, OFF_ORDER))
        self.opening: dict[str, Decimal] = defaultdict(Decimal)
        for account, quantity, price in erp.rows(database, OPENING):
            self.opening[account] += cents(Decimal(quantity) * Decimal(price))
        self.posted: dict[int, tuple[Decimal, str]] = {}
        self.revaluations: list[Revaluation] = []
        for origin, item, moment, period, amount in erp.rows(database, VOUCHERS):
            if item is not None:
                self.revaluations.append(self.revalued(item, period, moment, Decimal(amount) * CENT))
            elif origin.startswith("stock.move,"):
                self.posted[int(origin.split(",")[1])] = (Decimal(amount) * CENT, period)

    def revalued(self, item: str, period: str, moment: str, amount: Decimal) -> Revaluation:
        before, after = [cost for when, cost in self.history[item] if when <= moment][-2:]
        on_hand = sum(
            (m.quantity if m.is_in else -m.quantity for m in self.of_item[item] if m.posted <= moment),
            Decimal(0),
        )
        since = max((r.moment for r in self.revaluations if r.item == item), default="")
        return Revaluation(item, period, amount, cents(on_hand * (after - before)), since, moment)

    def parts(self, difference: Difference) -> list[tuple[int | None, Decimal]]:
        """The causes of a difference with their amounts: one, but of revaluations one for each voucher."""
        kind, number = difference.document_type, difference.document_no
        if kind == "revaluation":
            vouchers = [r for r in self.revaluations if r.item == number and r.period <= difference.period]
            parts = [part for voucher in vouchers for part in self.parts_of_revaluation(voucher)]
            left = difference.amount - sum(amount for _, amount in parts)
            return [*parts, (None, left)] if left else parts
        if kind == "opening":
            is_cut = self.opening[number] == difference.actual and abs(difference.amount) <= CENT
            return [(CUT if is_cut else None, difference.amount)]
        return [(self.cause(difference, self.moves[int(number.split("/")[1])]), difference.amount)]

    def parts_of_revaluation(self, voucher: Revaluation) -> list[tuple[int | None, Decimal]]:
        """What made the cost change since it was last revalued, if on hand × change is the voucher's amount.

        Goods in US dollars that nothing was issued of since are a part of their own: all of them were on hand.
        """
        if voucher.amount != voucher.reproduced:
            return [(None, voucher.amount)]
        recent = [m for m in self.of_item[voucher.item] if voucher.since < m.posted <= voucher.moment]
        rates = -sum(
            (
                self.rate_difference(m)
                for m in recent
                if not any(o.posted > m.posted for o in recent if not o.is_in)
            ),
            Decimal(0),
        )
        is_fifo = self.of_item[voucher.item][0].method == "fifo"
        is_price = any(
            item == voucher.item and voucher.since < moment <= voucher.moment
            for item, moment in self.off_order
        )
        rest = (PRICE if is_price else RESTARTED if is_fifo else RECOMPUTED, voucher.amount - rates)
        return [(TWO_RATES, rates), rest] if rates else [rest]

    def rate_difference(self, move: erp.Move) -> Decimal:
        """What a receipt in US dollars is worth at the rate of the day it was posted, less at its own day's."""
        if move.currency != "USD" or not move.posted or move.source != "supplier":
            return Decimal(0)
        rates = [[r for day, r in self.known.rates if day <= at][-1] for at in (move.date, move.posted[:10])]
        return cents(move.packed * move.price / rates[1] - move.packed * move.price / rates[0])

    def cause(self, difference: Difference, move: erp.Move) -> int | None:
        """The cause of a difference on a move's document."""
        amount, period = self.posted[move.number]
        if difference.actual == 0 and difference.period == move.date[:7] < period:
            return LATE
        if difference.actual != amount:
            return None
        if abs(difference.amount) <= CENT + move.quantity * HALF_DIGIT:
            return CUT
        if self.is_at_two_rates(move, difference):
            return TWO_RATES
        if self.is_all_price(move, difference) or self.is_by_price(move, difference.amount):
            return PRICE
        if abs(abs(amount) - self.costs[move.number]) > CENT:
            return None
        if self.is_rewritten(move):
            return RECOMPUTED
        if move.method == "fifo":
            return RESTARTED
        return RECOMPUTED if self.was_recomputed(move.item, move.posted) else None

    def is_rewritten(self, move: erp.Move) -> bool:
        """The cost price that the ERP shows on the move now is not the one that it posted."""
        is_valued = move.number in self.posted and "supplier" not in (move.source, move.target)
        return is_valued and abs(self.posted[move.number][0]) != cents(move.quantity * move.cost)

    def was_recomputed(self, item: str, moment: str) -> bool:
        """Before that moment the ERP had revalued the item or rewritten the cost of a move that it had posted."""
        return any(r.item == item and r.moment < moment for r in self.revaluations) or any(
            self.is_rewritten(move) for move in self.of_item[item] if move.posted < moment
        )

    def is_at_two_rates(self, move: erp.Move, difference: Difference) -> bool:
        if move.currency != "USD":
            return False
        worth = [cents(move.packed * move.price / rate) for _, rate in self.known.rates]
        pair = sorted((abs(difference.expected), abs(difference.actual)))
        return any(
            abs(low - pair[0]) <= CENT and abs(high - pair[1]) <= CENT
            for low, high in combinations(sorted(worth), 2)
        )

    def is_all_price(self, move: erp.Move, difference: Difference) -> bool:
        """Its layers give the posted amount, and the expected one as if no bill had changed a price."""
        if move.method != "fifo" or move.number not in self.costs:
            return False
        posted, unbilled = self.costs[move.number], self.unbilled_costs[move.number]
        near = [
            abs(abs(difference.actual) - posted) <= CENT,
            abs(abs(difference.expected) - unbilled) <= CENT,
        ]
        return posted != unbilled and all(near)

    def is_by_price(self, move: erp.Move, amount: Decimal) -> bool:
        """More than half of the difference is that of a plain costing at billed and at ordered prices."""
        at_known, at_ordered = (self.plain_cost(move, prices) for prices in (self.known, self.ordered))
        effect = (at_known - at_ordered) * move.quantity * (1 if move.is_in else -1)
        return effect != 0 and abs(amount - effect) < abs(effect) / 2

    def plain_cost(self, issue: erp.Move, prices: erp.Prices) -> Decimal:
        """Unit cost of an issue when every move known at its posting is taken in the order of the days."""
        before = [m for m in self.of_item[issue.item] if m.posted <= issue.posted]
        before = before[: before.index(issue)]
        if issue.method == "fifo":
            start = sum((m.quantity for m in before if not m.is_in), Decimal(0))
            return prices.of_layers(erp.stacked(before, issue.item), start, issue)
        return average(before, prices, issue.posted)


def average(moves: Sequence[erp.Move], prices: erp.Prices, moment: str) -> Decimal:
    """Moving average after the moves, what suppliers are on the other side of at its price at that moment."""
    on_hand = value = cost = Decimal(0)
    for move in moves:
        quantity = move.quantity if move.is_in else -move.quantity
        if move.source == "supplier":
            value += quantity * prices.of_layer(move, moment)
        else:
            value += quantity * (
                move.price * move.packed / move.quantity if move.target == "supplier" else cost
            )
        on_hand += quantity
        cost = value / on_hand if on_hand > 0 else cost
    return cost


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_EVEN)
