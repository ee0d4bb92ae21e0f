"""Figures worked out by hand, as a ledger: what each method makes of the same purchases and issues."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.costing.histories import with_totals
from tests.costing.rows import (
    CARRIED_LAYER,
    CARRIED_NEGATIVE,
    CARRIED_STATE,
    FIFO,
    IN_AMOUNT,
    IN_CURRENT,
    IN_ORIGINAL,
    MOVING_AVERAGE,
    NEUTRAL,
    OUT,
    OUT_ORIGINAL,
    PERIODIC_AVERAGE,
    REVALUE,
    STANDARD,
    VALUE,
    Row,
    movements,
    numbered,
    of_kind,
    true_ups,
    valued,
)  # fmt: skip


def buy(units: float, yuan: float, **more: Any) -> Row:
    return Row(IN_AMOUNT, round(units * 10_000), round(yuan * 100), **more)


def issue(units: float, **more: Any) -> Row:
    return Row(OUT, -round(units * 10_000), **more)


def cost(rows: list[Row], method: int, **policy: Any) -> list[dict[str, Any]]:
    given = numbered(replace(row, method=method) for row in rows)
    return valued(with_totals(given) if method == PERIODIC_AVERAGE else given, **policy)


def amounts(records: list[dict[str, Any]]) -> list[float]:
    return [record["out_amount"] / 100 for record in movements(records)]


def closing(records: list[dict[str, Any]]) -> tuple[float, float]:
    (state,) = of_kind(records, "state")
    return state["balance_quantity"] / 10_000, state["balance_amount"] / 100


PURCHASES = [buy(100, 1_000), buy(200, 2_200), issue(150), buy(100, 1_250), issue(180)]


@pytest.mark.parametrize(
    ("method", "first", "second", "left"),
    [
        (FIFO, 1550, 2025, 875),
        (MOVING_AVERAGE, 1600, 2052, 798),
        (PERIODIC_AVERAGE, 1668.75, 2002.50, 778.75),
    ],
    ids=["fifo", "moving_average", "periodic_average"],
)
def test_the_same_year_under_three_methods(method: int, first: float, second: float, left: float) -> None:
    records = cost(PURCHASES, method)
    assert amounts(records) == [1000, 2200, -first, 1250, -second]
    assert closing(records) == (70, left)


@pytest.mark.parametrize(
    ("method", "issues"), [(FIFO, [-3.33, -3.34, -3.33]), (MOVING_AVERAGE, [-3.33, -3.33, -3.34])]
)
def test_the_last_issue_takes_what_is_left(method: int, issues: list[float]) -> None:
    """6.67 halved: FIFO rounds what is taken, the average rounds what stays."""
    records = cost([buy(3, 10), issue(1), issue(1), issue(1)], method)
    assert amounts(records)[1:] == issues
    assert closing(records) == (0, 0)


def test_a_periodic_average_keeps_the_remainder_in_stock_until_nothing_is_left() -> None:
    assert amounts(cost([buy(3, 10), issue(1), issue(1), issue(1)], PERIODIC_AVERAGE))[1:] == [
        -3.33,
        -3.33,
        -3.34,
    ]
    assert closing(cost([buy(3, 10), issue(1), issue(1)], PERIODIC_AVERAGE)) == (1, 3.34)


def test_supplier_returns_reduce_receipts_and_customer_returns_are_negative_issues() -> None:
    rows = [
        buy(100, 1_000),
        buy(200, 2_200),
        Row(IN_AMOUNT, -500_000, -55_000),
        issue(150),
        Row(IN_CURRENT, 200_000),
    ]
    records = cost(rows, PERIODIC_AVERAGE)
    assert amounts(records)[3:] == [-1590, 212]  # 10.60 each
    assert closing(records) == (120, 1272)


def test_a_return_of_an_earlier_period_is_a_receipt_at_its_original_cost() -> None:
    back = Row(IN_ORIGINAL, 200_000, original_quantity=1_000_000, original_amount=100_000)
    rows = [buy(100, 1_000), buy(200, 2_200), Row(IN_AMOUNT, -500_000, -55_000), issue(150), back]
    records = cost(rows, PERIODIC_AVERAGE)
    assert amounts(records)[4] == 200
    assert closing(records) == (120, 1266.67)


def test_a_late_invoice_raises_stock_and_is_expensed_where_nothing_is_left() -> None:
    """50 estimated at 100, invoiced at 104: all 200 to stock while anything is there, to expense when it is
    gone."""
    late = Row(VALUE, 0, 20_000, original_slot=0)
    (kept,) = movements(cost([buy(50, 5_000, own_slot=0), issue(30), late], MOVING_AVERAGE))[2:]
    assert (kept["out_amount"], kept["expensed_amount"], kept["balance_amount"]) == (20_000, 0, 220_000)
    (gone,) = movements(cost([buy(50, 5_000, own_slot=0), issue(50), late], FIFO))[2:]
    assert (gone["out_amount"], gone["expensed_amount"]) == (0, 20_000)
    (policy,) = movements(cost([buy(50, 5_000, own_slot=0), late], FIFO, late_cost="expense"))[1:]
    assert (policy["out_amount"], policy["expensed_amount"]) == (0, 20_000)


def test_a_late_cost_goes_to_its_own_layer() -> None:
    rows = [
        buy(10, 100, own_slot=0),
        buy(10, 100, own_slot=1),
        Row(VALUE, 0, 5_000, original_slot=1),
        issue(10),
    ]
    records = cost(rows, FIFO)
    assert amounts(records) == [100, 100, 50, -100]
    assert [layer["layer_amount"] for layer in of_kind(records, "layer")] == [15_000]


def test_returns_go_by_what_their_original_was_worth() -> None:
    bought = [buy(10, 100, own_slot=0), issue(4, own_slot=1), buy(4, 100)]
    rows = [*bought, Row(IN_ORIGINAL, 20_000, original_slot=1), Row(OUT_ORIGINAL, -30_000, original_slot=0)]
    assert amounts(cost(rows, MOVING_AVERAGE))[3:] == [20, -30]


def test_a_supplier_return_takes_its_own_layer_and_then_the_oldest() -> None:
    rows = [buy(10, 100), buy(10, 200, own_slot=0), Row(OUT_ORIGINAL, -120_000, original_slot=0)]
    assert amounts(cost(rows, FIFO))[2] == -220
    assert (
        amounts(cost([buy(10, 100), buy(10, 200), Row(OUT_ORIGINAL, -20_000)], FIFO))[2] == -20
    )  # unknown: as an issue


def test_a_late_cost_does_not_go_to_a_layer_that_took_the_place_of_its_own() -> None:
    late = Row(VALUE, 0, 700, original_slot=0)
    rows = [buy(10, 100, own_slot=0), issue(10), buy(10, 300, own_slot=1), late]
    (said,) = movements(cost(rows, FIFO))[3:]
    assert (said["out_amount"], said["expensed_amount"]) == (0, 700)


def test_a_late_cost_of_an_old_layer_says_nothing_of_the_last_cost() -> None:
    late = Row(VALUE, 0, 5_000, original_slot=0)
    rows = [buy(10, 100, own_slot=0), buy(10, 200, own_slot=1), late, issue(20), issue(1)]
    assert amounts(cost(rows, FIFO, negative_stock="estimate_and_true_up"))[4] == -20


def test_a_return_includes_the_late_cost_of_its_receipt() -> None:
    """10 at 10 became 10 at 12: what goes back to the supplier goes at 12."""
    late = Row(VALUE, 0, 2_000, original_slot=0)
    rows = [buy(10, 100, own_slot=0), buy(10, 300), late, Row(OUT_ORIGINAL, -20_000, original_slot=0)]
    assert amounts(cost(rows, MOVING_AVERAGE))[3] == -24


def test_a_late_cost_and_a_return_find_the_layer_that_was_carried_over() -> None:
    carried = [
        Row(CARRIED_STATE, 200_000, 30_000, FIFO, last_cost_quantity=100_000, last_cost_amount=20_000),
        Row(CARRIED_LAYER, 100_000, 10_000, FIFO, original_quantity=100_000),
        Row(CARRIED_LAYER, 100_000, 20_000, FIFO, own_slot=0, original_quantity=100_000),
    ]
    back = Row(
        OUT_ORIGINAL, -50_000, None, FIFO, original_slot=0, original_quantity=100_000, original_amount=20_000
    )
    records = valued(numbered([*carried, Row(VALUE, 0, 5_000, FIFO, original_slot=0), back]))
    assert amounts(records) == [50, -125]


def test_figures_of_an_earlier_period_do_not_count_where_the_original_is_in_this_run() -> None:
    back = Row(OUT_ORIGINAL, -10_000, original_slot=0, original_quantity=10_000, original_amount=99_900)
    assert amounts(cost([buy(10, 100, own_slot=0), buy(10, 300), back], MOVING_AVERAGE))[2] == -10


def test_a_receipt_into_refused_negative_stock_is_no_error_under_standard_cost() -> None:
    below = Row(CARRIED_STATE, -50_000, -5_000, STANDARD, unit_cost=10_000_000)
    records = valued(numbered([below, buy(2, 20, method=STANDARD)]), negative_stock="refuse")
    assert amounts(records) == [20]
    assert not of_kind(records, "error")


def test_a_refill_corrects_what_was_estimated_below_zero() -> None:
    """2 short at 10, filled at 12: the issue was worth 4 more; returning it brings back what it was worth."""
    rows = [buy(8, 80), issue(10, own_slot=0), buy(4, 48), Row(IN_ORIGINAL, 100_000, original_slot=0)]
    records = cost(rows, FIFO, negative_stock="estimate_and_true_up")
    (correction,) = true_ups(records)
    assert (correction["out_amount"], correction["source_sequence_no"], correction["sequence_no"]) == (
        -400,
        2,
        3,
    )
    assert correction["event_id"] == "e2/e3"
    assert correction["original_event_id"] == "e2"
    assert amounts(records) == [80, -100, 48, 104]
    assert closing(records) == (12, 128)


def test_stock_below_zero_is_refused_by_name() -> None:
    records = cost([buy(8, 80), issue(10), issue(8)], MOVING_AVERAGE, negative_stock="refuse")
    assert [(e["sequence_no"], e["error_code"], e["event_id"]) for e in of_kind(records, "error")] == [
        (2, "negative_refused", "e2")
    ]
    assert amounts(records) == [80, 0, -80]


def test_a_period_fills_what_the_last_one_left_below_zero_before_it_makes_its_rate() -> None:
    rows = [
        Row(CARRIED_STATE, -50_000, -5_000, PERIODIC_AVERAGE),
        Row(CARRIED_NEGATIVE, 50_000, 5_000, PERIODIC_AVERAGE, event_id="old"),
        buy(6, 72, method=PERIODIC_AVERAGE),
        issue(1, method=PERIODIC_AVERAGE),
    ]
    records = valued(with_totals(numbered(rows)), negative_stock="estimate_and_true_up")
    assert [(r["out_amount"], r["original_event_id"]) for r in true_ups(records)] == [(-1_000, "old")]
    assert amounts(records) == [72, -12]
    assert closing(records) == (0, 0)


def test_standard_cost_keeps_the_variance_out_of_stock() -> None:
    rows = [Row(REVALUE, unit_cost=10_000_000), buy(10, 120), issue(4), Row(REVALUE, unit_cost=11_000_000)]
    records = cost(rows, STANDARD)
    assert amounts(records) == [0, 100, -40, 6]
    assert [record["expensed_amount"] for record in movements(records)] == [0, 2_000, 0, 0]
    assert of_kind(records, "state")[0]["state_unit_cost"] == 11_000_000


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO, PERIODIC_AVERAGE])
def test_a_move_inside_a_pool_changes_nothing_and_its_two_lines_agree(method: int) -> None:
    rows = [buy(3, 10), Row(NEUTRAL, -10_000), Row(NEUTRAL, 10_000), issue(3)]
    assert amounts(cost(rows, method)) == [10, -3.33, 3.33, -10]


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO])
def test_a_transfer_arrives_at_what_it_left_with(method: int) -> None:
    rows = [buy(3, 10), issue(1, own_slot=0), Row(IN_ORIGINAL, 10_000, original_slot=0, pool_key=1)]
    records = cost(rows, method)
    assert amounts(records) == [10, -3.33, 3.33]
    assert {s["pool_key"]: s["balance_amount"] for s in of_kind(records, "state")} == {0: 667, 1: 333}


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([Row(IN_AMOUNT, 10_000)], "no_cost"),
        ([Row(IN_CURRENT, 10_000)], "no_cost"),
        ([Row(IN_AMOUNT, 10_000, -1)], "negative_cost"),
        ([Row(IN_AMOUNT, 10_000, 100, STANDARD)], "standard_cost_missing"),
        ([Row(IN_AMOUNT, 10_000, 100, PERIODIC_AVERAGE)], "pool_total_missing"),
        ([Row(IN_AMOUNT, 1, 2**63 - 1), Row(IN_AMOUNT, 1, 1)], "overflow"),
        ([Row(IN_AMOUNT, 2**62, 1), Row(IN_CURRENT, 2**62)], "overflow"),
        ([Row(IN_AMOUNT, 2**62, unit_cost=2**40)], "overflow"),
        ([Row(IN_AMOUNT, 1, 1), Row(IN_AMOUNT, 1, 1, FIFO)], "method_changed"),
        ([Row(10, 1, 1)], "unsupported_operation"),
        ([Row(IN_AMOUNT, 1, 1, 7)], "unsupported_operation"),
        ([Row(REVALUE, unit_cost=1)], "unsupported_operation"),
        ([Row(IN_AMOUNT, 1, 1, own_slot=-2)], "bad_reference"),
        (
            [Row(IN_AMOUNT, 5, 5, PERIODIC_AVERAGE, pool_total_quantity=5, pool_total_amount=6)],
            "pool_total_mismatch",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_valued_is_an_error_beside_the_movement(rows: list[Row], error: str) -> None:
    records = valued(numbered(rows))
    (found,) = of_kind(records, "error")
    assert (found["error_code"], found["event_id"]) == (error, f"e{len(rows)}")
    assert len(movements(records)) == len(rows)
    if error != "pool_total_mismatch":
        assert movements(records)[-1]["out_amount"] == 0


def test_rows_out_of_order_stop_the_run() -> None:
    rows = numbered([Row(IN_AMOUNT, 1, 1), Row(IN_AMOUNT, 1, 1)])
    with pytest.raises(ValueError, match="not sorted by component_key, sequence_no: sequence_no 1"):
        valued(rows[::-1])


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(ValueError, match="unit_cost_decimals 9"):
        valued(numbered([Row(IN_AMOUNT, 1, 1)]), unit_cost_decimals=9)
    with pytest.raises(ValueError, match="half_of_it"):
        valued(numbered([Row(IN_AMOUNT, 1, 1)]), late_cost="half_of_it")


def test_no_movements_give_no_records() -> None:
    assert valued([]) == []
