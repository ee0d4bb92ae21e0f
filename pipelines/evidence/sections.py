"""The smaller sections: stock, open items, roll-forward, match quality, data quality and rejected rows.

Each is a question to the public tables and one or two lists; breaks and ties have modules of their own.
"""

from dataclasses import dataclass
from decimal import Decimal

from pipelines.evidence.breaks import BUCKET, bucket_names
from pipelines.evidence.charts import sparkline
from pipelines.evidence.labels import Labels
from pipelines.evidence.listing import Listing, make_listing
from pipelines.evidence.tables import Row, RunTables

STOCK_LIMIT = 40
ROW_LIMIT = 100
STOCK_COLUMNS = (
    "item_code", "item_name", "item_category", "warehouse_code", "opening_quantity", "opening_amount",
    "in_quantity", "in_amount", "out_quantity", "out_amount", "closing_quantity", "closing_amount",
    "reported_difference_amount",
)  # fmt: skip
STOCK_SUMS = ("opening_amount", "in_amount", "out_amount", "closing_amount", "reported_difference_amount")
STOCK = "select *, closing_amount - reported_closing_amount as reported_difference_amount from stock_summary"
ODD_STOCK = "closing_quantity < 0 or closing_amount < 0 or (closing_quantity = 0 and closing_amount <> 0)"
ROLL_COLUMNS = (
    "code", "side", "previous_closing_amount", "opening_amount", "movement_amount", "closing_amount",
    "is_chained",
)  # fmt: skip
QUALITY_COLUMNS = (
    "table_name", "expectation", "severity", "evaluated_count", "unexpected_count",
    "status", "message", "sample",
)  # fmt: skip
CHECKED_COLUMNS = (
    "table_name", "evaluated_count", "check_count", "passed_count", "warning_count", "blocking_count",
    "status",
)  # fmt: skip
FAILED = "status = 'failed'"
CHECKED = f"""
    select table_name, max(evaluated_count) as evaluated_count, count(*) as check_count,
           count(*) filter (not {FAILED}) as passed_count,
           count(*) filter ({FAILED} and severity <> 'block') as warning_count,
           count(*) filter ({FAILED} and severity = 'block') as blocking_count,
           case when count(*) filter ({FAILED}) > 0 then 'failed' else 'passed' end as status
    from data_quality_result group by table_name order by status, table_name
"""
REJECTED_COLUMNS = ("table_name", "file", "row_no", "column_name", "value", "reason")
MATCH_COLUMNS = ("tie_code", "pass_code", "match_count", "amount", "residual_amount", "alternatives_count")
ESTIMATE_COLUMNS = ("party_code", "item_count", "amount", "over_90_amount")
HISTORY_LIMIT = 13
MATCHES = """
    select tie_code, pass_code, count(*) as match_count, sum(abs(expected_amount)) as amount,
           sum(residual_amount) as residual_amount, count(*) filter (alternatives > 1) as alternatives_count
    from reconciliation_match group by all order by tie_code, match_count desc, pass_code
"""
KINDS = f"""
    select kind, {BUCKET} as bucket, sum(amount) as amount from open_item group by all order by kind, bucket
"""
ESTIMATES = """
    select party_code, count(*) as item_count, sum(amount) as amount,
           coalesce(sum(amount) filter (age_days > 90), 0) as over_90_amount
    from open_item where kind = 'estimate' group by all
"""
BROKEN_ITEM = "level = 'item' and not is_chained"
HISTORY = """
    select account_code, period, sum(difference_amount) as amount
    from (
        select period, account_code, difference_amount from earlier_tie_out
        where period < (select max(period) from tie_out)
        union all select period, account_code, difference_amount from tie_out
    )
    group by all order by account_code, period
"""


@dataclass(frozen=True)
class RollView:
    """Roll-forward of the accounts; `lines` are the points of the sparklines in the order of the list.

    A line is empty where there is no earlier period, and on the sub-ledger's side.
    """

    listing: Listing
    lines: list[str]
    items: str
    broken: Listing | None


