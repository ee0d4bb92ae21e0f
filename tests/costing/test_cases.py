"""Worked cases of ERPNext, Odoo and Tryton, each under the policy of its own system where that policy is
offered."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.costing.case_figures import Figures
from tests.costing.cases import (
    FOLDER,
    LEDGER_ONLY,
    NO_STOCK,
    NOT_OFFERED,
    Translation,
    case_files,
    cents,
    load,
    reason_to_skip,
    units,
)  # fmt: skip
from tests.costing.oracle import half_up

FILES = case_files()
PRICED_POOL = {"unit_price_after": 0, "P2_unit_price": 1}
STOCK_ROLES = {"inventory", "stock_valuation"}
SECTION = "Worked cases of other systems that are not offered"
needs_cases = pytest.mark.skipif(
    not FILES, reason=f"no worked cases in {FOLDER.name}: set TIEOUT_COSTING_CASES to their folder"
)

Check = tuple[str, Any, Any]


def figures_after(case: dict[str, Any], seq: int) -> Figures:
    translation = Translation(case, seq)
    return Figures(translation.rows, translation.late_cost)


def per_unit(amount: int, quantity: int, decimals: int) -> Fraction:
    return Fraction(round(Fraction(amount * 100, quantity), decimals))


def checks_of(expected: dict[str, Any], seq: int, figures: Figures, case: dict[str, Any]) -> Iterator[Check]:
    """What a case says of one event right after it, as (name, expected, actual)."""
    decimals = case["precision"]["unit_cost"] or 2
    money = amounts_of(seq, figures, case)
    for name, value in expected.items():
        if name in money:
            yield name, cents(value), money[name]
        elif name in ("qty", "remaining_qty") and not isinstance(value, list):
            yield name, units(value), figures.balance[seq][0]
        elif name in ("in_rate", "out_rate", "move_cost"):
            yield name, round(Fraction(str(value)), decimals), rate_of(seq, figures, decimals)
        elif name == "rate" and figures.balance[seq][0] > 0:
            yield name, round(Fraction(str(value)), decimals), current_rate(seq, figures, case, decimals)
        elif name == "queue":
            yield name, [(units(q), cents(q * rate)) for q, rate in value], queue(figures)


def amounts_of(seq: int, figures: Figures, case: dict[str, Any]) -> dict[str, int]:
    """Amounts by the name a case gives them; ERPNext counts the correction of a refill as part of the
    receipt."""
    delta, adjusted = figures.delta[seq], figures.adjusted[seq]
    return {
        "value": figures.balance[seq][1],
        "wh_value": figures.value,
        "delta": delta + (adjusted if case["system"] == "erpnext" else 0),
        "adj": adjusted,
        "cost": abs(delta),
    }


def rate_of(seq: int, figures: Figures, decimals: int) -> Fraction:
    amount = figures.into[seq] or abs(figures.delta[seq])
    return per_unit(amount, figures.quantity[seq], decimals)


def current_rate(seq: int, figures: Figures, case: dict[str, Any], decimals: int) -> Fraction:
    """Odoo shows a FIFO item at its oldest layer, the others the average of what is there."""
    if case["method"] == "fifo" and case["system"].startswith("odoo"):
        return per_unit(figures.layers[0][1], figures.layers[0][0], decimals)
    return per_unit(figures.balance[seq][1], figures.balance[seq][0], decimals)


def queue(figures: Figures) -> list[tuple[int, int]]:
    """ERPNext keeps one negative entry and merges neighbours of one rate."""
    if figures.short:
        return [(-sum(q for q, _ in figures.short), -sum(a for _, a in figures.short))]
    merged: list[tuple[int, int]] = []
    for quantity, amount in figures.layers:
        if merged and merged[-1][1] * quantity == amount * merged[-1][0]:
            merged[-1] = (merged[-1][0] + quantity, merged[-1][1] + amount)
        else:
            merged.append((quantity, amount))
    return merged


def all_checks(case: dict[str, Any]) -> Iterator[Check]:
    expected = case["expected"]
    last = max(event["seq"] for event in case["events"])
    for seq, figures_expected in expected.get("after", {}).items():
        yield from checks_of(figures_expected, int(seq), figures_after(case, int(seq)), case)
    for restated in expected.get("restated", []):
        figures = figures_after(case, restated["after_seq"])
        bear_late_cost(restated["of_seq"], figures, case)
        yield from checks_of(restated, restated["of_seq"], figures, case)
    final = figures_after(case, last)
    yield "errors", [], final.errors
    yield from end_checks(expected.get("end", {}), final, case)
    for journal in expected.get("journals", []):
        yield from journal_checks(journal, case)
    yield from account_checks(case)
    yield from calc_checks(expected.get("calc", {}), final)


def bear_late_cost(seq: int, figures: Figures, case: dict[str, Any]) -> None:
    """A restated receipt includes its landed cost, the only issue the share of it that is not in stock."""
    issues = [event["seq"] for event in case["events"] if event["type"] == "issue"]
    for event in case["events"]:
        if event["type"] == "landed_cost" and event["ref"] == seq:
            figures.delta[seq] += figures.delta[event["seq"]]
        elif event["type"] == "landed_cost" and issues == [seq]:
            figures.delta[seq] -= figures.expensed[event["seq"]]


def account_checks(case: dict[str, Any]) -> Iterator[Check]:
    """What went through the stock account so far, and its balance: goods in transit are not on it."""
    expected = case["expected"]
    for seq, accounts in expected.get("account_totals_after", {}).items():
        moved = figures_after(case, int(seq)).delta.values()
        for side, sign in (("debit", 1), ("credit", -1)):
            if side in accounts.get("stock", {}):
                total = sum(max(sign * amount, 0) for amount in moved)
                yield f"stock {side} after {seq}", cents(accounts["stock"][side]), total
    for seq, accounts in expected.get("account_balance_after", {}).items():
        translation = Translation(case, int(seq))
        left = Figures(translation.rows, translation.late_cost).pools
        places = {pool for (_, warehouse, _), pool in translation.pools.items() if warehouse != "transit"}
        yield (
            f"stock after {seq}",
            cents(accounts["stock"]),
            sum(left[pool][1] for pool in places & set(left)),
        )


def end_checks(end: dict[str, Any], figures: Figures, case: dict[str, Any]) -> Iterator[Check]:
    decimals = case["precision"]["unit_cost"] or 2
    if "value" in end:
        yield "end value", cents(end["value"]), figures.value
    if "qty" in end:
        yield "end qty", units(end["qty"]), figures.on_hand
    if "rate" in end and figures.on_hand > 0:
        seq = max(figures.balance)
        yield (
            "end rate",
            round(Fraction(str(end["rate"])), decimals),
            current_rate(seq, figures, case, decimals),
        )
    if "queue" in end:
        yield "end queue", [(units(q), cents(q * rate)) for q, rate in end["queue"]], queue(figures)


def journal_checks(journal: dict[str, Any], case: dict[str, Any]) -> Iterator[Check]:
    """Only the lines on the stock account, as first posted: the other accounts are the business of
    postings."""
    if journal["seq"] in {event["seq"] for event in case["events"] if event["type"] == "invoice_out"}:
        yield from cost_of_sales_checks(journal, case)
        return
    lines = [line for line in journal["lines"] if line["role"] in STOCK_ROLES]
    named = str(journal["seq"]).split("+")
    moving = {event["seq"] for event in case["events"] if event["type"] not in NO_STOCK}
    if not lines or not all(name.isdigit() and int(name) in moving for name in named):
        return
    figures = figures_after(case, max(map(int, named)))
    amount = sum(cents(line.get("debit", 0)) - cents(line.get("credit", 0)) for line in lines)
    yield f"journal {journal['seq']}", amount, sum(figures.delta[int(name)] for name in named)


def cost_of_sales_checks(journal: dict[str, Any], case: dict[str, Any]) -> Iterator[Check]:
    """An invoice costs what the deliveries since the one before it took out of stock, where there are any, and
    what refills since then corrected.
    """
    lines = [line for line in journal["lines"] if line["role"] == "cogs"]
    seq = journal["seq"]
    before = [
        event["seq"] for event in case["events"] if event["type"] == "invoice_out" and event["seq"] < seq
    ]
    since = [event for event in case["events"] if max(before, default=0) < event["seq"] < seq]
    issues = [event["seq"] for event in since if event["type"] == "issue"]
    if lines and issues:
        figures = figures_after(case, seq)
        amount = sum(cents(line.get("debit", 0)) - cents(line.get("credit", 0)) for line in lines)
        corrected = sum(figures.adjusted[event["seq"]] for event in since)
        yield f"cost of sales {seq}", amount, -sum(figures.delta[issue] for issue in issues) - corrected


def calc_checks(calc: dict[str, Any], figures: Figures) -> Iterator[Check]:
    named = {
        "receipt_value_difference": figures.delta[1] + figures.delta[2],
        "issue_value_difference": figures.delta[3] + figures.delta[4],
        "landed_line1": figures.delta[3],
        "landed_line2": figures.delta[4],
        "inventory_loss": figures.delta[3],
        "ending_stock": figures.value,
        "value_after_seq2_increases_by": figures.delta[3],
        "produced_minus_consumed": figures.delta[2],
        "total_landed": figures.delta[2] + figures.delta[3],
        "to_inventory": figures.delta[1],
        "to_period_cost": figures.expensed[1],
    }
    for name, value in calc.items():
        if name in named:
            yield name, cents(value), named[name]
        elif name in PRICED_POOL:
            quantity, amount = figures.pools[PRICED_POOL[name]]
            yield name, cents(value), half_up(Fraction(amount * 10_000, quantity))
    if calc.get("abs_out_equals_in"):
        yield "out equals in", 0, figures.delta[2]


@needs_cases
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_worked_case_comes_out_as_its_system_says(path: Path) -> None:
    case = load(path)
    if reason := reason_to_skip(case):
        pytest.skip(f"{case['id']}: {reason}")
    checks = list(all_checks(case))
    assert len(checks) > 1, "asserts nothing about the value of stock"
    wrong = [check for check in checks if check[1] != check[2]]
    assert not wrong, case.get("notes")


def section() -> str:
    """What docs/decisions.md says of the cases."""
    text = (Path(__file__).parents[2] / "docs" / "decisions.md").read_text("utf-8")
    return text.split(f"· {SECTION}\n")[1].split("\n## ")[0]


def test_the_documentation_lists_every_case_that_is_skipped_with_its_reason() -> None:
    rows = [line.strip("| ").split(" | ") for line in section().splitlines() if line.startswith("| `")]
    listed = [(case.strip("`"), reason) for case, reason in rows]
    ledger = [(case, f"ledger only: {reason}") for case, reason in LEDGER_ONLY.items()]
    assert sorted(listed) == sorted([*NOT_OFFERED.items(), *ledger])


@needs_cases
def test_the_documentation_counts_the_cases() -> None:
    """A reason for a case that is not there is a mistake; what is of the ledger alone says nothing of stock."""
    cases = {case["id"]: case for case in map(load, FILES)}
    assert set(NOT_OFFERED) | set(LEDGER_ONLY) <= set(cases)
    for name in LEDGER_ONLY:
        assert set(cases[name]["expected"]) <= {"journals", "account_totals"}
        lines = [line for journal in cases[name]["expected"]["journals"] for line in journal["lines"]]
        assert not [line for line in lines if line["role"] in STOCK_ROLES]
    run = [case for case in cases.values() if not reason_to_skip(case)]
    assert len(run) >= 75
    assert f"{len(run)} of {len(cases)}" in section()
