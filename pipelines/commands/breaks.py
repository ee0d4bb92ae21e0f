"""`tieout breaks`: the differences of the published periods, filtered.

How a difference becomes a break with a cause is decided in `dbt_project/models/reconciliation`.
"""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.commands import _common as common

SHORT = [
    "period",
    "break_id",
    "tie_code",
    "disposition",
    "cause_code",
    "document_type",
    "document_no",
    "voucher_no",
    "item_code",
    "party_code",
    "difference_amount",
    "age_days",
]


@click.command("breaks", help="List the differences · 列出差异")
@common.books_option
@common.period_option
@click.option("--tie", metavar="TIE", help="stock, payables, … · 对账项目")
@click.option("--disposition", metavar="DISPOSITION", help="correct_ledger, timing, … · 处理方式")
@click.option("--cause", metavar="CAUSE", help="Cause code · 原因")
@common.format_option
def command(
    folder: Path | None,
    period: str | None,
    tie: str | None,
    disposition: str | None,
    cause: str | None,
    style: str,
) -> int:
    """Returns 0: that there are differences is not an error here. JSON and CSV have every column."""
    from pipelines import published

    books = common.open_books(folder)
    columns = [*SHORT, f"explanation_{books.language}"] if style == "table" else []
    where = {
        "period": common.period_code(period),
        "tie_code": tie,
        "disposition": disposition,
        "cause_code": cause,
    }
    found = published.read(
        books.root,
        "reconciliation_break",
        columns,
        where,
        order="period, abs(difference_amount) desc, break_id",
    )
    common.show(style, found.columns, found.rows, books.language)
    return 0
