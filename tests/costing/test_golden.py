"""The worked figures of `golden.json`, read from the file: the kernel's by the kernel, those of rounding and shares by
the macros and the model that do them in SQL, rendered and run by themselves. How they flow through documents is in
tests/pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from jinja2 import Environment

from tests.costing.cases import FOLDER, load
from tests.costing.rows import FIFO, IN_AMOUNT, MOVING_AVERAGE, PERIODIC_AVERAGE, VALUE, Row, movements
from tests.costing.test_hand_figures import PURCHASES, buy, closing, cost, issue

GOLDEN = FOLDER / "golden.json"
MODELS = Path(__file__).parents[2] / "dbt_project"
METHODS = {"fifo": FIFO, "moving_average": MOVING_AVERAGE, "month_end_average": PERIODIC_AVERAGE}
HERE = {"costing", "residue_3_units_10.00", "rounding_mode", "freight_allocation_last_line_plug", "normal_loss",
        "gross_to_net", "line_vs_header", "estimate_then_invoice"}  # fmt: skip
ELSEWHERE = {"material_variance"}
"""What a period's end makes of planned prices: not the kernel's."""
OUT_OF_SCOPE = {"retail_margin"}
"""Retail prices less a margin are no method that is offered."""

pytestmark = pytest.mark.skipif(not GOLDEN.is_file(), reason=f"no golden.json in {FOLDER.name}")


def golden(key: str) -> Any:
    return load(GOLDEN)[key]


def cents(text: str) -> int:
    return int(Fraction(text) * 100)


def issued(records: list[dict[str, Any]]) -> list[int]:
    return [-record["out_amount"] for record in movements(records) if record["quantity"] < 0]


def macros() -> Any:
    """The macros of money, which name nothing of dbt."""
    return Environment(autoescape=False).from_string((MODELS / "macros/money.sql").read_text("utf-8")).module


def answer(expression: str) -> str:
    """The value of one SQL expression, as text, so that nothing passes through a float."""
    row = duckdb.connect().execute(f"select cast({expression} as varchar)").fetchone()
    assert row
    return str(row[0])


def test_every_figure_has_a_place() -> None:
    assert set(load(GOLDEN)) == HERE | ELSEWHERE | OUT_OF_SCOPE


@pytest.mark.parametrize("name", METHODS)
def test_a_year_under_each_method(name: str) -> None:
    assert set(golden("costing")) == set(METHODS)
    expected = golden("costing")[name]
    records = cost(PURCHASES, METHODS[name])
    assert issued(records) == [cents(text) for text in expected["issues"]]
    assert closing(records) == (float(expected["end_qty"]), float(expected["end_value"]))


@pytest.mark.parametrize(("method", "decimals"), [(FIFO, None), (MOVING_AVERAGE, 4)])
def test_the_last_issue_takes_what_is_left(method: int, decimals: int | None) -> None:
    """An average that rounds what stays takes 3.33, 3.33 and 3.34; one that rounds its unit cost goes by the file."""
    expected = golden("residue_3_units_10.00")
    records = cost([buy(3, 10), issue(1), issue(1), issue(1)], method, unit_cost_decimals=decimals)
    assert issued(records) == [cents(text) for text in expected["issues"]]
    assert closing(records) == (0, float(expected["end_value"]))


@pytest.mark.parametrize(("text", "value"), [("2.675->", "2.675"), ("12.345->", "12.345")])
def test_half_goes_away_from_zero_in_the_kernel_and_in_sql(text: str, value: str) -> None:
    """What a float makes of it, or cutting, is what is not done."""
    expected = golden("rounding_mode")[text]
    assert set(golden("rounding_mode")) == {"2.675->", "12.345->"}
    assert set(expected) <= {"half_up", "half_even", "float_round", "floor0"}
    for sign in (1, -1):
        row = Row(IN_AMOUNT, sign * 10_000, unit_cost=int(Fraction(value) * 10**6))
        (record,) = movements(cost([buy(9, 90), row], PERIODIC_AVERAGE))[1:]
        assert record["out_amount"] == sign * cents(expected["half_up"])
        up = Fraction(answer(macros().extended(f"{sign}", value)))
        assert up == sign * Fraction(expected["half_up"])
        even = Fraction(answer(macros().half_even(f"{sign * Fraction(value) * 1000} * 0.001::decimal(4, 3)")))
        assert even == sign * Fraction(expected["half_even"])


@pytest.mark.parametrize("method", [MOVING_AVERAGE, FIFO])
def test_a_difference_is_shared_by_what_is_on_hand(method: int) -> None:
    expected = golden("estimate_then_invoice")["difference_only"]
    late = Row(VALUE, 0, cents(expected["diff_total"]), original_slot=0)
    rows = [buy(50, 5_000, own_slot=0), issue(30), late]
    record = movements(cost(rows, method, late_cost="on_hand_share"))[2]
    assert record["out_amount"] == cents(expected["on_hand_20_of_50"])
    assert record["expensed_amount"] == cents(expected["to_cost_of_issued_30_of_50"])


def test_what_is_lost_on_the_way_makes_the_rest_dearer() -> None:
    expected = golden("normal_loss")
    quantity, value = int(expected["qty_in"]), float(expected["value"])
    records = cost([buy(quantity, value), issue(quantity / 10)], MOVING_AVERAGE)
    assert issued(records) == [cents(expected["value"]) // 10]
    assert closing(records) == (quantity * 0.9, value * 0.9)
    unit_cost = answer(macros().unit_cost_of(str(cents(expected["value"])), str(quantity * 10_000)))
    assert Fraction(unit_cost) == Fraction(expected["unit_cost_6dp"])


@pytest.mark.parametrize("place", range(7))
def test_net_and_tax_of_a_gross_amount_are_the_gross_amount(place: int) -> None:
    figures = golden("gross_to_net")
    assert len(figures) == 7
    said = figures[place]
    net = answer(macros().net_of_gross(said["gross"], said["rate"]))
    assert net == said["net"]
    assert Fraction(said["gross"]) - Fraction(net) == Fraction(said["tax"])


def test_tax_is_rounded_line_by_line() -> None:
    expected = golden("line_vs_header")
    lines = [answer(macros().tax_of("33.33", "0.13")) for _ in range(3)]
    assert lines == expected["line_tax"]
    assert sum(map(Fraction, lines)) == Fraction(expected["sum_of_lines"])
    assert answer(macros().tax_of("99.99", "0.13")) == expected["header_tax"]


def shares(connection: duckdb.DuckDBPyConnection, receipts: Sequence[str]) -> list[str]:
    """How `landed_cost_share` splits 100.00 over receipt lines of the same amount."""
    known = {"ref": lambda name: name, "source": lambda schema, name: f"{schema}_{name}"}
    model = (MODELS / "models/costing/landed_cost_share.sql").read_text("utf-8")
    columns = "event_id, event_type, document_no, item_code, quantity, net_amount, original_event_id"
    lines = [f"('{line}', 'supplier_receipt', 'R', 'A', 1.0, 10.0, null)" for line in receipts]
    charge = "('c', 'landed_cost', 'L', null, 0, 100.0, 'goods_receipt:R')"
    more = ("document_date", "effective_date", "posted_at", "entered_at", "party_code", "reason_code", "line_no",
            "department_code", "warehouse_code", "lot_no", "allocation_key")  # fmt: skip
    empty = ", ".join(f"null as {column}" for column in more)
    connection.execute(
        f"create or replace table business_event as select *, {empty} from (values {', '.join([charge, *lines])}) "
        f"as made({columns})"
    )
    connection.execute("create or replace table stg_item as select 'A' as item_code, 1.0 as unit_weight")
    connection.execute(
        "create or replace table carried_stock_ledger as select event_id, document_no, item_code, warehouse_code, "
        "lot_no, quantity, net_amount as amount, event_type as document_type from business_event where false"
    )
    sql = Environment(autoescape=False).from_string(model).render(**known)
    rows = connection.execute(f"select cast(amount as varchar) from ({sql}) order by event_id").fetchall()
    return [amount for (amount,) in rows]


def test_freight_is_split_to_the_cent() -> None:
    """The file gives the cent that is left to the last line; here it goes to the largest remainder, and among equals to
    the first line."""
    expected = golden("freight_allocation_last_line_plug")
    found = shares(duckdb.connect(), [f"goods_receipt:R:{line}" for line in (1, 2, 3)])
    assert found == expected[::-1]
