"""The example company agrees with itself: vouchers, balances, stock, open items, over several seeds.

A second implementation of its costing is in `demo_oracle.py`; files are tested in `test_demo_files.py`.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.demo import company, documents, posting
from pipelines.demo.arithmetic import share
from pipelines.demo.history import History, make_history
from pipelines.demo.perpetual import Moves, walk
from tests.unit.demo_oracle import open_estimates, periodic_values, perpetual_values
from tests.unit.demo_oracle_production import in_process

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.xdist_group("demo")

COMPANIES = [(3, 120, 1, "2026-01"), (4, 60, 7, "2025-11"), (2, 900, 23, "2026-01")]


@pytest.fixture(
    scope="module", params=COMPANIES, ids=lambda company: f"{company[1]} documents, seed {company[2]}"
)
def history(request: pytest.FixtureRequest) -> History:
    """A company with few or many documents, one of them over a year's end."""
    return make_history(*request.param)


def account(code: str) -> int:
    return company.INDEX[code]


def total(keys: Iterable[object], amounts: Iterable[int]) -> dict[object, int]:
    """Σ amount per key, without zeros."""
    sums: dict[object, int] = defaultdict(int)
    for key, amount in zip(keys, amounts, strict=True):
        sums[key] += int(amount)
    return {key: amount for key, amount in sums.items() if amount}


def test_every_voucher_balances_and_numbers_are_continuous(history: History) -> None:
    lines = history.lines
    keys = list(zip(lines["period"].tolist(), lines["voucher"].tolist(), strict=True))
    assert total(keys, lines["debit"] - lines["credit"]) == {}
    for period in range(history.calendar.periods):
        numbers = sorted({number for of, number in keys if of == period})
        assert numbers == list(range(1, len(numbers) + 1))


def test_voucher_numbers_follow_days_inside_the_month(history: History) -> None:
    days: dict[tuple[int, int], int] = {}
    for period, voucher, day in zip(
        *(history.lines[n].tolist() for n in ("period", "voucher", "day")), strict=True
    ):
        assert days.setdefault((period, voucher), day) == day
        assert history.calendar.starts[period] <= day < history.calendar.starts[period + 1]
    ordered = sorted(days)
    assert all(days[a] <= days[b] for a, b in pairwise(ordered))


def test_balances_roll_and_the_trial_balance_is_zero(history: History) -> None:
    grids = history.balances
    assert (grids.opening + grids.debit - grids.credit == grids.closing).all()
    assert (grids.opening[1:] == grids.closing[:-1]).all()
    assert (grids.opening.sum(axis=1) == 0).all()
    assert (grids.debit.sum(axis=1) == grids.credit.sum(axis=1)).all()


def test_profit_and_loss_accounts_are_empty_after_closing(history: History) -> None:
    rows = [n for n, (_, _, kind, _) in enumerate(company.ACCOUNTS) if kind == "损益"]
    assert (history.balances.closing[:, rows] == 0).all()
    assert history.balances.debit[:, rows].any(axis=0).sum() > 12


def test_only_leaf_accounts_are_posted_to(history: History) -> None:
    posted = {company.ACCOUNTS[n][0] for n in np.unique(history.lines["account"])}
    assert not posted & company.PARENTS


def test_stock_value_is_the_balance_of_the_stock_accounts(history: History) -> None:
    warehouses = len(company.WAREHOUSES)
    category = np.repeat(history.masters.items["category"], warehouses)
    accounts = [row.stock for row in company.CATEGORIES]
    for stock in {code for code in accounts if code}:
        mine = np.isin(category, [n for n, code in enumerate(accounts) if code == stock])
        value = history.costs.closing[:, mine].sum(axis=1)
        assert value.tolist() == history.balances.closing[:, account(stock)].tolist()


def test_orders_in_process_are_the_balance_of_their_account(history: History) -> None:
    left = in_process(history, periodic_values(history))
    balance = history.balances.closing[:, account("500101")]
    assert [sum(map(sum, month.values())) for month in left] == balance.tolist()
    assert balance.all()
    assert not history.balances.closing[:, account("5101")].any()


