"""One break of the published periods from its difference down to the cells of the delivered rows.

How a difference becomes a break is decided in `dbt_project/models/reconciliation`; words and layout are the
commands'.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pipelines import published
from pipelines.books import Books
from pipelines.extracts.delivered import Delivered, Place, delivered_rows
from pipelines.messages import UsageError
from pipelines.publication import current, read_manifest, run_path
from pipelines.publication.changes import settings_of

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]


_NUMBER = "coalesce(nullif(ltrim(upper({0}), '0'), ''), upper({0}))"
"""A document number as both sides agree on it, as the macro `document_key` has it."""


@dataclass(frozen=True)
class Detail:
    """One break in one period. `history` has it in every published period; `expected` and `ledger` are the
    lines of its document up to the period, `is_compared` those on the accounts of its tie. `carried` is what
    both sides have besides: from the opening, or less what agreed in earlier periods. `rows` are the
    delivered rows behind the lines.
    """

    row: Row
    history: list[Row]
    accounts: list[Row]
    expected: list[Row]
    ledger: list[Row]
    carried: tuple[Decimal, Decimal]
    stock: list[Row]
    others: list[Row]
    rejected: list[Row]
    rows: list[tuple[Row, Delivered]]


def find_break(root: Path, text: str) -> str:
    """The id of the one break that begins with the text; UsageError when there is none or several."""
    found = published.query(
        root,
        "select distinct break_id, tie_code, document_no from {reconciliation_break} "
        "where starts_with(break_id, ?) order by 1 limit 6",
        [text.strip().lower()],
    ).rows
    if not found:
        raise UsageError("break_unknown", break_id=text)
    if len(found) > 1:
        listed = ", ".join(f"{row[0]} ({row[2]})" for row in found)
        raise UsageError("break_ambiguous", break_id=text, listed=listed)
    return str(found[0][0])


def detail(books: Books, break_id: str, period: str | None = None) -> Detail:
    """Everything that is known of a break in a period, the last one that has it unless named."""
    root = books.root
    history = _rows(root, "select * from {reconciliation_break} where break_id = ? order by period", break_id)
    chosen = [row for row in history if period in (None, row["period"])]
    if not chosen:
        raise UsageError("break_not_in_period", break_id=break_id, period=period or "")
    row = chosen[-1]
    document = (row["document_type"], _number(row["document_no"]), row["period"])
    expected, ledger = _expected(root, row, document), _ledger(root, row, document)
    return Detail(
        row=row,
        history=history,
        accounts=_rows(
            root, "select * from {break_line} where break_id = ? and period = ? order by account_code",
            break_id, row["period"],
        ),
        expected=expected,
        ledger=ledger,
        carried=(
            (row["expected_amount"] or Decimal(0)) - _compared(expected),
            (row["actual_amount"] or Decimal(0)) - _compared(ledger),
        ),
        stock=_stock(root, document),
        others=_others(root, row, document),
        rejected=_rejected(root, document),
        rows=_delivered(books, document, ledger),
    )  # fmt: skip


def _number(text: str) -> str:
    """`_NUMBER` of a number that is known."""
    return text.upper().lstrip("0") or text.upper()


def _rows(root: Path, sql: str, *values: Any) -> list[Row]:
    return published.query(root, sql, values).dicts()


def _compared(lines: list[Row]) -> Decimal:
    return sum((line["signed_amount"] for line in lines if line["is_compared"]), Decimal(0))


def _tied(row: Row) -> str:
    """SQL: the accounts of the break's tie; a balance is compared with all that came before, a movement of
    profit and loss in its own period only.
    """
    return (
        "left join (select distinct account_code, measure from {tie_out} "
        f"where tie_code = '{row['tie_code']}' and period = '{row['period']}') as tied "
        "on line.account_code = tied.account_code "
        f"and (tied.measure = 'closing' or line.period = '{row['period']}')"
    )


def _expected(root: Path, row: Row, document: tuple[str, str, str]) -> list[Row]:
    return _rows(
        root,
        "select line.*, tied.account_code is not null as is_compared "
        f"from {{voucher_line}} as line {_tied(row)} "
        f"where line.document_type = ? and {_NUMBER.format('line.document_no')} = ? "
        "and line.period <= ? order by line.period, line.voucher_id, line.line_no",
        *document,
    )


def _ledger(root: Path, row: Row, document: tuple[str, str, str]) -> list[Row]:
    counts = (
        "tied.account_code is not null and line.is_live and line.voucher_kind <> 'opening' "
        "and not (line.voucher_kind = 'closing_transfer' and tied.measure = 'movement')"
    )
    return _rows(
        root,
        f"select line.*, {counts} as is_compared from {{ledger_line}} as line {_tied(row)} "
        f"where line.document_type = ? and {_NUMBER.format('line.document_no')} = ? "
        "and line.period <= ? "
        "order by line.period, line.voucher_word, line.voucher_no, line.line_no",
        *document,
    )


def _stock(root: Path, document: tuple[str, str, str]) -> list[Row]:
    return _rows(
        root,
        "select period, line_no, item_code, warehouse_code, quantity, unit_cost, amount, "
        "reported_unit_cost, reported_amount from {stock_ledger} "
        f"where document_type = ? and {_NUMBER.format('document_no')} = ? and period <= ? "
        "order by period, line_no, sequence_no",
        *document,
    )


def _others(root: Path, row: Row, document: tuple[str, str, str]) -> list[Row]:
    return _rows(
        root,
        "select break_id, tie_code, cause_code, disposition, difference_amount from {reconciliation_break} "
        f"where document_type = ? and {_NUMBER.format('document_no')} = ? and period = ? "
        "and break_id <> ? and status <> 'cleared' order by break_id",
        *document, row["break_id"],
    )  # fmt: skip


def _rejected(root: Path, document: tuple[str, str, str]) -> list[Row]:
    _, number, period = document
    return _rows(
        root,
        "select table_name, file, row_no, column_name, value, reason_zh, reason_en "
        f"from {{rejected_row}} where {_NUMBER.format('document_no')} = ? and period = ? "
        "order by file, row_no, column_name",
        number, period,
    )  # fmt: skip


def _delivered(
    books: Books, document: tuple[str, str, str], ledger: list[Row]
) -> list[tuple[Row, Delivered]]:
    """The rows of the files: the document's lines, then the ledger's."""
    lines = _rows(
        books.root,
        "select period, table_name, document_no, line_no, document_date, status, source_extract, "
        "source_file, source_row from {document_line} "
        f"where document_type = ? and {_NUMBER.format('document_no')} = ? and period <= ? "
        "order by period, table_name, source_file, source_row",
        *document,
    )
    lines += [{**line, "table_name": "gl_entry_line"} for line in ledger]
    found: dict[tuple[str, Place], Delivered] = {}
    for period in {line["period"] for line in lines}:
        places = {_place(line) for line in lines if line["period"] == period}
        manifest = read_manifest(folder := run_path(books.root, period, current(books.root)[period]))
        rows = delivered_rows(_books_then(books, folder), manifest.inputs.inputs, places)
        found |= {(period, place): row for place, row in rows.items()}
    return [(line, found[line["period"], _place(line)]) for line in lines]


def _books_then(books: Books, folder: Path) -> Books:
    """The settings a run was made with; those of now where it kept none or another version wrote them."""
    try:
        return Books.model_validate({**(settings_of(folder) or {}), "root": books.root})
    except ValidationError:
        return books


def _place(line: Row) -> Place:
    return str(line["source_extract"]), str(line["source_file"]), int(line["source_row"])


def as_json(found: Detail) -> str:
    """Everything as one JSON object; figures are exact text."""
    rows = [
        {
            "period": line["period"],
            "table_name": line["table_name"],
            "file": line["source_file"],
            "row": line["source_row"],
            "cells": dict(delivered.cells),
        }
        for line, delivered in found.rows
    ]
    named = {
        "break": found.row, "history": found.history, "accounts": found.accounts, "expected": found.expected,
        "ledger": found.ledger, "carried": {"expected": found.carried[0], "ledger": found.carried[1]},
        "stock": found.stock, "other_breaks": found.others, "rejected": found.rejected, "delivered": rows,
    }  # fmt: skip
    return json.dumps(named, ensure_ascii=False, indent=2, default=_text)


def _text(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
