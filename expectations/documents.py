"""Checks that stock documents and invoices have in common, used by the modules named after the tables.

Checks every table has go to `columns.py` and `keys.py`.
"""

from collections.abc import Iterator
from dataclasses import replace

from expectations.checks import ROWS, WARN, Check, absent, column, document_line, present, typed
from expectations.sequences import gaps
from expectations.typed import rate
from pipelines.messages import Words

# The tax-control device rounds per line: ACCOUNTING rule of 0.06 a line and 1.27 a document.
TAX_TOLERANCE_OF_LINE = "0.06"
TAX_TOLERANCE_OF_DOCUMENT = "1.27"


def quantity_check(exempt: str = "false") -> Check:
    """A line that moves nothing; `exempt` is SQL for lines that may."""
    return Check(
        name="quantity_is_not_zero",
        severity=WARN,
        text="quantity_zero",
        predicate=f"{typed('quantity')} = 0 and not coalesce({exempt}, false)",
        value=document_line(),
    )


def price_check(name: str, label: Words, when: str = "true") -> Check:
    """A price or unit cost below zero; returns are negative by their quantity, never by their price."""
    return Check(
        name=f"{name}_is_not_negative",
        severity=WARN,
        text="price_negative",
        predicate=f"{typed(name)} < 0 and {when}",
        value=column(name),
        fields={"column": label},
    )


def price_checks(name: str, label: Words) -> Iterator[Check]:
    """The same where the price may be all there is: without an amount, staging sets the line aside."""
    yield price_check(name, label, f"{typed('amount')} is not null")
    alone = price_check(name, label, f"{typed('amount')} is null")
    yield replace(alone, name=f"{name}_gives_a_value", text="price_worthless", rejects=True)


def worth_check(*, rejects: bool) -> Check:
    """A line with neither amount nor unit price."""
    return Check(
        name="worth_is_given",
        severity=WARN,
        text="worth_given",
        predicate=f"coalesce({typed('amount')}, {typed('unit_price')}) is null",
        value=document_line(),
        rejects=rejects,
    )


def number_check() -> Check:
    """Documents missing inside a series of numbers."""
    return Check(
        name="document_numbers_are_continuous",
        severity=WARN,
        text="document_gaps",
        rows=gaps("''", "document_no__typed", from_one=False),
    )


def invoice_checks() -> Iterator[Check]:
    """Arithmetic of an invoice line and of an invoice: net × rate = tax, net + tax = gross."""
    tax = f"round({typed('net_amount')}::decimal(28, 2) * {rate('tax_rate')}::decimal(10, 4), 2)"
    yield Check(
        name="tax_agrees_with_rate",
        severity=WARN,
        text="tax_line",
        predicate=f"abs({typed('tax_amount')} - {tax}) > {TAX_TOLERANCE_OF_LINE}",
        value=f"{document_line()} || ': ' || net_amount || ' × ' || tax_rate || ' <> ' || tax_amount",
    )
    yield Check(name="tax_of_invoice_agrees", severity=WARN, text="tax_document", rows=_document_tax(tax))
    yield Check(
        name="gross_is_net_plus_tax",
        severity=WARN,
        text="gross_agrees",
        predicate=f"{typed('net_amount')} + {typed('tax_amount')} <> {typed('gross_amount')}",
        value=f"{document_line()} || ': ' || net_amount || ' + ' || tax_amount || ' <> ' || gross_amount",
    )
    yield Check(
        name="worth_is_given",
        severity=WARN,
        text="invoice_worth_given",
        predicate=f"{absent('net_amount')} and {absent('gross_amount')}",
        value=document_line(),
    )


def _document_tax(tax: str) -> str:
    """One row per invoice whose tax is off by more than its lines' own rounding may add up to."""
    off = f"abs(sum({typed('tax_amount')} - {tax}))"
    invoices = (
        f"select document_no__typed as invoice, {off} as off, min(_row_id) as first_id from {ROWS} "
        f"where {present('document_no')} group by 1"
    )
    return (
        f"with invoice as ({invoices}) "
        "select line._file, line._row, invoice || ': ' || off as value "
        f"from invoice join {ROWS} as line on line._row_id = invoice.first_id "
        f"where off > {TAX_TOLERANCE_OF_DOCUMENT}"
    )
