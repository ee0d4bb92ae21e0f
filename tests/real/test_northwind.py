"""An inventory side alone, as a trading company's database was exported: each known flaw is named, the rest holds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import cli
from pipelines.publication import current_snapshot

HERE = Path(__file__).parent
SAMPLE = HERE.parents[2] / "shared" / "samples" / "northwind"
LAST_MOVED, LAST = "2006-04", "2006-06"
NOT_READY = 3

pytestmark = [
    pytest.mark.skipif(not SAMPLE.is_dir(), reason="the inventory sample is not beside the repository"),
    pytest.mark.xdist_group("northwind"),
]

Found = list[dict[str, Any]]


def books_in(root: Path) -> Path:
    shutil.copytree(HERE / "northwind", root)
    (root / "inbox").mkdir()
    for file in SAMPLE.glob("*.csv"):
        shutil.copy(file, root / "inbox" / file.name)
    return root


def sample(sql: str, *names: str) -> list[tuple[Any, ...]]:
    """A query over files of the export, each with the row a person sees in `row`."""
    views = ", ".join(
        f"{name} as (select *, row_number() over () + 1 as row from read_csv('{SAMPLE}/{name}.csv', all_varchar = true))"
        for name in names
    )
    return duckdb.execute(f"with {views} {sql}").fetchall()


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What `tieout check` says about all months."""
    books = books_in(tmp_path_factory.mktemp("northwind") / "books")
    output = books / "check.json"
    with output.open("w", encoding="utf-8") as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", file)
        assert cli.run(["check", "--books", str(books), "--format", "json"]) == 0
    found: Found = json.loads(output.read_text("utf-8"))
    return found


def of(checked: Found, table: str, expectation: str, period: str) -> tuple[int, list[str]]:
    """Faults and the first places of one expectation in a month; none when it is met."""
    asked = {"table_name": table, "expectation": expectation, "period": period}
    for one in checked:
        if asked.items() <= one.items():
            return one["unexpected_count"], one["sample"].splitlines()
    return 0, []


def test_the_purchase_lines_that_were_not_received_are_named(checked: Found) -> None:
    lines = sample(
        "select row, purchase_order_id, id, product_id, quantity from purchase_order_details where inventory_id is null order by row",
        "purchase_order_details",
    )
    count, places = of(checked, "purchase_order_line", "order_line_is_fulfilled", LAST)
    assert count == len(lines) == 12
    assert places == [
        f"inbox/purchase_order_details.csv:{row} {po} / {line}: {item} {qty}"
        for row, po, line, item, qty in lines[:5]
    ]


def test_the_stock_transactions_without_an_order_are_named(checked: Found) -> None:
    count, places = of(checked, "delivery_line", "line_names_an_order", "2006-03")
    assert (count, [place.split()[1] for place in places]) == (3, ["96", "97", "98"])
    assert all(place.startswith("inbox/inventory_transactions.csv:") for place in places)


def test_the_transaction_that_moves_more_than_its_order_line_is_named(checked: Found) -> None:
    assert of(checked, "delivery_line", "quantity_is_within_the_order", LAST_MOVED) == (
        1,
        ["inbox/inventory_transactions.csv:103 136: 80 / 86: 110.0000 > 10.0000"],
    )


def test_the_orders_without_an_invoice_are_named(checked: Found) -> None:
    unbilled = sample(
        "select row, id from orders where id not in (select order_id from invoices) order by row",
        "orders",
        "invoices",
    )
    count, places = of(checked, "sales_order_line", "order_is_billed", LAST)
    assert count == len(unbilled) == 13
    assert places == [f"inbox/orders.csv:{row} {number}" for row, number in unbilled[:5]]


def test_the_amounts_of_zero_on_the_invoices_are_named(checked: Found) -> None:
    ((billed, zero),) = sample(
        "select count(*), count(*) filter (where amount_due = '0') from invoices join order_details using (order_id)",
        "invoices", "order_details",
    )  # fmt: skip
    told = [
        of(checked, "sales_invoice_line", "gross_is_net_plus_tax", month) for month in ("2006-03", "2006-04")
    ]
    assert sum(count for count, _ in told) == billed == zero
    assert told[0][1][0] == "inbox/invoices.csv:2 5 / 29: 300.0000 + 0 <> 0"