def make_stock(tables: RunTables, labels: Labels) -> tuple[Listing, Listing]:
    """The largest stock by closing amount, and the items whose stock looks wrong."""
    sums = ", ".join(f"sum({name}) as {name}" for name in STOCK_SUMS)
    totals = tables.one(f"select {sums} from ({STOCK})")
    order = "order by abs(closing_amount) desc, item_code, warehouse_code"
    rows = tables.rows(f"{STOCK} {order} limit {STOCK_LIMIT}")
    total = tables.count("stock_summary")
    columns = [name for name in STOCK_COLUMNS if name not in totals or totals[name] is not None]
    top = make_listing(labels, "stock-list", "stock_summary", columns, rows, total=total, totals=totals)
    odd = tables.rows(f"{STOCK} where {ODD_STOCK} {order} limit {ROW_LIMIT}")
    found = tables.count("stock_summary", ODD_STOCK)
    return top, make_listing(labels, "odd-stock", "stock_summary", columns, odd, total=found)


def make_open_items(tables: RunTables, labels: Labels) -> tuple[list[str], list[Row], Listing]:
    """Names of the age bands, open items by kind and band, and the estimated receipts by supplier.

    A row by kind has `label` and `amounts`, one per band and their total.
    """
    kinds: dict[str, list[Decimal]] = {}
    for row in tables.rows(KINDS):
        kinds.setdefault(row["kind"], [Decimal(0)] * 4)[row["bucket"]] = row["amount"]
    grid = [
        {"label": labels.code("kind", kind), "amounts": [*cells, sum(cells)]} for kind, cells in kinds.items()
    ]
    order = f"order by abs(amount) desc, party_code limit {STOCK_LIMIT}"
    rows, total = tables.rows(f"select * from ({ESTIMATES}) {order}"), tables.count(f"({ESTIMATES})")
    listing = make_listing(labels, "estimate-list", "open_item", ESTIMATE_COLUMNS, rows, total=total)
    return bucket_names(labels), grid, listing


def make_roll_forward(tables: RunTables, labels: Labels) -> RollView:
    """Accounts on both sides with chain flags, and items as a count with the broken ones listed."""
    rows = tables.rows("select * from roll_forward where level = 'account' order by code, side desc")
    history = _history(tables)
    listing = make_listing(labels, "roll-list", "roll_forward", ROLL_COLUMNS, rows)
    lines = [sparkline(history.get(row["code"], [])) if row["side"] == "ledger" else "" for row in rows]
    total, broken = tables.count("roll_forward", "level = 'item'"), tables.count("roll_forward", BROKEN_ITEM)
    found = tables.rows(f"from roll_forward where {BROKEN_ITEM} order by code, side limit {ROW_LIMIT}")
    items = make_listing(labels, "roll-items", "roll_forward", ROLL_COLUMNS, found, total=broken)
    text = labels("ui.items_chained", total=f"{total:,}", broken=f"{broken:,}")
    return RollView(listing, lines, text, items if broken else None)


def _history(tables: RunTables) -> dict[str, list[Decimal]]:
    """Difference of each account up to this period, oldest first, at most thirteen periods."""
    values: dict[str, list[Decimal]] = {}
    for row in tables.rows(HISTORY):
        values.setdefault(row["account_code"], []).append(row["amount"])
    return {account: amounts[-HISTORY_LIMIT:] for account, amounts in values.items()}


def make_matching(tables: RunTables, labels: Labels) -> Listing:
    """Matched groups by tie and pass."""
    return make_listing(labels, "match-list", "reconciliation_match", MATCH_COLUMNS, tables.rows(MATCHES))


def make_quality(tables: RunTables, labels: Labels) -> tuple[Listing, Listing, Listing]:
    """Checks of the delivery counted by table, those that failed, and rows set aside."""
    message, reason = f"message_{labels.language}", f"reason_{labels.language}"
    failed = tables.rows(
        f"""select *, {message} as message from data_quality_result where {FAILED}
            order by severity, table_name, expectation limit {ROW_LIMIT}"""
    )
    rejected = tables.rows(
        f"""select *, {reason} as reason from rejected_row
            order by table_name, extract, file, row_no, column_name limit {ROW_LIMIT}"""
    )
    total, left = tables.count("data_quality_result", FAILED), tables.count("rejected_row")
    by_table = tables.rows(CHECKED)
    return (
        make_listing(labels, "quality-list", "data_quality_result", CHECKED_COLUMNS, by_table),
        make_listing(labels, "failed-list", "data_quality_result", QUALITY_COLUMNS, failed, total=total),
        make_listing(labels, "rejected-list", "rejected_row", REJECTED_COLUMNS, rejected, total=left),
    )
