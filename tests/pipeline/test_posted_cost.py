"""A posted cost has a name only where the source's own unit costs reproduce it, to the cent and at that moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_periods

pytestmark = pytest.mark.xdist_group("posted_cost")

JANUARY, FEBRUARY = "2026-01", "2026-02"
BOOKS = (
    tiny.BOOKS.replace(
        "pool: company}", "pool: company, overrides: [{item_code: F, method: fifo}], late_cost: expense}"
    )
    .replace("standard: cas", "standard: anglo_saxon")
    .replace("extracts:\n", "extracts:\n  - {table: item_cost, path: inbox/item_cost.csv}\n")
)
BEFORE, AFTER = "2026-01-10 08:00:00", "2026-01-25 08:00:00"

# Ten are received at 5.00 and four delivered: 20.00 by the documents. What the ledger has for them on the 20th, what
# the source reports for the delivery now, the unit costs that it used, and the cause of the difference.
CASES = {
    "EVEN": ("20.00", "5.0000", [(BEFORE, "5.0000")], None),
    "POLICY": ("20.05", "5.0123", [(BEFORE, "5.0123"), (AFTER, "5.2000")], "policy_difference"),
    "CHANGED": ("20.05", "5.2000", [(BEFORE, "5.0123"), (AFTER, "5.2000")], "cost_recalculated"),
    "CENTS": ("20.07", "5.0123", [(BEFORE, "5.0123")], "unknown"),
    "LATER": ("20.80", "5.2000", [(BEFORE, "5.0000"), (AFTER, "5.2000")], "unknown"),
}

# Layers: ten at 5.00, billed at 5.30 on the 8th, then ten at 6.00, billed at 6.50 in February. A delivery of twelve on
# the 20th takes 10 × 5.30 + 2 × 6.00 = 65.00, the ledger has that; by the documents it is 62.00. February's three take
# 6.50 each from the 16th on: one on the 15th costs 6.00, two on the 20th 13.00.
LAYERS = {"F1": "65.00", "F2": "6.00", "F3": "13.00"}

ACCOUNTS = [*tiny.ACCOUNTS, ("5401", "价差", "purchase_variance")]
LINE = [*tiny.RECEIPT, "reported_unit_cost"]
ENTRY = [*tiny.ENTRY, "item_code", "entered_at", "voucher_kind"]


def moved(
    number: str, item: str, day: str, quantity: str, price: str, amount: str, reported: str
) -> tiny.Row:
    """A line of a receipt (R…) or a delivery."""
    party = "S1" if number.startswith("R") else "C1"
    return (number, 1, day, party, item, "W", quantity, price, amount, "0", reported)


def posted(
    kind: str, number: str, moment: str, *lines: tuple[str, str, str], item: str = ""
) -> list[tiny.Row]:
    """One voucher: account, debit, credit."""
    day, voucher = moment[:10], f"{kind[:1]}{number}"
    facts = ("", kind, number, item, moment, "revaluation" if kind == "revaluation" else "")
    return [(day[:7], "记", voucher, place, day, "x", *line, *facts) for place, line in enumerate(lines, 1)]


def received(number: str, moment: str, amount: str) -> list[tiny.Row]:
    return posted("goods_receipt", number, moment, ("1405", amount, ""), ("220202", "", amount))


def delivered(number: str, moment: str, cost: str, net: str) -> list[tiny.Row]:
    sale = (("1122", net, ""), ("6001", "", net), ("6401", cost, ""), ("1405", "", cost))
    return posted("delivery", number, moment, *sale)


def billed(number: str, moment: str, estimate: str, net: str, variance: str) -> list[tiny.Row]:
    lines = (("220202", estimate, ""), ("5401", variance, ""), ("2202", "", net))
    return posted("purchase_invoice", number, moment, *lines)


def write_books(root: Path) -> Path:
    tiny.write_books(root, [])
    inbox = root / "inbox"
    (root / "books.yml").write_text(BOOKS, "utf-8")
    tiny.write(
        root / "account_map.csv",
        ["account_role", "account_code"],
        [(role, code) for code, _, role in ACCOUNTS],
    )
    tiny.write(inbox / "account.csv", ["account_code", "name"], [(code, name) for code, name, _ in ACCOUNTS])
    items = [(item, item, "g", "是") for item in (*CASES, "F")]
    tiny.write(inbox / "item.csv", ["item_code", "name", "category", "is_stocked"], items)
    costs = [(item, moment, cost) for item, case in CASES.items() for moment, cost in case[2]]
    revalued = [("F", BEFORE, "5.5000"), ("F", "2026-02-21 08:00:00", "5.6000")]
    tiny.write(inbox / "item_cost.csv", ["item_code", "valid_from", "unit_cost"], [*costs, *revalued])
    january(inbox / JANUARY)
    february(inbox / FEBRUARY)
    return root


def january(folder: Path) -> None:
    receipts = [moved(f"R{item}", item, "2026-01-05", "10", "5.00", "50.00", "") for item in CASES]
    receipts.append(moved("RF1", "F", "2026-01-06", "10", "5.00", "50.00", "5.30"))
    receipts.append(moved("RF2", "F", "2026-01-07", "10", "6.00", "60.00", "6.50"))
    deliveries = [
        moved(item, item, "2026-01-20", "4", "10.00", "40.00", case[1]) for item, case in CASES.items()
    ]
    deliveries.append(moved("F1", "F", "2026-01-20", "12", "10.00", "120.00", "5.4167"))
    bill = ("P1", 1, "2026-01-08", "2026-01-08", "S1", "F", "10", "53.00", "0", "53.00", "RF1", 1)
    entries = [
        line
        for number, *_ in receipts
        for line in received(str(number), "2026-01-07 08:00:00", "60.00" if number == "RF2" else "50.00")
    ]
    entries += billed("P1", "2026-01-08 08:00:00", "50.00", "53.00", "3.00")
    for item, case in CASES.items():
        entries += delivered(item, "2026-01-20 12:00:00", case[0], "40.00")
    entries += delivered("F1", "2026-01-20 12:00:00", LAYERS["F1"], "120.00")
    deliver(folder, receipts, [bill], deliveries, entries)


def february(folder: Path) -> None:
    deliveries = [
        moved("F2", "F", "2026-02-15", "1", "10.00", "10.00", "6.0000"),
        moved("F3", "F", "2026-02-20", "2", "10.00", "20.00", "6.5000"),
    ]
    bill = ("P2", 1, "2026-02-16", "2026-02-16", "S1", "F", "10", "65.00", "0", "65.00", "RF2", 1)
    entries = [
        *delivered("F2", "2026-02-15 12:00:00", LAYERS["F2"], "10.00"),
        *billed("P2", "2026-02-16 08:00:00", "60.00", "65.00", "5.00"),
        *delivered("F3", "2026-02-20 12:00:00", LAYERS["F3"], "20.00"),
        # Five are left: 5 × 0.10.
        *posted(
            "revaluation", "F", "2026-02-21 09:00:00", ("1405", "0.50", ""), ("5401", "", "0.50"), item="F"
        ),
    ]
    deliver(folder, [], [bill], deliveries, entries)


def deliver(
    folder: Path,
    receipts: list[tiny.Row],
    bills: list[tiny.Row],
    deliveries: list[tiny.Row],
    entries: list[tiny.Row],
) -> None:
    tiny.write(folder / "goods_receipt_line.csv", LINE, receipts)
    tiny.write(folder / "purchase_invoice_line.csv", tiny.INVOICE, bills)
    tiny.write(folder / "delivery_line.csv", LINE, deliveries)
    tiny.write(folder / "gl_entry_line.csv", ENTRY, entries)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Built]:
    folder = tmp_path_factory.mktemp("posted")
    return build_periods(write_books(folder / "books"), [JANUARY, FEBRUARY], folder / "work")


def causes(built: Built) -> dict[tuple[str, str], str]:
    sql = "select tie_code, document_no, cause_code from reconciliation.reconciliation_break where status = 'new'"
    return {(tie, document): cause for tie, document, cause in built.rows(sql)}


def test_a_cost_is_named_only_where_the_source_used_it_then(built: list[Built]) -> None:
    assert [one.failed for one in built] == [[], []]
    found = causes(built[0])
    for item, case in CASES.items():
        for tie in ("stock", "cost_of_sales"):
            assert found.get((tie, item)) == case[3], (item, tie)


def test_layers_carry_over_and_cost_what_their_bill_said_once_it_was_posted(built: list[Built]) -> None:
    sql = "select document_no, cost_rule, amount from reconciliation.posted_cost where document_no like 'F_'"
    found = {number: (rule, f"{-amount:.2f}") for one in built for number, rule, amount in one.rows(sql)}
    assert found == {number: ("layers", cost) for number, cost in LAYERS.items()}
    assert causes(built[0])["stock", "F1"] == "invoice_price_difference"  # 3.00, which is in expense too
    assert ("stock", "F2") not in causes(built[1])
    assert causes(built[1])["stock", "F3"] == "invoice_price_difference"
    left = "select quantity, unit_cost, reported_unit_cost from state.posted_layer where item_code = 'F'"
    assert [[f"{value:.2f}" for value in row] for row in built[1].rows(left)] == [["5.00", "6.00", "6.50"]]


def test_a_revaluation_is_what_is_on_hand_times_the_change_of_the_cost(built: list[Built]) -> None:
    sql = "select amount from reconciliation.posted_cost where cost_rule = 'revaluation'"
    assert [f"{amount:.2f}" for (amount,) in built[1].rows(sql)] == ["0.50"]
    assert causes(built[1])["stock", "F"] == "cost_recalculated"
