"""How a value looks on paper: what kind of figure a column holds, by its suffix, and its text.

Amounts stay Decimal until the text is made; Excel's number formats live with the workbook.
"""

import re
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal

Kind = Literal["text", "code", "amount", "quantity", "integer", "percent", "date", "flag"]

CODED = {
    "table_name",
    "tie_code",
    "symptom_code",
    "cause_code",
    "disposition",
    "status",
    "measure",
    "side",
    "level",
    "ledger_source",
    "pass_code",
    "severity",
    "kind",
    "order_kind",
    "document_type",
}
SUFFIXES: tuple[tuple[str, Kind], ...] = (
    ("_amount", "amount"),
    ("_quantity", "quantity"),
    ("_count", "integer"),
    ("_days", "integer"),
    ("line_no", "integer"),
    ("row_no", "integer"),
    ("_date", "date"),
)
AMOUNT = re.compile(r"(?<![\w.,-])-?\d{4,}\.\d{2}(?![\w.])")
NUMERIC = {"amount", "quantity", "integer", "percent"}


@cache
def kind_of(column: str) -> Kind:
    """Kind of figure a column holds, told by its name as all public tables name them."""
    if column in CODED:
        return "code"
    if column.startswith("is_"):
        return "flag"
    if column == "confidence":
        return "percent"
    if column in ("amount", "quantity"):
        return "amount" if column == "amount" else "quantity"
    return next((kind for suffix, kind in SUFFIXES if column.endswith(suffix)), "text")


def money(value: Decimal | None) -> str:
    """Amount with thousands separators and two decimals; a true minus sign never wraps."""
    if value is None:
        return ""
    return f"{value:,.2f}".replace("-", "\u2212") if value else "0.00"


def quantity(value: Decimal | None) -> str:
    """Quantity with thousands separators, without trailing zeros after the point."""
    if value is None:
        return ""
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "\u2212") or "0"


def percent(value: Decimal | None) -> str:
    """Share between 0 and 1 as whole per cent, cut and not rounded up, so that only certainty reads 100 %."""
    return "" if value is None else f"{int(value * 100)}%"


def integer(value: int | None) -> str:
    """Count with thousands separators."""
    return "" if value is None else f"{value:,}".replace("-", "\u2212")


def as_text(kind: Kind, value: Any) -> str:
    """Text of a value of a known kind; empty for no value."""
    if value is None:
        return ""
    if kind == "amount":
        return money(value)
    if kind == "quantity":
        return quantity(value)
    if kind == "percent":
        return percent(value)
    if kind == "integer":
        return integer(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def spaced(sentence: str | None) -> str:
    """A sentence with thousands separators in its amounts; numbers of documents stay as they are."""
    return AMOUNT.sub(lambda found: f"{Decimal(found[0]):,f}", sentence or "")
