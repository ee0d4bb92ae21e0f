"""A second, obvious way to the example company's figures: plain Python, exact fractions, line by line.

It shares nothing with the generator but the documents; the assertions are in `test_demo.py`.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from pipelines.demo import company, documents
from tests.unit.demo_oracle_production import half_up, landed, produced, subcontracted

if TYPE_CHECKING:
    from pipelines.demo.history import History

Place = tuple[int, int]
_PERIODIC = (company.RAW, company.MAT)


def open_estimates(history: History, period: int) -> dict[int, int]:
    """Estimate per goods line that is not billed at the end of a period."""
    goods, invoices = history.billing.goods, history.billing.invoices
    last = history.calendar.starts[period + 1]
    left = {row: int(q) for row, q in enumerate(goods["quantity"]) if goods["day"][row] < last}
    for row, day, quantity in zip(invoices["goods"], invoices["day"], invoices["quantity"], strict=True):
        if row >= 0 and day < last:
            left[int(row)] -= int(quantity)
    return {
        row: half_up(Fraction(int(goods["amount"][row]) * q, int(goods["quantity"][row])))
        for row, q in left.items()
        if q
    }


def receipt_values(history: History) -> dict[int, int]:
    """Stock line to its value: what its own period's invoices bill, the rest at the estimate."""
    goods, invoices = history.billing.goods, history.billing.invoices
    billed: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row, line in enumerate(invoices["goods"]):
        if line >= 0 and invoices["settled"][row] == goods["period"][line]:
            quantity, net = billed[int(line)]
            billed[int(line)] = (quantity + int(invoices["quantity"][row]), net + int(invoices["net"][row]))
    values = {}
    for row, stock_row in enumerate(goods["stock_row"]):
        quantity, net = billed[row]
        rest = Fraction(int(goods["amount"][row]) * (int(goods["quantity"][row]) - quantity))
        values[int(stock_row)] = net + half_up(rest / int(goods["quantity"][row]))
    return values


class Pool:
    """Quantity and value of one item in one warehouse; layers (source, quantity, value) under FIFO."""

    def __init__(self) -> None:
        self.quantity = 0
        self.value = 0
        self.layers: list[list[int]] = []

    def put(self, source: int, quantity: int, value: int) -> None:
        """Goods come in."""
        self.quantity += quantity
        self.value += value
        self.layers.append([source, quantity, value])

    def take_average(self, quantity: int) -> int:
        """Goods go at the average: the difference of two rounded balances."""
        before = self.value
        self.value = half_up(Fraction(before * (self.quantity - quantity), self.quantity))
        self.quantity -= quantity
        return before - self.value

    def take_fifo(self, quantity: int) -> int:
        """Goods go from the oldest layers."""
        self.quantity -= quantity
        total = 0
        while quantity:
            _, held, worth = layer = self.layers[0]
            part = min(quantity, held)
            value = half_up(Fraction(worth * part, held))
            layer[1:] = [held - part, worth - value]
            if part == held:
                del self.layers[0]
            quantity -= part
            total += value
        self.value -= total
        return total

    def give_back(self, quantity: int, value: int) -> int:
        """Goods go back at their receipt's value, as far as the pool can bear it."""
        value = self.value if quantity == self.quantity else min(value, self.value)
        self.quantity -= quantity
        self.value -= value
        return value

    def give_back_fifo(self, source: int, quantity: int) -> int:
        """Goods go back from their receipt's own layer first."""
        in_order = self.layers
        self.layers = sorted(in_order, key=lambda layer: layer[0] != source)
        value = self.take_fifo(quantity)
        self.layers = [layer for layer in in_order if layer[1]]
        return value


def perpetual_values(history: History) -> tuple[dict[int, int], dict[int, int]]:
    """Value per stock line under moving average or FIFO; per invoice row what was expensed."""
    stock, category = history.stock, history.masters.items["category"]
    receipts, values, expensed = receipt_values(history), dict[int, int](), dict[int, int]()
    materials = periodic_values(history)
    receipts |= produced(history, materials) | subcontracted(history, materials)
    pools: dict[Place, Pool] = defaultdict(Pool)
    for key, kind, row in _in_order(history):
        item = key[-1]
        is_fifo = category[item] == company.PKG
        if category[item] in (*_PERIODIC, company.STD):
            continue
        if kind == "late":
            place, origin, amount = _late_difference(history, row)
            layers = [layer for layer in pools[place].layers if layer[0] == origin]
            if pools[place].quantity == 0 or (is_fifo and not layers):
                expensed[row] = amount
            else:
                pools[place].value += amount
                for layer in layers if is_fifo else []:
                    layer[2] += amount
        elif stock["quantity"][row]:
            values[row] = _stock_line(history, row, pools, receipts, values)
    return values, expensed


