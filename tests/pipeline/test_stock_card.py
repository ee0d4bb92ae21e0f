"""The stock card: every printed calculation is done again from its printed operands, for every line of the example
company under every method, and for stories with all that it does not have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from pipelines import cli, published
from pipelines.books import load_books
from pipelines.demo import generate
from pipelines.stock_card import Card, find_item, make_cards
from tests.pipeline.candidates import build_periods
from tests.pipeline.test_cost_layers import write_negative
from tests.pipeline.test_late_cost import build as build_late
from tests.pipeline.test_linked_pools import write_stock
from tests.pipeline.test_production import write_factory

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


FACTORY: dict[str, tuple[list[tuple[object, ...]], list[tuple[object, ...]]]] = {
    "2026-01": (
        [
            ("O1", "01", "opening", "M", 600, "60000", ""),
            ("A1", "02", "other_in", "M", 100, "10001", ""),
            ("I1", "05", "production_issue", "M", 400, "", "MO1"),
            ("B1", "06", "production_return", "M", 13, "", "MO1"),
            ("F1", "20", "production_receipt", "N", 37, "", "MO1"),
            ("F2", "22", "production_receipt", "N", 43, "", "MO1"),
            ("G1", "22", "production_receipt", "Q", 1, "10.00", "MO1"),
            ("I2", "23", "subcontract_issue", "M", 10, "", "WO1"),
            ("C1", "25", "conversion", "P", 2, "", ""),
            ("C1", "25", "conversion", "N", -3, "", ""),
            ("C1", "25", "conversion", "Q", 1, "", ""),
            ("F3", "24", "subcontract_receipt", "P", 9, "10.01", "WO1"),
        ],
        [("MO1", "N", "labour", "12000", 20, "50%"), ("MO1", "N", "overhead", "8000", 20, "50%")],
    ),
    "2026-02": ([("F4", "10", "production_receipt", "N", 20, "", "MO1")], [("MO1", "N", "labour", "1000", "", "")]),
}  # fmt: skip


@pytest.mark.parametrize("method", ["moving_average", "periodic_average"])
def test_a_product_names_its_order_its_material_and_its_conversion_cost(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = made(write_factory(tmp_path / "books", method, FACTORY), MONTHS, monkeypatch)
    assert wrong_lines(cards) == []
    reasons = {line.row["document_no"]: line.reason for card in cards for line in card.lines if line.row}
    assert "order MO1; material: " in reasons["F4"]
    assert "÷ 100" in reasons["F2"]
    assert "÷ 90" in reasons["F2"]
    assert "order WO1" in reasons["F3"]


@pytest.mark.parametrize("method", ["moving_average", "fifo", "periodic_average"])
def test_stock_below_zero_is_estimated_and_trued_up_by_name(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = made(write_negative(tmp_path / "books", method), MONTHS, monkeypatch)
    assert wrong_lines(cards) == []
    (reason,) = [line.reason for line in cards[0].lines if line.row and line.row["cost_basis"] == "true_up"]
    assert "goods receipt R3 fills 3 that delivery D2 took below zero" in reason


def test_pools_that_feed_each_other_show_the_average_that_solves_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock = [
        ("O1", "01", "opening", "V", "", "100", "1000"), ("O2", "01", "opening", "W", "", "50", "450"),
        ("T1", "10", "transfer", "V", "W", "80", ""), ("I1", "12", "other_in", "V", "", "100", "1200"),
        ("T2", "11", "transfer", "W", "V", "20", ""),
    ]  # fmt: skip
    cards = made(
        write_stock(tmp_path / "books", "periodic_average", {"2026-01": stock}), ["2026-01"], monkeypatch
    )
    assert wrong_lines(cards) == []
    out = [line.reason for line in cards[0].lines if line.row and line.row["event_type"] == "transfer_out"]
    assert out == ["average of the month: 2,403.70 ÷ 220 ≈ 10.925909; 2,403.70 × 80 ÷ 220 ≈ 874.07"]


@pytest.mark.parametrize(
    ("method", "policy"),
    [("fifo", "on_hand_share"), ("moving_average", "on_hand_share"), ("periodic_average", "expense")],
)
def test_a_late_cost_names_its_receipt_and_where_it_went(
    method: str, policy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "books"
    built = build_late(root, method, policy, "quantity", tmp_path / "work")
    publish(root, [one.folder for one in built], monkeypatch)
    cards = all_cards(root)
    assert wrong_lines(cards) == []
    (late,) = [line.reason for line in cards[0].lines if line.row and line.row["cost_basis"] == "late_cost"]
    assert late.startswith("landed cost of goods receipt R1: 3.33; ")
    assert late.endswith(
        "follows the goods that left: 3.33 − 2.00 = 1.33"
        if policy != "expense"
        else "not added to stock, expensed: 3.33"
    )


def test_the_command_prints_a_card_and_lists_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_negative(tmp_path / "books", "moving_average")
    books = str(root)
    assert cli.run(["cost", "A", "--books", books]) == 2
    assert "Nothing is published" in capsys.readouterr().err
    made(root, MONTHS, monkeypatch)
    capsys.readouterr()
    assert cli.run(["cost", "螺丝", "--books", books, "--period", "2026-01"]) == 0
    told = capsys.readouterr().out
    assert "Stock card  A 螺丝" in told
    assert "5 left in stock: 310.00 × 5 ÷ 30 ≈ 51.67; issued: 310.00 − 51.67 = 258.33" in told
    assert "2026-02" not in told
    assert cli.run(["cost", "A", "--books", books, "--format", "csv", "--warehouse", "W"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 1 + 5 + 2 + 1 + 3 + 2
    assert cli.run(["cost", "罗丝", "--books", books]) == 2
    assert "A 螺丝" in capsys.readouterr().err
    assert cli.run(["cost", "xyzzy", "--books", books]) == 2
    assert "xyzzy" in capsys.readouterr().err


@pytest.mark.parametrize(
    "false",
    ["1.00 + 2.00 = 3.01", "10.00 × 1 ÷ 3 = 3.33", "10.00 × 1 ÷ 3 ≈ 3.34", "(5.00 + 5.00) ÷ (1 + 1) ≈ 5.00"],
)
def test_a_false_equation_is_found(false: str) -> None:
    (found,) = EQUATION.finditer(f"together: {false}")
    assert not is_true(*found.groups())
