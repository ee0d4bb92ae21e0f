"""What text means as number, date, flag and code, against Python's own exact types as the second opinion."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extracts.macros import create_macros

if TYPE_CHECKING:
    from collections.abc import Iterator

EXACT = Decimal("0.0000000001")
CONNECTION = duckdb.connect()
create_macros(CONNECTION)


def all_parsed(macro: str, texts: list[str | None]) -> list[Any]:
    sql = f"select {macro}(t) from (select unnest(?::varchar[]) as t)"
    return [value for (value,) in CONNECTION.execute(sql, [texts]).fetchall()]


def parsed(macro: str, text: str | None) -> Any:
    return all_parsed(macro, [text])[0]


def spellings(value: Decimal) -> Iterator[str]:
    """The ways in which exports write one number."""
    plain = f"{value:f}"
    sign, digits = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    whole, dot, cents = digits.partition(".")
    grouped = f"{int(whole):,}{dot}{cents}" if whole == str(int(whole)) else digits
    yield from (plain, f"  {plain} ", sign + grouped, sign + "¥" + grouped, sign + grouped + "元")
    yield (sign + grouped).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,.-"})
    if sign:
        yield from (f"({grouped})", f"{digits}-", f"（{grouped}）")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.decimals(min_value=-(10**15), max_value=10**15, allow_nan=False), min_size=1, max_size=20))
def test_every_spelling_of_a_number_is_that_number(values: list[Decimal]) -> None:
    written = [(text, value) for v in values for value in [v.quantize(EXACT)] for text in spellings(value)]
    found = all_parsed("parse_decimal", [text for text, _ in written])
    assert found == [value for _, value in written]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet="0123456789.,-+()eE ¥%元_'", max_size=12), min_size=1, max_size=50))
def test_no_text_raises_and_what_is_read_is_a_number_to_python_too(texts: list[str]) -> None:
    for text, found in zip(texts, all_parsed("parse_decimal", list(texts)), strict=True):
        if found is not None:
            assert abs(found - as_python(text)) <= EXACT / 2, text


def as_python(text: str) -> Decimal:
    """The same text read by Python, once what only people write is taken away; raises for no number."""
    kept = text.translate(dict.fromkeys(map(ord, "¥元,' %")))
    kept = "-" + kept.strip("()") if "(" in kept else kept
    kept = "-" + kept[:-1] if kept.endswith("-") else kept
    return Decimal(kept) / (100 if "%" in text else 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.56", "1234.56"),
        ("1 234.56", "1234.56"),
        ("￥ 1,234元", "1234"),
        ("-¥5.00", "-5"),
        ("(¥5)", "-5"),
        ("13%", "0.13"),
        ("１３％", "0.13"),
        ("1.5E-3", "0.0015"),
        ("0.30000000000000004", "0.3"),
        (".5", "0.5"),
        ("9007199254740993.01", "9007199254740993.01"),
        ("CNY 7", "7"),
        ("−3", "-3"),
        ("+7", "7"),
    ],
)
def test_numbers_that_exports_write(text: str, value: str) -> None:
    assert parsed("parse_decimal", text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        None,
        "-",
        "abc",
        "1,5",
        "1,2345",
        "12,34.5",
        "1_000",
        "--5",
        "(-5)",
        "5%-",
        "1.2.3",
        "9" * 40,
        "0x10",
        "Inf",
        "1e400",
        "1,234-5",
        "()",
    ],
)
def test_what_is_not_surely_a_number_is_none(text: str | None) -> None:
    assert parsed("parse_decimal", text) is None


@settings(max_examples=30, deadline=None)
@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_every_spelling_of_a_date_is_that_date(day: date) -> None:
    y, m, d = f"{day.year:04d}", day.month, day.day
    texts = [f"{y}-{m:02d}-{d:02d}", f"{y}/{m}/{d}", f"{y}.{m}.{d}", f"{y}{m:02d}{d:02d}", f"{y}年{m}月{d}日"]
    texts.append(texts[0].translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"}))
    texts += [f"{y}-{m}-{d} 08:30", f"{y}-{m:02d}-{d:02d}T08:30:15.250Z", f" {y}/{m:02d}/{d:02d} 8:30:00"]
    assert all_parsed("parse_date", list(texts)) == [day] * len(texts)
    texts += [f"{y}-{m:02d}", f"{y}{m:02d}", f"{y}年{m}月", f"{y}-{m} ", f"{y}.{m:02d}"]
    assert all_parsed("parse_period", list(texts)) == [f"{y}-{m:02d}"] * len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "2026-02-30",
        "2026-13-01",
        "05-01-2026",
        "2026-1",
        "2026 01 05",
        "x",
        "202601051",
        "46027",
        "infinity",
        "-2026-1-05",
    ],
)
def test_what_is_not_surely_a_date_is_none(text: str | None) -> None:
    assert parsed("parse_date", text) is None
    assert parsed("parse_timestamp", text) is None


@pytest.mark.parametrize("text", ["", None, "2026-13", "1", "01", "2026年", "x", "2026-00"])
def test_what_is_not_surely_a_period_is_none(text: str | None) -> None:
    assert parsed("parse_period", text) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-05", datetime(2026, 1, 5)),  # noqa: DTZ001
        ("2026/1/5 3:04", datetime(2026, 1, 5, 3, 4)),  # noqa: DTZ001
        ("2026年1月5日 13:04:05", datetime(2026, 1, 5, 13, 4, 5)),  # noqa: DTZ001
        ("2026-01-05T01:02:3.5Z", datetime(2026, 1, 5, 1, 2, 3, 500_000)),  # noqa: DTZ001
        ("20260105123000", datetime(2026, 1, 5, 12, 30)),  # noqa: DTZ001
        ("2026-01-05 25:00", None),
    ],
)
def test_moments(text: str | None, moment: datetime | None) -> None:
    assert parsed("parse_timestamp", text) == moment


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("是", True),
        ("Y", True),
        ("１", True),
        (" TRUE ", True),
        ("√", True),
        ("否", False),
        ("n", False),
        ("0", False),
        ("false", False),
        ("maybe", None),
        ("", None),
        (None, None),
        ("2", None),
    ],
)
def test_flags(text: str | None, value: object) -> None:
    assert parsed("parse_boolean", text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("  Ａ－１\u3000", "A-1"),
        ("\ufeffA\t", "A"),
        ("a b", "a b"),
        ("", None),
        (" \n", None),
        (None, None),
        ("记", "记"),
    ],
)
def test_codes_lose_width_and_edges_only(text: str | None, value: object) -> None:
    assert parsed("normalise_code", text) == value