def test_estimates_are_the_balance_of_their_account_by_supplier(history: History) -> None:
    goods, lines = history.billing.goods, history.lines
    of_account = lines["account"] == account("220202")
    opening = total(history.opening.receipts["party"].tolist(), history.opening.receipts["amount"])
    for period in range(history.calendar.periods):
        estimates = open_estimates(history, period)
        expected = total([int(goods["party"][row]) for row in estimates], list(estimates.values()))
        chosen = of_account & (lines["period"] <= period)
        moved = total(lines["party"][chosen].tolist(), (lines["credit"] - lines["debit"])[chosen])
        actual = total([*opening, *moved], [*opening.values(), *moved.values()])
        assert actual == expected


@pytest.mark.parametrize("code", ["220201", "1122", "1123", "2203"])
def test_open_items_are_the_balance_of_their_account_by_party(history: History, code: str) -> None:
    side = history.payables if code in {"220201", "1123"} else history.receivables
    opening = {"220201": "payables", "1122": "receivables", "1123": "prepayments", "2203": "advances"}[code]
    start, lines = getattr(history.opening, opening), history.lines
    sign = 1 if code in {"1122", "1123"} else -1
    chosen = lines["account"] == account(code)
    actual = total(
        [*start["party"].tolist(), *lines["party"][chosen].tolist()],
        [*start["amount"], *(sign * (lines["debit"] - lines["credit"])[chosen])],
    )
    assert actual == _open_by_party(history, code, side.side.payment, side.side.advance)


def _open_by_party(history: History, code: str, payment: int, advance: int) -> dict[object, int]:
    """What documents, payments and applications leave open, each document counted once."""
    used, opening = history.applications, history.opening
    side = history.payables if payment == documents.D_PAYMENT else history.receivables
    paid = side.payments
    if code in {"1123", "2203"}:
        prior = opening.prepayments if code == "1123" else opening.advances
        early, gone = paid["kind"] == advance, used["from_kind"] == advance
        parties = [*prior["party"], *paid["party"][early], *used["party"][gone]]
        return total(map(int, parties), [*prior["amount"], *paid["amount"][early], *-used["amount"][gone]])
    if code == "220201":
        bills, start = history.billing.invoices, opening.payables
        owed = list(zip(bills["party"], bills["net"] + bills["tax"], strict=True))
    else:
        start = opening.receivables
        rows = np.isin(history.stock["event"], (documents.DELIVERY, documents.CUSTOMER_RETURN))
        net, tax = posting.sales_amounts(history.stock.take(rows))
        owed = list(zip(history.stock["party"][rows], net + tax, strict=True))
    owed += zip(start["party"], start["amount"], strict=True)
    late, gone = paid["kind"] == payment, used["from_kind"] == advance
    owed += zip(paid["party"][late], -paid["amount"][late], strict=True)
    owed += zip(used["party"][gone], -used["amount"][gone], strict=True)
    return total([int(party) for party, _ in owed], [amount for _, amount in owed])


def test_no_document_is_paid_more_than_it_is_worth(history: History) -> None:
    used, stock, bills = history.applications, history.stock, history.billing.invoices
    net, tax = posting.sales_amounts(stock)
    sold = np.isin(stock["event"], (documents.DELIVERY, documents.CUSTOMER_RETURN))
    worth = total(
        [
            *zip(stock["kind"][sold], stock["no"][sold], strict=True),
            *((documents.D_INVOICE, no) for no in bills["no"]),
        ],
        [*(net + tax)[sold], *(bills["net"] + bills["tax"])],
    )
    for side in (history.opening.payables, history.opening.receivables):
        worth.update(zip(zip(side["kind"], side["no"], strict=True), side["amount"].tolist(), strict=True))
    for target, amount in total(zip(used["to_kind"], used["to_no"], strict=True), used["amount"]).items():
        assert 0 < amount <= worth[target] or worth[target] <= amount < 0


