"""The sample ERP's database: two exports that the delivered files lack, and what its moves cost when they were posted.

The costs are worked out a second time here, in plain Python over the ERP's own tables, for the tests to hold against.
"""

from __future__ import annotations

import csv
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

CENT, COST = Decimal("0.01"), Decimal("0.0001")

EXPORTS = {
    "cost_price_history.csv": (
        ("ID", "Product/Code", "Changed at", "Cost Price"),
        """select cost.__id, product.code, coalesce(cost.write_date, cost.create_date), cost.cost_price
        from product_cost_price__history as cost inner join product_product as product on product.id = cost.product
        where cost.cost_price is not null order by cost.__id""",
    ),
    "voucher_time.csv": (
        ("Move/Number", "Created at"),
        "select number, create_date from account_move order by id",
    ),
}

MOVES = """
    select move.id, product.code, method.cost_price_method, move.effective_date, origin.type, target.type, move.quantity,
        move.internal_quantity, move.unit_price, move.cost_price, line.unit_price, currency.code, voucher.create_date
    from stock_move as move
    inner join product_product as product on product.id = move.product
    inner join product_cost_price_method as method on method.template = product.template
    inner join stock_location as origin on origin.id = move.from_location
    inner join stock_location as target on target.id = move.to_location
    left join purchase_line as line on move.origin = 'purchase.line,' || line.id
    left join currency_currency as currency on currency.id = move.currency
    left join account_move as voucher on voucher.origin = 'stock.move,' || move.id
    where move.state = 'done' and (origin.type = 'storage') <> (target.type = 'storage')
    order by voucher.id, move.id
"""
BILLS = """
    select link.stock_move, min(voucher.create_date)
    from "account_invoice_line-stock_move" as link
    inner join account_invoice_line as line on line.id = link.invoice_line
    inner join account_invoice as invoice on invoice.id = line.invoice and invoice.type = 'in'
    inner join account_move as voucher on voucher.origin = 'account.invoice,' || invoice.id
    group by link.stock_move
"""
RATES = """
    select rate.date, rate.rate from currency_currency_rate as rate
    inner join currency_currency as currency on currency.id = rate.currency and currency.code = 'USD' order by rate.date
"""


@dataclass(frozen=True)
class Move:
    """One stock move into or out of the company; quantity in stock units, prices in its own currency and unit."""

    number: int
    item: str
    method: str
    date: str
    source: str
    target: str
    packed: Decimal
    quantity: Decimal
    price: Decimal
    cost: Decimal
    order_price: Decimal | None
    currency: str
    posted: str

    @property
    def is_in(self) -> bool:
        return self.target == "storage"


def rows(database: Path, sql: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a query, with the numbers that the ERP keeps as text in bytes read as text."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)) as connection:
        for row in connection.execute(sql):
            yield tuple(value.decode() if isinstance(value, bytes) else value for value in row)


def export(database: Path, folder: Path) -> None:
    """Write the exports as CSV files into the folder."""
    for name, (header, sql) in EXPORTS.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows([header, *rows(database, sql)])


def posted_costs(database: Path, *, is_billed: bool = True) -> dict[int, Decimal]:
    """Move → what it was worth when it was posted, in cents, for moves that no supplier is on the other side of.

    Layers at the prices of bills posted by then, or as if no bill had changed a price.
    """
    moves = [read_move(row) for row in rows(database, MOVES)]
    history = defaultdict(list)
    for _, item, moment, cost in rows(database, EXPORTS["cost_price_history.csv"][1]):
        history[item].append((moment, Decimal(cost)))
    prices = Prices(database)
    if not is_billed:
        prices.billed = {}
    layers = {item: stacked(moves, item) for item in history}
    taken: dict[str, Decimal] = defaultdict(Decimal)
    costs = {}
    for move in moves:
        start = taken[move.item]
        if not move.is_in:
            taken[move.item] += move.quantity
        if "supplier" in (move.source, move.target):
            continue
        if move.method == "fifo" and not move.is_in:
            cost = prices.of_layers(layers[move.item], start, move)
        else:
            cost = [value for moment, value in history[move.item] if moment <= move.posted][-1]
        costs[move.number] = (move.quantity * cost).quantize(CENT, ROUND_HALF_EVEN)
    return costs


def read_move(row: Sequence[Any]) -> Move:
    number, item, method, date, source, target, *amounts, currency, posted = row
    packed, quantity, price, cost, order_price = (
        None if value is None else Decimal(str(value)) for value in amounts
    )
    nothing = Decimal(0)
    return Move(number, item, method, date, source, target, packed or nothing, quantity or nothing, price or nothing,
        cost or nothing, order_price, currency or "CNY", posted or "")  # fmt: skip


def stacked(moves: Sequence[Move], item: str) -> list[tuple[Decimal, Decimal, Move]]:
    """The item's goods in the order in which they are used up: from, to, and the move that brought them."""
    layers, top = [], Decimal(0)
    for move in sorted((m for m in moves if m.item == item and m.is_in), key=lambda m: (m.date, m.number)):
        layers.append((top, top + move.quantity, move))
        top += move.quantity
    return layers


class Prices:
    """What a layer costs: a receipt its order's price until its bill is posted, everything else what it reports."""

    def __init__(self, database: Path) -> None:
        self.billed: dict[int, str] = dict(rows(database, BILLS))
        self.rates = [(date, Decimal(str(rate))) for date, rate in rows(database, RATES)]

    def of_layers(
        self, layers: Sequence[tuple[Decimal, Decimal, Move]], start: Decimal, issue: Move
    ) -> Decimal:
        """Unit cost of an issue, with the ERP's four decimals."""
        end, total = start + issue.quantity, Decimal(0)
        for low, high, layer in layers:
            if high > start and low < end:
                total += (min(high, end) - max(low, start)) * self.of_layer(layer, issue.posted)
        return (total / issue.quantity).quantize(COST, ROUND_HALF_EVEN)

    def of_layer(self, layer: Move, moment: str) -> Decimal:
        if layer.source != "supplier":
            return layer.cost
        is_billed = self.billed.get(layer.number, "9") <= moment
        price = layer.price if is_billed or layer.order_price is None else layer.order_price
        if layer.currency == "USD":
            price /= [rate for date, rate in self.rates if date <= layer.date][-1]
        return price * layer.packed / layer.quantity
