"""Draws `workbook.xlsx`: the working papers of a run with live totals and checks.

Each sheet is made by its own function in the `sheets_…` modules; here they are put in order and the file's
bytes are made constant.
"""

from datetime import UTC, datetime
from pathlib import Path

from xlsxwriter.workbook import Workbook

from pipelines.evidence.components import load_ties
from pipelines.evidence.context import ReportContext
from pipelines.evidence.labels import Labels
from pipelines.evidence.sheets_bridge import BridgeSheet
from pipelines.evidence.sheets_index import IndexSheet, fill_index
from pipelines.evidence.sheets_lists import (
    BreakSheet,
    add_matching,
    add_open_items,
    add_quality,
    add_rejected,
    add_todo,
)
from pipelines.evidence.sheets_orders import add_late_costs, add_orders
from pipelines.evidence.sheets_stock import add_roll_forward, add_stock, add_vouchers
from pipelines.evidence.sheets_ties import AdjustedSheet, LeadSheet, add_tie_out
from pipelines.evidence.styles import Book
from pipelines.evidence.tables import RunTables, open_tables

LISTS = (add_open_items, add_matching, add_stock, add_vouchers)
DELIVERY = (add_quality, add_rejected)
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
OPTIONS = {
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}


def write_workbook(run_folder: Path, context: ReportContext) -> Path:
    """Draw `workbook.xlsx` into the run's folder and return its path.

    Reads only the folder's Parquet files; the same inputs give the same bytes. Raises TieoutError naming
    missing public tables.
    """
    path = run_folder / "workbook.xlsx"
    labels = Labels(context.language)
    with open_tables(run_folder) as tables, Workbook(str(path), OPTIONS) as workbook:
        workbook.set_properties(
            {"title": labels("head.workbook"), "company": context.company, "created": CREATED}
        )
        workbook.set_calc_mode("auto")
        subtitle = (
            f"{context.company} · {context.books} · {context.period} · {context.currency} · {context.run_id}"
        )
        _fill(Book(workbook, labels, subtitle), tables, context)
    return path


def _fill(book: Book, tables: RunTables, context: ReportContext) -> None:
    """All sheets in the order of their references; what other sheets sum or link to is written first."""
    ties = load_ties(tables)
    index, lead = IndexSheet(book), LeadSheet(book)
    tie_out, bridge, adjusted = add_tie_out(book, ties), BridgeSheet(book), AdjustedSheet(book)
    roll, breaks = add_roll_forward(book, tables), BreakSheet(book)
    breaks.fill(tables)
    bridge.prepare(ties, breaks)
    first = lead.fill(ties, bridge)
    third = bridge.finish(ties, lead.sheet, lead.total_row)
    entries = [first, tie_out, third, adjusted.fill(ties, lead, bridge), roll, breaks.entry()]
    entries += [add_todo(book, tables, breaks), *(add(book, tables) for add in LISTS)]
    made = (add_orders(book, tables, tie_out.sheet), add_late_costs(book, tables))
    entries += [entry for entry in made if entry is not None]
    entries += [add(book, tables) for add in DELIVERY]
    fill_index(index, tables, context, entries)
