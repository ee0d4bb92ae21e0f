"""Draws `report.html`: one self-contained, printable page over the public tables of a run's folder.

Each section's content is made by its own module and its markup by its own template; here they are only put
together.
"""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.evidence.breaks import make_breaks
from pipelines.evidence.components import load_ties
from pipelines.evidence.context import ReportContext
from pipelines.evidence.detail import ACTUAL_COLUMNS, EXPECTED_COLUMNS, make_details
from pipelines.evidence.formats import integer, money
from pipelines.evidence.labels import Labels
from pipelines.evidence.listing import headings_of
from pipelines.evidence.orders import make_orders
from pipelines.evidence.sections import (
    make_matching,
    make_open_items,
    make_quality,
    make_roll_forward,
    make_stock,
)
from pipelines.evidence.tables import RunTables, open_tables
from pipelines.evidence.ties import make_ties
from pipelines.evidence.verdict import make_verdict

TEMPLATES = Path(__file__).resolve().parent / "templates"
DEFINITIONS = (
    "difference",
    "timing",
    "correct_ledger",
    "correct_subledger",
    "accepted",
    "unidentified",
    "gate",
    "stable",
)


def write_report(run_folder: Path, context: ReportContext) -> Path:
    """Draw `report.html` into the run's folder and return its path.

    Reads only the folder's Parquet files and the `tie_out.parquet` of `context.history`; the same inputs
    give the same bytes.
    Raises TieoutError naming the public tables that are missing.
    """
    with open_tables(run_folder, context.history) as tables:
        page = render(tables, context)
    path = run_folder / "report.html"
    path.write_text(page, encoding="utf-8", newline="\n")
    return path


def render(tables: RunTables, context: ReportContext) -> str:
    """The page as text."""
    labels = Labels(context.language)
    return environment(labels).get_template("report.html.j2").render(**_content(tables, context, labels))


def environment(labels: Labels) -> Environment:
    """Templates with escaping on everywhere; an undefined name is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["t"] = labels
    made.filters["money"] = money
    made.filters["count"] = integer
    return made


def _content(tables: RunTables, context: ReportContext, labels: Labels) -> dict[str, Any]:
    buckets, kinds, estimates = make_open_items(tables, labels)
    stock, odd_stock = make_stock(tables, labels)
    quality, failed, rejected = make_quality(tables, labels)
    return {
        "context": context,
        "verdict": make_verdict(tables, labels),
        "ties": make_ties(load_ties(tables), labels),
        "breaks": make_breaks(tables, labels),
        "details": make_details(tables, labels),
        "expected_headings": headings_of(labels, "voucher_line", EXPECTED_COLUMNS),
        "actual_headings": headings_of(labels, "ledger_line", ACTUAL_COLUMNS),
        "stock": stock,
        "odd_stock": odd_stock,
        "orders": make_orders(tables, labels),
        "buckets": buckets,
        "kinds": kinds,
        "estimates": estimates,
        "roll": make_roll_forward(tables, labels),
        "matching": make_matching(tables, labels),
        "quality": quality,
        "failed": failed,
        "rejected": rejected,
        "definitions": DEFINITIONS,
        "css": (TEMPLATES / "report.css").read_text(encoding="utf-8"),
        "script": (TEMPLATES / "report.js").read_text(encoding="utf-8"),
    }