def periodic_values(history: History) -> dict[int, int]:
    """Value per stock line of items at one rate per pool and month; late differences are in the rate."""
    stock, category, receipts = history.stock, history.masters.items["category"], receipt_values(history)
    fixed = (documents.OPENING, documents.OTHER_IN, documents.RECEIPT, documents.SUPPLIER_RETURN)
    values: dict[int, int] = {}
    pools: dict[Place, Pool] = defaultdict(Pool)
    months: dict[tuple[int, Place], list[tuple[str, int]]] = defaultdict(list)
    for row, month, amount in landed(history, receipts):
        months[month + 1, _place(history, row)].append(("landed", amount))
    for key, kind, row in _in_order(history):
        if category[key[-1]] in _PERIODIC and (kind == "late" or stock["quantity"][row]):
            place = _late_difference(history, row)[0] if kind == "late" else _place(history, row)
            month = sum(int(start) <= key[0] for start in history.calendar.starts)
            months[month, place].append((kind, row))
    for month, place in sorted(months):
        pool = pools[place]
        free = []
        for kind, row in months[month, place]:
            if kind == "late":
                pool.value += _late_difference(history, row)[2]
            elif kind == "landed":
                pool.value += row
            elif stock["event"][row] in fixed:
                values[row] = abs(receipts.get(row, int(stock["amount"][row])))
                sign = int(documents.DIRECTION[stock["event"][row]])
                pool.put(row, sign * int(stock["quantity"][row]), sign * values[row])
            else:
                free.append(row)
        quantity, value = pool.quantity, pool.value
        for row in free:
            moved, sign = int(stock["quantity"][row]), int(documents.DIRECTION[stock["event"][row]])
            values[row] = half_up(Fraction(value * moved, quantity))
            pool.put(row, sign * moved, sign * values[row])
    return values


def _place(history: History, row: int) -> Place:
    return int(history.stock["item"][row]), int(history.stock["wh"][row])


def _stock_line(
    history: History, row: int, pools: dict[Place, Pool], receipts: dict[int, int], values: dict[int, int]
) -> int:
    stock = history.stock
    event, item, quantity, origin = (int(stock[n][row]) for n in ("event", "item", "quantity", "origin"))
    pool = pools[item, int(stock["wh"][row])]
    is_fifo = history.masters.items["category"][item] == company.PKG
    of_origin = 0
    if origin >= 0:
        first = receipts.get(origin, values.get(origin, 0))
        of_origin = half_up(Fraction(first * quantity, int(stock["quantity"][origin])))
    if event == documents.SUPPLIER_RETURN:
        return pool.give_back_fifo(origin, quantity) if is_fifo else pool.give_back(quantity, of_origin)
    if documents.DIRECTION[event] < 0:
        value = pool.take_fifo(quantity) if is_fifo else pool.take_average(quantity)
        if event == documents.TRANSFER:
            pools[item, int(stock["to_wh"][row])].put(row, quantity, value)
        return value
    value = receipts.get(row, int(stock["amount"][row]))
    if event == documents.CUSTOMER_RETURN:
        value = of_origin
    if event == documents.GAIN:
        value = half_up(Fraction(pool.value * quantity, pool.quantity))
    pool.put(row, quantity, value)
    return value


def _late_difference(history: History, row: int) -> tuple[Place, int, int]:
    """Pool, original stock line and amount of an invoice line's difference to the estimate it settles."""
    goods, invoices = history.billing.goods, history.billing.invoices
    line = int(invoices["goods"][row])
    amount, quantity = int(goods["amount"][line]), int(goods["quantity"][line])
    mine = (int(invoices["day"][row]), int(invoices["no"][row]), int(invoices["line"][row]))
    earlier = [
        int(invoices["quantity"][other])
        for other in (invoices["goods"] == line).nonzero()[0]
        if (invoices["day"][other], invoices["no"][other], invoices["line"][other]) < mine
    ]
    before = quantity - sum(earlier)
    after = before - int(invoices["quantity"][row])
    share = half_up(Fraction(amount * before, quantity)) - half_up(Fraction(amount * after, quantity))
    warehouses = len(company.WAREHOUSES)
    place = divmod(int(goods["pool"][line]), warehouses)
    return place, int(goods["stock_row"][line]), int(invoices["net"][row]) - share


def _in_order(history: History) -> list[tuple[tuple[int, int, str, int, int], str, int]]:
    """Stock lines and late invoice lines by day, class, number as text, line."""
    stock, billing = history.stock, history.billing
    rows = []
    for row in range(len(stock)):
        event, origin, day = (int(stock[n][row]) for n in ("event", "origin", "day"))
        order = int(documents.CLASS_OF_EVENT[event])
        if event == documents.CUSTOMER_RETURN and stock["day"][origin] == day:
            order = 5
        if event in (
            documents.PRODUCTION_RECEIPT,
            documents.SUBCONTRACT_RECEIPT,
        ):  # known at the month's end, for all of its issues
            day, order = max(int(start) for start in history.calendar.starts if start <= day), -1
        text = f"{documents.PREFIXES[stock['kind'][row]]}{stock['no'][row]}"
        rows.append(((day, order, text, int(stock["line"][row]), int(stock["item"][row])), "stock", row))
    for row, line in enumerate(billing.invoices["goods"]):
        if line >= 0 and billing.invoices["settled"][row] > billing.goods["period"][line]:
            no, item = int(billing.invoices["no"][row]), int(billing.invoices["item"][row])
            key = (int(billing.invoices["day"][row]), 2, f"{no}", int(billing.invoices["line"][row]), item)
            rows.append((key, "late", row))
    return sorted(rows)
