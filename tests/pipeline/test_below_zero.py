"""Issues into negative stock: estimated, and trued up where the issue was posted, in its period or later."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.pipeline import tiny
from tests.pipeline.candidates import Built, build_periods
from tests.pipeline.test_late_cost_share import Rows, posted, write_trade

ITEMS = {"M": "moving_average", "F": "fifo"}


def process(built: Built) -> dict[str, tuple[Decimal, ...]]:
    rows = built.rows(
        "select order_key, true_up_amount, completed_material_amount, settled_amount, closing_material_amount "
        "from costing.work_in_process"
    )
    return {order: tuple(figures) for order, *figures in rows}


def test_a_true_up_goes_where_its_issue_went(tmp_path: Path) -> None:
    """10 at 10.00 known; 14 leave for an order or a gift, the refill costs 12.00: 4 × 2.00 follow them.

    MO1 is finished in the month of the refill, MO2 in the month of the issue, MO3 is still in work.
    """
    january: tuple[Rows, Rows, Rows, Rows] = ([], [], [], [])
    february: tuple[Rows, Rows, Rows, Rows] = ([], [], [], [])
    for item in ITEMS:
        january[0].append((f"R{item}", "05", item, 10, 100))
        january[3].extend(
            [
                (f"I{item}", "06", "production_issue", item, 10, "", "MO1", ""),
                (f"J{item}", "07", "production_issue", item, 4, "", "MO1", ""),
                (f"K{item}", "08", "production_issue", item, 4, "", "MO2", ""),
                (f"L{item}", "09", "production_issue", item, 4, "", "MO3", ""),
                (f"G{item}", "10", "other_out", item, 4, "", "", "gift"),
            ]
        )
        february[0].append((f"S{item}", "05", item, 16, 192))
    january[3].append(("F2", "20", "production_receipt", "Z", 1, "", "MO2", ""))
    february[3].append(("F1", "20", "production_receipt", "Z", 1, "", "MO1", ""))
    months = {"2026-01": january, "2026-02": february}
    root = write_trade(tmp_path / "books", "stock", ITEMS, months)
    first, second = build_periods(root, list(months), tmp_path / "work")
    assert not first.messages + second.messages
    for item in ITEMS:
        assert posted(second, f"J{item}") == {"5001": Decimal(8), "1405": Decimal(-8)}
        assert posted(second, f"G{item}") == {"6602": Decimal(8), "1405": Decimal(-8)}
    zero = Decimal(0)
    assert process(second) == {
        "order:MO1": (Decimal(16), Decimal(296), zero, zero),
        "order:MO2": (Decimal(16), zero, Decimal(16), zero),
        "order:MO3": (Decimal(16), zero, zero, Decimal(96)),
    }
    assert posted(second, "MO2") == {"6401": Decimal(16), "5001": Decimal(-16)}


def test_a_true_up_in_a_later_period_names_the_line_of_its_issue(tmp_path: Path) -> None:
    """Nothing left of 1 at 10.00 when line 7 of D9 sells 2 and, a day later, line 3 of D1 sells 4. 4 come at 12.00: all
    of D9 is filled, and 2 of D1; the other 2 wait."""
    january: tuple[Rows, Rows, Rows, Rows] = ([], [], [], [])
    february: tuple[Rows, Rows, Rows, Rows] = ([], [], [], [])
    sold: Rows = []
    for item in ITEMS:
        january[0].append((f"R{item}", "05", item, 1, 10))
        sold.append((f"D0{item}", 1, "2026-01-06", "C1", item, "W", 1, 10, "", "0.13"))
        sold.append((f"D9{item}", 7, "2026-01-07", "C1", item, "W", 2, 10, "", "0.13"))
        sold.append((f"D1{item}", 3, "2026-01-08", "C1", item, "W", 4, 10, "", "0.13"))
        february[0].append((f"S{item}", "05", item, 4, 48))
    months = {"2026-01": january, "2026-02": february}
    root = write_trade(tmp_path / "books", "stock", ITEMS, months)
    tiny.write(root / "inbox" / "2026-01" / "delivery_line.csv", tiny.DELIVERY, sold)
    first, second = build_periods(root, list(months), tmp_path / "work")
    assert not first.messages + second.messages
    corrected = (
        "select document_no, line_no, amount from costing.stock_ledger where event_type = 'negative_true_up'"
    )
    waiting = "select document_no, line_no, quantity from state.negative_issue where true"
    for item in ITEMS:
        of_item = f"and item_code = '{item}'"
        filled = {(f"D9{item}", 7, Decimal(-4)), (f"D1{item}", 3, Decimal(-4))}
        assert set(second.rows(f"{corrected} {of_item}")) == filled
        posted_lines = "select distinct document_line_no from postings.voucher_line where document_no = "
        assert second.rows(f"{posted_lines} 'D9{item}'") == [(7,)]
        assert second.rows(f"{waiting} {of_item}") == [(f"D1{item}", 3, 20_000)]
