"""Open breaks: the grid of age by cause and the list, largest first.

What each break looks like line by line is in `detail`, what a tie's breaks add up to in `components`.
"""

from dataclasses import dataclass
from decimal import Decimal

from pipelines.evidence.formats import money
from pipelines.evidence.labels import Labels
from pipelines.evidence.listing import Listing, make_listing
from pipelines.evidence.tables import GROSS, LIVE, Row, RunTables
from pipelines.evidence.verdict import with_words

LIST_LIMIT = 200
LIST_COLUMNS = (
    "break_id", "tie_code", "disposition", "cause_code", "document", "voucher_no", "party_code", "item_code",
    "expected_amount", "actual_amount", "difference_amount", "age_days", "confidence", "explanation",
)  # fmt: skip
BUCKETS = (30, 60, 90)
BUCKET = """case when coalesce(age_days, 0) <= 30 then 0 when age_days <= 60 then 1
    when age_days <= 90 then 2 else 3 end"""


@dataclass(frozen=True)
class GridCell:
    """Gross amount and number of the breaks of one cause and age; `heat` 0 to 4 shades the cell."""

    amount: str
    count: int
    heat: int


@dataclass(frozen=True)
class GridRow:
    """One cause in the age grid; the last cell is its total."""

    label: str
    cells: list[GridCell]
    anchor: str


@dataclass(frozen=True)
class BreaksView:
    """The section of the open breaks."""

    buckets: list[str]
    grid: list[GridRow]
    listing: Listing
    total: int


def bucket_names(labels: Labels) -> list[str]:
    """Names of the age bands, youngest first."""
    first, second, third = BUCKETS
    bands = (f"0–{first}", f"{first + 1}–{second}", f"{second + 1}–{third}")
    return [*(labels("ui.days", days=band) for band in bands), labels("ui.days_over", days=third)]


def make_breaks(tables: RunTables, labels: Labels) -> BreaksView:
    """The grid and the list of the open breaks."""
    total = tables.count("reconciliation_break", LIVE)
    rows = [
        with_words(labels, row) | {"_anchor": f"l-{row['break_id']}"}
        for row in open_breaks(tables, LIST_LIMIT)
    ]
    listing = make_listing(
        labels, "break-list", "reconciliation_break", LIST_COLUMNS, rows, total=total,
        links=lambda row: {"break_id": f"#b-{row['break_id']}", "tie_code": f"#bridge-{row['tie_code']}"},
    )  # fmt: skip
    return BreaksView(bucket_names(labels), _grid(tables, labels), listing, total)


def open_breaks(tables: RunTables, limit: int) -> list[Row]:
    """Open breaks: what is to correct and unidentified first, then by gross amount, then by id."""
    return tables.rows(
        f"""select *, {GROSS} as gross_amount from reconciliation_break where {LIVE}
            order by disposition in ('timing', 'accepted'), gross_amount desc, break_id limit {limit}"""
    )


def _grid(tables: RunTables, labels: Labels) -> list[GridRow]:
    found = tables.rows(
        f"""select cause_code, {BUCKET} as bucket, sum({GROSS}) as gross, count(*) as n
            from reconciliation_break where {LIVE} group by all order by cause_code, bucket"""
    )
    causes: dict[str, dict[int, Row]] = {}
    for row in found:
        causes.setdefault(row["cause_code"], {})[row["bucket"]] = row
    largest = max((row["gross"] for row in found), default=Decimal(0))
    by_size = sorted(
        causes.items(), key=lambda pair: (-sum(row["gross"] for row in pair[1].values()), pair[0])
    )
    return [
        _grid_row(labels.code("cause_code", cause), f"c-{cause}", cells, largest) for cause, cells in by_size
    ]


def _grid_row(label: str, anchor: str, cells: dict[int, Row], largest: Decimal) -> GridRow:
    made = []
    for bucket in range(len(BUCKETS) + 1):
        row = cells.get(bucket)
        made.append(
            GridCell(money(row["gross"]), row["n"], _heat(row["gross"], largest))
            if row
            else GridCell("", 0, 0)
        )
    total = sum((row["gross"] for row in cells.values()), Decimal(0))
    made.append(GridCell(money(total), sum(row["n"] for row in cells.values()), 0))
    return GridRow(label, made, anchor)


def _heat(amount: Decimal, largest: Decimal) -> int:
    """Shade from 1 to 4 by the amount's share of the largest cell."""
    return next((shade for shade, part in ((4, 2), (3, 6), (2, 20)) if amount * part >= largest), 1)