def test_receipts_are_for_known_order_lines_with_their_item_and_within_their_quantity(checked: Found) -> None:
    for table in ("goods_receipt_line", "delivery_line", "sales_invoice_line"):
        for expectation in ("order_is_delivered", "item_is_that_of_the_order"):
            assert not [
                one for one in checked if (one["table_name"], one["expectation"]) == (table, expectation)
            ]
    assert not [
        one
        for one in checked
        if (one["table_name"], one["expectation"]) == ("goods_receipt_line", "quantity_is_within_the_order")
    ]


class Published:
    """What the run published up to the last month with receipts."""

    def __init__(self, snapshot: Path) -> None:
        self.connection = duckdb.connect()
        for path in sorted(snapshot.glob(f"period={LAST_MOVED}/*.parquet")):
            self.connection.execute(
                f"create view {path.stem} as select * from read_parquet('{snapshot}/period=*/{path.name}', hive_partitioning = false)"
            )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    books = books_in(tmp_path_factory.mktemp("run") / "books")
    assert cli.run(["run", "--books", str(books), "--period", LAST_MOVED]) == NOT_READY
    snapshot = current_snapshot(books)
    assert snapshot is not None
    result = Published(snapshot)
    yield result
    result.connection.close()


def test_what_was_received_is_what_the_order_lines_say(published: Published) -> None:
    received = "select document_no, item_code, quantity, amount from stock_ledger where event_type = 'supplier_receipt' order by all"
    ordered = sample(
        "select inventory_id, product_id, cast(quantity as decimal(18, 4)), cast(cast(quantity as integer) * cast(unit_cost as decimal(9, 4)) as decimal(18, 2)) "
        "from purchase_order_details where inventory_id is not null order by all",
        "purchase_order_details",
    )
    assert published.rows(received) == ordered
    assert len(ordered) == 43
    assert sum(quantity for _, _, quantity, _ in ordered) == 3550


def test_stock_is_never_negative_at_a_month_end_or_in_the_order_of_the_transactions(
    published: Published,
) -> None:
    months = published.rows(
        "select period, min(closing_quantity) from stock_summary group by all order by all"
    )
    assert [month for month, _ in months] == ["2006-01", "2006-02", "2006-03", "2006-04"]
    assert min(least for _, least in months) >= 0
    running = """
        select item_code, document_no, sum(quantity) over (partition by item_code order by cast(document_no as integer)) as left_over
        from stock_ledger where quantity <> 0 qualify left_over < 0
    """
    assert published.rows(running) == []


def test_orders_without_lines_are_set_aside_with_their_row(published: Published) -> None:
    empty = sample(
        "select row from orders where id not in (select order_id from order_details) order by row",
        "orders",
        "order_details",
    )
    rejected = published.rows(
        f"select distinct row_no from rejected_row where table_name = 'sales_order_line' and period = '{LAST_MOVED}' order by all"
    )
    assert rejected == empty
    assert len(empty) == 8


def test_nothing_is_called_missing_when_there_is_no_ledger(published: Published) -> None:
    assert published.rows("select distinct verdict, break_count from verdict") == [("not_compared", 0)]
    assert published.rows("select * from reconciliation_break") == []
    ties = published.rows("select distinct status, ledger_amount, difference_amount from tie_out")
    assert ties == [("not_compared", None, None)]
    ((stock, balance),) = published.rows(
        f"""select (select sum(closing_amount) from stock_summary where period = '{LAST_MOVED}'),
            (select sum(subledger_amount) from tie_out where tie_code = 'stock' and period = '{LAST_MOVED}')"""
    )
    assert stock == balance > Decimal(0)


def test_the_expected_vouchers_are_there_for_the_ledger_to_import(published: Published) -> None:
    ((vouchers, unbalanced),) = published.rows(
        "select count(*), count(*) filter (where amount <> 0) from (select voucher_id, sum(signed_amount) as amount from voucher_line group by all)"
    )
    assert vouchers > 43
    assert unbalanced == 0
