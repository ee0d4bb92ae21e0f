"""Missing numbers in a series, as the gate names them."""

from __future__ import annotations

import duckdb
import pytest

from expectations.sequences import gaps


@pytest.mark.parametrize(
    ("numbers", "from_one", "missing"),
    [
        (["R-08", "R-10", "R-13"], False, ["R-09", "R-11…12"]),
        (["3", "4", "7"], True, ["1…2", "5…6"]),
        (["98", "100"], False, ["99"]),
        (["A9", "B11"], False, []),
        (["1", "1000"], False, []),
        (["无号", "5"], False, []),
    ],
)
def test_gaps_are_named(numbers: list[str], from_one: bool, missing: list[str]) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table delivered (no varchar, _file varchar, _row bigint, _row_id bigint)")
        connection.executemany(
            "insert into delivered values (?, 'f', ?, ?)", [(no, at, at) for at, no in enumerate(numbers)]
        )
        found = connection.execute(gaps("''", "no", from_one=from_one)).fetchall()
    assert sorted(value for _, _, value in found) == sorted(missing)
