"""The stock card: every printed calculation is done again from its printed operands, for every line of the example
company under every method, and for stories with all that it does not have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from pipelines import published
from pipelines.books import load_books
from pipelines.demo import generate
from pipelines.stock_card import Card, find_item, make_cards
from tests.pipeline.candidates import build_periods

EQUATION = re.compile(r"([(\d][-\d,.()+−×÷ ]*?)\s*([=≈])\s*\(?(-?[\d,]+(?:\.\d+)?)\)?")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
MONTHS = ("2026-01", "2026-02")


def worked_out(left: str) -> Fraction:
    """The left side of a printed equation, in fractions."""
    text = NUMBER.sub(lambda found: f"Fraction('{found[0].replace(',', '')}')", left)
    return Fraction(eval(text.replace("−", "-").replace("×", "*").replace("÷", "/"), {"Fraction": Fraction}))


def is_true(left: str, sign: str, right: str) -> bool:
    """`=` exactly, `≈` within half of the last printed decimal (half up) and not exactly."""
    printed = Decimal(right.replace(",", ""))
    off = abs(worked_out(left)) - abs(Fraction(printed))
    if sign == "=":
        return off == 0
    half = Fraction(1, 2) / 10 ** -int(printed.as_tuple().exponent)
    return off != 0 and -half <= off < half


def wrong_lines(cards: Sequence[Card]) -> list[str]:
    """Lines whose reason is missing, false, or does not come to the figure beside it; balances that do not chain."""
    wrong = []
    for card in cards:
        before: tuple[Decimal, Decimal] | None = None
        for line in card.lines:
            came, left = line.came or (0, 0), line.left or (0, 0)
            if line.kind == "movement" and before is not None:
                chained = before[0] + came[0] - left[0], before[1] + came[1] - left[1]
                if chained != line.balance:
                    wrong.append(f"{card.pool_code} {line.period}: {line.balance} is not {chained}")
            before = line.balance
            if line.row is None:
                continue
            amount = f"{abs(line.row['amount']):,.2f}"
            false = [found[0] for found in EQUATION.finditer(line.reason) if not is_true(*found.groups())]
            says = amount in line.reason or not line.row["amount"]
            if false or not says or "follow from what" in line.reason or "不能由" in line.reason:
                wrong.append(
                    f"{card.method} {line.row['event_id']} {line.row['amount']}: {line.reason} {false}"
                )
    return wrong


def publish(root: Path, folders: Sequence[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the built periods count as published."""
    snapshot = root / "snapshot"
    snapshot.mkdir()
    for folder in folders:
        (snapshot / f"period={folder.parent.name}").symlink_to(folder)
    monkeypatch.setattr(published, "current_snapshot", lambda _: snapshot)


def all_cards(root: Path) -> list[Card]:
    books = load_books(root)
    codes = {code for (code,) in published.read(root, "stock_ledger", ["item_code"]).rows}
    return [card for code in sorted(codes) for card in make_cards(books, find_item(root, code), None, None)]


def made(root: Path, months: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> list[Card]:
    built = build_periods(root, months, root.parent / "work")
    assert not [message for one in built for message in one.messages]
    publish(root, [one.folder for one in built], monkeypatch)
    return all_cards(root)


SETTINGS = {
    "as the example keeps it": [],
    "periodic average": [("method: moving_average ", "method: periodic_average "), ("fifo}", "periodic_average}")],
    "fifo for the whole company, rounded": [
        ("method: moving_average ", "method: fifo "), ("pool: warehouse ", "pool: company "),
        ("method: periodic_average}", "method: moving_average}"), ("unit_cost_decimals: exact", 'unit_cost_decimals: "4"'),
        ("late_cost: stock", "late_cost: on_hand_share"), ("customer_return: original", "customer_return: current"),
    ],
    "standard": [("method: moving_average ", "method: standard "), ("late_cost: stock", "late_cost: expense")],
}  # fmt: skip


@pytest.mark.parametrize("changes", SETTINGS.values(), ids=SETTINGS)
def test_every_line_of_the_example_company_can_be_followed_by_hand(
    changes: list[tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "books"
    generate(root, periods=2, documents=80, seed=3)
    settings = (root / "books.yml").read_text("utf-8")
    for old, new in changes:
        assert old in settings
        settings = settings.replace(old, new)
    (root / "books.yml").write_text(settings, "utf-8")
    cards = made(root, MONTHS, monkeypatch)
    assert sum(line.row is not None for card in cards for line in card.lines) > 200
    assert wrong_lines(cards) == []
    ledger = published.read(
        root, "stock_ledger", ["item_code", "pool_code", "balance_amount"], order="period, sequence_no"
    )
    closing = {(item, pool): amount for item, pool, amount in ledger.rows}
    assert {(card.item.code, card.pool_code): card.lines[-1].balance[1] for card in cards} == closing