def test_stock_is_never_negative(history: History) -> None:
    stock = history.stock
    held: dict[int, int] = defaultdict(int)
    for event, quantity, pool, to_pool in zip(
        *(stock[name].tolist() for name in ("event", "quantity", "pool", "to_pool")), strict=True
    ):
        held[pool] += quantity * int(documents.DIRECTION[event])
        if to_pool >= 0:
            held[to_pool] += quantity
        assert held[pool] >= 0


def test_costs_agree_with_the_obvious_implementation(history: History) -> None:
    values, expensed = perpetual_values(history)
    assert values == {row: int(history.costs.value[row]) for row in values}
    differences = history.costs.differences
    mine = zip(differences["invoice_row"].tolist(), differences["expensed"].tolist(), strict=True)
    assert {row: amount for row, amount in mine if amount} == {row: a for row, a in expensed.items() if a}


def test_a_fifo_return_takes_its_share_of_what_its_layer_has_left() -> None:
    """10.00 over 3 units: 3.33 is gone, so the next one is half of 6.67; another is all that is left."""
    events = [documents.RECEIPT, documents.OTHER_OUT, documents.SUPPLIER_RETURN, documents.SUPPLIER_RETURN]
    nothing = np.zeros(4, np.int64)
    moves = Moves(
        event=np.array(events), pool=nothing, to_pool=nothing,
        quantity=np.array([3, 1, 1, 1]), amount=np.array([1000, 0, 0, 0]), origin=np.array([-1, -1, 0, 0]),
        is_fifo=np.ones(4, bool), direction=np.array([1, -1, -1, -1]),
    )  # fmt: skip
    assert walk(moves, np.arange(4), 1).value.tolist() == [1000, 333, 334, 333]


def test_periodic_average_is_one_exact_rate_per_pool_and_month(history: History) -> None:
    expected = periodic_values(history)
    assert expected == {row: int(history.costs.value[row]) for row in expected}
    assert len(expected) > 20


def test_standard_cost_puts_the_rest_into_variance(history: History) -> None:
    stock, items, costs = history.stock, history.masters.items, history.costs
    is_standard = items["category"][stock["item"]] == company.STD
    standard = stock["quantity"] * items["price"][stock["item"]] // 1_000_000
    assert (costs.value == standard)[is_standard].all()
    left = history.balances.closing[:, account("1404")]
    lines = history.lines.take(history.lines["cause"] == posting.ALLOCATED)
    taken = lines.take(lines["account"] == account("1404"))["credit"]
    assert int(left[-1]) + int(taken.sum()) == int(costs.variance["amount"].sum())
    assert (taken != 0).all()
    assert len(taken) == history.calendar.periods


def test_a_charge_is_in_stock_to_the_cent_and_billed(history: History) -> None:
    landed = history.costs.landed
    assert total(landed["charge"].tolist(), landed["amount"]) == dict(
        enumerate(history.charges["amount"].tolist())
    )
    assert not history.balances.closing[:, account("220203")].any()
    assert not history.balances.closing[:, account("220204")].any()
    assert len(history.charges) > 3


def test_what_is_expensed_late_goes_where_the_goods_went(history: History) -> None:
    differences, followed = history.costs.differences, history.costs.followed
    expensed = total(differences["invoice_row"].tolist(), differences["expensed"])
    assert total(followed["invoice_row"].tolist(), followed["amount"]) == expensed


def test_a_lot_is_sold_out_of_one_receipt(history: History) -> None:
    stock, batch = history.stock, history.masters.items["batch"][history.stock["item"]]
    into = (batch > 0) & np.isin(stock["event"], (documents.OPENING, documents.RECEIPT))
    assert len(np.unique(stock["item"][into])) == into.sum()
    assert ((batch > 0) & (stock["event"] == documents.DELIVERY)).any()


@given(st.integers(-(2**50), 2**50), st.integers(0, 2**40), st.integers(1, 2**40))
def test_shares_are_exact_beyond_64_bits(amount: int, part: int, whole: int) -> None:
    part = min(part, whole)
    doubled, sign = 2 * abs(amount) * part + whole, -1 if amount < 0 else 1
    assert share(amount, part, whole) == sign * (doubled // (2 * whole))
