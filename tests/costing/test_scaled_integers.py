"""Amounts and quantities become integers and come back exactly, on both sides of where 64 bits no longer do."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from jinja2 import Environment

MONEY = Path(__file__).parents[2] / "dbt_project/macros/money.sql"
CASES = {
    ("to_minor", "from_minor", 2): ["0", "0.01", "-0.01", "99999999999999", "99999999999999.01", "-99999999999999.99",
                                    "100000000000000", "9999999999999999.99", "-9999999999999999.99"],
    ("to_quantity_units", "from_quantity_units", 4): ["0", "0.0001", "-0.0001", "9999999999", "9999999999.0001",
                                                      "-9999999999.9999", "10000000000", "99999999999999.9999",
                                                      "-99999999999999.9999"],
}  # fmt: skip


def macro(name: str, argument: str) -> str:
    macros: Any = Environment(autoescape=False).from_string(MONEY.read_text("utf-8")).module
    return str(getattr(macros, name)(argument))


@pytest.mark.parametrize("width", [18, 38])
@pytest.mark.parametrize(("there", "back", "digits"), CASES)
def test_what_becomes_an_integer_comes_back_the_same(there: str, back: str, digits: int, width: int) -> None:
    """One column holds them all and NULL, as one figure and as a sum of figures."""
    texts = CASES[there, back, digits]
    connection = duckdb.connect()
    connection.execute(
        f"create table given as select unnest(?)::decimal({width}, {digits}) as figure", [[*texts, None]]
    )
    connection.execute(f"create table scaled as select figure, {macro(there, 'figure')} as units from given")
    assert connection.execute("select distinct typeof(units) from scaled").fetchall() == [("BIGINT",)]
    found = connection.execute(f"select units, {macro(back, 'units')} from scaled").fetchall()
    assert found == [(int(Decimal(text).scaleb(digits)), Decimal(text)) for text in texts] + [(None, None)]


@pytest.mark.parametrize(("there", "back", "digits"), CASES)
def test_what_fits_no_figure_is_refused(there: str, back: str, digits: int) -> None:
    del there, digits
    with pytest.raises(duckdb.ConversionException):
        duckdb.connect().execute(
            f"select {macro(back, 'units')} from (select cast(1000000000000000000 as bigint) as units)"
        )
