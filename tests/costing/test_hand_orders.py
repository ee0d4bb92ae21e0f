"""Figures worked out by hand: production and conversion orders, rounded unit costs, late costs by what is on
hand, and pools whose transfers are solved beforehand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.costing.histories import with_totals
from tests.costing.rows import (
    CARRIED_NEGATIVE,
    CARRIED_ORDER,
    CARRIED_STATE,
    FIFO,
    IN_AMOUNT,
    IN_ORIGINAL,
    MOVING_AVERAGE,
    OUT,
    PERIODIC_AVERAGE,
    PRODUCED,
    STANDARD,
    VALUE,
    Row,
    movements,
    numbered,
    of_kind,
    true_ups,
    valued,
)
from tests.costing.test_hand_figures import amounts, buy, cost, issue

MATERIAL, PRODUCT = {"pool_key": 0}, {"pool_key": 1}
ESTIMATE = {"negative_stock": "estimate_and_true_up"}


def produce(units: float, before: int, after: int, total: int, yuan: float | None = None, **more: Any) -> Row:
    given = None if yuan is None else round(yuan * 100)
    shares = {"share_before": before, "share_after": after, "share_total": total}
    return Row(PRODUCED, round(units * 10_000), given, **({"order_slot": 0} | PRODUCT | shares | more))


def balances(records: list[dict[str, Any]]) -> dict[int, tuple[float, float]]:
    return {
        s["pool_key"]: (s["balance_quantity"] / 10_000, s["balance_amount"] / 100)
        for s in of_kind(records, "state")
    }


def errors(records: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(e["event_id"], e["error_code"]) for e in of_kind(records, "error")]


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO])
def test_a_month_of_production(method: int) -> None:
    """60,000 material + 20,000 conversion, 80 of 100 done, 20 at 50 %: 65,777.78 done, 14,222.22 in work."""
    rows = [buy(100, 60_000), issue(100, order_slot=0), produce(80, 0, 80, 100, 17_777.78)]
    records = cost(rows, method)
    assert amounts(records) == [60_000, -60_000, 65_777.78]
    assert round(60_000 + 20_000 - amounts(records)[2], 2) == 14_222.22


def test_a_product_under_periodic_average_of_materials_that_are_not() -> None:
    """10 @ 1 from before, 80 done of 90 FIFO: 90 ÷ 90 units; the first issue takes 45, the last the rest."""
    of_product: dict[str, Any] = {"method": PERIODIC_AVERAGE, "pool_key": 1}
    totals: dict[str, Any] = {"pool_total_quantity": 100_000, "pool_total_amount": 1_000}
    rows = [
        Row(CARRIED_STATE, 100_000, 1_000, **of_product),
        Row(IN_AMOUNT, 10_000, 8_000, FIFO),
        Row(OUT, -10_000, method=FIFO, order_slot=0),
        replace(produce(80, 0, 80, 90, 8.89), **of_product, **totals),
        Row(OUT, -450_000, **of_product, **totals),
        Row(OUT, -450_000, **of_product, **totals),
    ]
    records = valued(numbered(rows))
    assert not errors(records)
    assert amounts(records) == [80, -80, 80, -45, -45]


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO])
def test_late_cost_goes_along_with_goods_to_another_pool(method: int) -> None:
    """200 late on 50: 20 are there (80), 15 were sold, 15 moved on and 10 of them are still there: 60 → 40 and 20."""
    along: dict[str, Any] = {"share_before": 0, "share_after": 15, "share_total": 30, "pool_key": 1}
    rows = [
        buy(50, 5_000, own_slot=0),
        issue(15, own_slot=1),
        Row(IN_ORIGINAL, 150_000, original_slot=1, own_slot=2, pool_key=1),
        issue(15),
        issue(5, pool_key=1),
        Row(VALUE, 0, 20_000, original_slot=0, order_slot=0),
        Row(PRODUCED, 0, original_slot=2, order_slot=0, **along),
        Row(VALUE, 0, 0, original_slot=0, order_slot=1),
        Row(PRODUCED, 0, original_slot=2, order_slot=1, **along),
    ]
    records = cost(rows, method, late_cost="on_hand_share")
    assert not errors(records)
    assert [(r["out_amount"], r["expensed_amount"]) for r in movements(records)][5:] == [
        (8_000, 12_000), (4_000, 2_000), (0, 0), (0, 0),
    ]  # fmt: skip


def test_late_cost_goes_along_under_periodic_average_too() -> None:
    """Of 30 late, 10 units of 15 that came are there: 20 more in the totals before the issue at the rate."""
    totals: dict[str, Any] = {"method": PERIODIC_AVERAGE, "pool_total_quantity": 100_000}
    here, there = totals | {"pool_total_amount": 1_000}, totals | {"pool_total_amount": 1_000, "pool_key": 1}
    rows = [
        Row(CARRIED_STATE, 100_000, 1_000, PERIODIC_AVERAGE),
        Row(CARRIED_STATE, 100_000, 1_000, PERIODIC_AVERAGE, pool_key=1),
        Row(VALUE, 0, 6_000, original_quantity=200_000, order_slot=0, **here | {"pool_total_amount": 4_000}),
        Row(
            PRODUCED,
            0,
            original_quantity=150_000,
            order_slot=0,
            share_before=0,
            share_after=1,
            share_total=1,
            **there,
        ),
        Row(OUT, -50_000, **there),
    ]
    records = valued(numbered(rows), late_cost="on_hand_share")
    assert not errors(records)
    assert amounts(records) == [30, 20, -15]


def test_the_next_month_goes_on_from_what_is_in_work() -> None:
    rows = [Row(CARRIED_ORDER, amount=1_200_000, order_slot=0), buy(10, 900), issue(10, order_slot=0)]
    records = cost([*rows, produce(20, 0, 20, 20, 100)], MOVING_AVERAGE)
    assert amounts(records) == [900, -900, 13_000]


def test_receipts_from_an_order_share_it_to_the_last_cent() -> None:
    rows = [buy(1, 100), issue(1, order_slot=0), *(produce(1, n, n + 1, 3) for n in range(3))]
    assert amounts(cost(rows, FIFO))[2:] == [33.33, 33.34, 33.33]


def test_material_that_comes_back_is_not_in_the_product() -> None:
    back = Row(IN_ORIGINAL, 20_000, original_slot=0, order_slot=0)
    rows = [buy(10, 100), issue(10, own_slot=0, order_slot=0), back, produce(4, 0, 4, 4)]
    assert amounts(cost(rows, MOVING_AVERAGE)) == [100, -100, 20, 80]


def test_an_assembly_is_worth_its_parts_and_a_product_its_levels() -> None:
    """2 parts into a frame, the frame and a third part into a machine, each worth what went in."""
    frame, machine = {"pool_key": 1, "order_slot": 0}, {"pool_key": 2, "order_slot": 1}
    rows = [
        buy(9, 100), issue(3, order_slot=0), buy(1, 7, pool_key=3), issue(1, pool_key=3, order_slot=0),
        produce(1, 0, 1, 1, **frame), issue(1, pool_key=1, order_slot=1), issue(6, order_slot=1),
        produce(1, 0, 1, 1, 5, **machine),
    ]  # fmt: skip
    records = cost(rows, FIFO)
    assert amounts(records) == [100, -33.33, 7, -7, 40.33, -40.33, -66.67, 112]
    assert balances(records)[2] == (1, 112)


def test_a_finished_product_at_standard_leaves_the_variance_of_its_order() -> None:
    rows = [
        buy(10, 1_000, unit_cost=100_000_000), issue(10, order_slot=0),
        produce(5, 0, 5, 5, 200, unit_cost=250_000_000),
    ]  # fmt: skip
    (done,) = movements(cost(rows, STANDARD))[2:]
    assert (done["out_amount"], done["expensed_amount"]) == (125_000, -5_000)


def test_planned_prices_keep_the_variance_of_a_receipt_apart() -> None:
    """60,000 planned, 59,700 paid: the balance is planned and −300 goes to the variance account."""
    (got,) = movements(cost([buy(600, 59_700, unit_cost=100_000_000)], STANDARD))
    assert (got["out_amount"], got["expensed_amount"]) == (6_000_000, -30_000)


def test_what_an_issue_below_zero_really_cost_reaches_the_product() -> None:
    """2 of 10 were estimated at 10 and cost 12; the product is worth 104."""
    rows = [buy(8, 80), issue(10, order_slot=0), buy(4, 48), produce(1, 0, 1, 1)]
    records = cost(rows, MOVING_AVERAGE, **ESTIMATE)
    assert [(r["out_amount"], r["original_event_id"]) for r in true_ups(records)] == [(-400, "e2")]
    assert amounts(records) == [80, -100, 48, 104]


def test_an_old_issue_below_zero_corrects_its_order_in_work() -> None:
    rows = [
        Row(CARRIED_STATE, -20_000, -2_000), Row(CARRIED_NEGATIVE, 20_000, 2_000, order_slot=0, event_id="old"),
        Row(CARRIED_ORDER, amount=10_000, order_slot=0), buy(4, 48), produce(1, 0, 1, 1),
    ]  # fmt: skip
    assert amounts(cost(rows, FIFO, **ESTIMATE)) == [48, 104]


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([produce(1, 0, 1, 1)], "no_cost"),
        ([Row(PRODUCED, 10_000)], "no_cost"),
        ([buy(1, 9), issue(1, order_slot=0), produce(1, 0, 2, 1)], "bad_reference"),
        ([buy(1, 9), issue(1, order_slot=0), Row(PRODUCED, 10_000, order_slot=0)], "bad_reference"),
        ([buy(2, 9), issue(1, order_slot=0), produce(1, 0, 1, 1), issue(1, order_slot=0)], "order_changed"),
        ([buy(2, 9), issue(1, order_slot=0), produce(1, 1, 0, 1)], "negative_cost"),
        ([Row(CARRIED_ORDER, amount=2**62, order_slot=0)] * 2 + [produce(1, 0, 1, 1)], "overflow"),
        ([Row(CARRIED_ORDER, amount=5)], "bad_reference"),
        ([buy(1, 9, order_slot=-2)], "bad_reference"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO, STANDARD])
def test_what_an_order_cannot_value_is_an_error_of_its_row(rows: list[Row], error: str, method: int) -> None:
    priced = [replace(row, unit_cost=10_000_000) if method == STANDARD else row for row in rows]
    records = cost(priced, method)
    assert errors(records) == [(f"e{len(rows)}", error)]
    assert all(r["out_amount"] == 0 for r in movements(records) if r["event_id"] == f"e{len(rows)}")


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO, PERIODIC_AVERAGE])
@pytest.mark.parametrize(
    ("decimals", "first", "last"), [(2, -66, -34), (4, -66.66, -33.34), (None, -66.67, -33.33)]
)
def test_an_issue_at_a_rounded_unit_cost(
    method: int, decimals: int | None, first: float, last: float
) -> None:
    """100 yuan over 300: a unit cost of 0.33, 0.3333 or exactly a third; the last issue takes the rest."""
    records = cost([buy(300, 100), issue(200), issue(100)], method, unit_cost_decimals=decimals)
    assert amounts(records) == [100, first, last]


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO, PERIODIC_AVERAGE])
def test_a_rounded_unit_cost_takes_no_more_than_there_is(method: int) -> None:
    """0.50 over 100: half a cent each becomes a cent each."""
    assert amounts(cost([buy(100, 0.5), issue(80)], method, unit_cost_decimals=2)) == [0.5, -0.5]


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO])
def test_a_unit_cost_beyond_64_bits_is_named_and_changes_nothing(method: int) -> None:
    rows = [Row(IN_AMOUNT, 2, 2**60), Row(IN_AMOUNT, 1, 1), Row(OUT, -1), Row(OUT, -3)]
    records = cost(rows, method, unit_cost_decimals=8)
    assert errors(records) == [("e3", "overflow")]
    assert [record["out_amount"] for record in movements(records)][2:] == [0, -(2**60) - 1]


@pytest.mark.parametrize(("decimals", "issues"), [(0, [-3, -3, -4]), (3, [-3, -3, -4])])
def test_currencies_without_cents_or_with_a_thousandth(decimals: int, issues: list[int]) -> None:
    """10 of the smallest coin over 3; a price of 2.5 is 2.5 coins, or 2,500."""
    rows = [Row(IN_AMOUNT, 30_000, 10), *(Row(OUT, -10_000) for _ in range(3))]
    rows += [Row(IN_AMOUNT, 30_000, unit_cost=2_500_000)]
    found = [r["out_amount"] for r in movements(cost(rows, MOVING_AVERAGE, amount_decimals=decimals))]
    assert found[1:] == [*issues, 8 if decimals == 0 else 7_500]


LATE = Row(VALUE, 0, 20_000, original_slot=0)


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO])
def test_a_price_difference_is_shared_with_what_is_gone(method: int) -> None:
    """50 estimated at 5,000 and invoiced at 5,200; 20 are there: 80 to stock, 120 to what they were used for."""
    rows = [buy(50, 5_000, own_slot=0), issue(30), LATE]
    (late,) = movements(cost(rows, method, late_cost="on_hand_share"))[2:]
    assert (late["out_amount"], late["expensed_amount"], late["balance_amount"]) == (8_000, 12_000, 208_000)


@pytest.mark.parametrize("method", [MOVING_AVERAGE, PERIODIC_AVERAGE])
def test_the_same_for_a_receipt_of_an_earlier_period(method: int) -> None:
    opening = Row(CARRIED_STATE, 200_000, 200_000, method)
    late = Row(VALUE, 0, 20_000, method, original_quantity=500_000, original_amount=500_000)
    rows = numbered([opening, late, issue(10, method=method)])
    records = valued(with_totals(rows, "on_hand_share"), late_cost="on_hand_share")
    assert [(r["out_amount"], r["expensed_amount"]) for r in movements(records)] == [
        (8_000, 12_000),
        (-104_000, 0),
    ]
    assert not of_kind(records, "error")


@pytest.mark.parametrize(("policy", "stock"), [("stock", 20_000), ("on_hand_share", 20_000), ("expense", 0)])
def test_a_period_s_rate_holds_of_a_late_cost_what_policy_puts_into_stock(policy: str, stock: int) -> None:
    rows = numbered(
        [buy(50, 5_000, method=PERIODIC_AVERAGE, own_slot=0), replace(LATE, method=PERIODIC_AVERAGE)]
    )
    records = valued(with_totals(rows, policy), late_cost=policy)
    assert (movements(records)[1]["out_amount"], movements(records)[1]["expensed_amount"]) == (
        stock,
        20_000 - stock,
    )
    assert not of_kind(records, "error")


def test_a_receipt_settled_in_its_period_is_worth_the_invoice_from_its_own_date() -> None:
    """100 received, 60 issued, invoiced at 11: 660 and 440."""
    assert amounts(cost([buy(100, 1_100), issue(60), issue(40)], MOVING_AVERAGE)) == [1_100, -660, -440]


def test_transfers_that_were_solved_leave_at_their_amount() -> None:
    """A opens 100 @ 10 and receives 100 @ 12, B opens 50 @ 9; 80 go from A to B and 20 back: 1,529.63 are
    left in A, of which 50 are then issued at 10.925926."""
    rows = [
        Row(CARRIED_STATE, 1_000_000, 100_000), Row(CARRIED_STATE, 500_000, 45_000, pool_key=1), buy(100, 1_200),
        Row(OUT, -800_000, -87_407), Row(IN_AMOUNT, 800_000, 87_407, pool_key=1),
        Row(OUT, -200_000, -20_370, pool_key=1), Row(IN_AMOUNT, 200_000, 20_370), issue(50),
    ]  # fmt: skip
    records = cost(rows, PERIODIC_AVERAGE)
    assert amounts(records) == [1_200, -874.07, 874.07, -203.7, 203.7, -546.3]
    assert balances(records) == {0: (90, 983.33), 1: (110, 1_120.37)}
