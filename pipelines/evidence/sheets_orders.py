"""Sheets F-9c Work in process and F-9d Late costs; each exists only where the period has such rows.

What an order or a late cost must add up to is a live formula in the check column.
"""

from decimal import Decimal

from pipelines.evidence.cells import Sheet
from pipelines.evidence.components import ZERO
from pipelines.evidence.entries import Entry
from pipelines.evidence.listing import left_over
from pipelines.evidence.orders import (
    INTO,
    LATE,
    ORDERS,
    QUANTITIES,
    order_balances,
    order_columns,
    with_order,
)
from pipelines.evidence.sheets_lists import ROW_LIMIT
from pipelines.evidence.styles import Book
from pipelines.evidence.tables import Row, RunTables

LATE_COLUMNS = (
    "kind", "document", "receipt", "item_code", "warehouse_code", "late_amount", "on_hand_amount",
    "followed_amount", "passed_amount", "direct_amount", "issue", "quantity", "check_amount",
)  # fmt: skip
LATE_SUMS = ("late_amount", "on_hand_amount", "followed_amount", "passed_amount", "direct_amount")
KINDS = {"work_in_process": "production", "subcontract": "subcontract"}


def add_orders(book: Book, tables: RunTables, tie_out: Sheet) -> Entry | None:
    """F-9c: each order from opening to closing, and its total beside the sub-ledger's of F-2 (`tie_out`)."""
    total, labels = tables.count("work_in_process"), book.labels
    if not total:
        return None
    names, totals = order_columns(tables)
    columns = ("order_no", "order_kind", *names, "check_amount", *QUANTITIES)
    sheet = Sheet(
        book, labels("sheet.F-9c"), labels("head.work_in_process"), columns, labels("how.orders_sheet")
    )
    rows, check = tables.rows(f"{ORDERS} order by is_subcontract, order_key limit {ROW_LIMIT}"), ZERO
    for row in rows:
        gap = sum((row[name] if name in INTO else -row[name] for name in names), ZERO)
        flow = "".join(f"{'+' if name in INTO else '-'}{sheet.cell(name)}" for name in names)
        sheet.add(with_order(labels, row) | {"check_amount": gap}, {"check_amount": f"=ROUND({flow},2)"})
        check += abs(gap)
    shown = totals if len(rows) == total else {name: sum((row[name] for row in rows), ZERO) for name in names}
    last = sheet.close(shown)
    sheet.check(f"=ROUND(SUMPRODUCT(ABS({sheet.span('check_amount')})),2)", check)
    if len(rows) == total:
        _compare(sheet, tables, tie_out, last + 2)
    else:
        sheet.note(left_over(labels, len(rows), total, "work_in_process"))
    return Entry("F-9c", sheet, total, check)


def _compare(sheet: Sheet, tables: RunTables, tie_out: Sheet, first: int) -> None:
    """Under the total, one row per tie: the sub-ledger's closing balance, and the orders less it."""
    labels, formats = sheet.book.labels, sheet.book.formats
    kinds, amounts = sheet.span("order_kind"), sheet.span("closing_amount")
    far_ties, far_amounts = (
        tie_out.far(tie_out.span(name)) for name in ("tie_code", "closing_subledger_amount")
    )
    for row, found in enumerate(order_balances(tables), start=first):
        tie = labels.code("tie_code", found["tie_code"])
        kind = labels.code("order_kind", KINDS[found["tie_code"]])
        balance, gap = found["subledger_amount"], found["amount"] - found["subledger_amount"]
        sheet.sheet.write_string(row, 0, labels("ui.orders_balance", tie=tie), formats["text"])
        place = sheet.column("closing_amount")
        sheet.formula(row, place, f'=SUMIF({far_ties},"{tie}",{far_amounts})', balance)
        own = f'SUMIF({kinds},"{kind}",{amounts})'
        column = sheet.column("check_amount")
        sheet.formula(row, column, f"=ROUND({own}-{sheet.cell('closing_amount', row)},2)", gap, "check")
        sheet.book.mark_check(sheet.sheet, row, column, row, column)


def add_late_costs(book: Book, tables: RunTables) -> Entry | None:
    """F-9d: each late cost, what of it is on hand, and one further row per issue that the rest followed."""
    labels, total = book.labels, tables.count(f"({LATE})")
    if not total:
        return None
    sheet = Sheet(
        book, labels("sheet.F-9d"), labels("head.late_costs"), LATE_COLUMNS, labels("how.late_sheet")
    )
    rows = tables.rows(f"{LATE} order by kind, document_no, event_id, place limit {ROW_LIMIT}")
    totals, check = dict.fromkeys(LATE_SUMS, ZERO), ZERO
    for position, row in enumerate(rows):
        values, formulas = _late(book, row), {}
        if row["place"] == 1:
            group = rows[position : position + row["places"]]
            gap = row["late_amount"] - row["on_hand_amount"] - row["direct_amount"]
            gap -= sum((part["share_amount"] or ZERO for part in group), ZERO)
            formulas["check_amount"] = _late_check(sheet, len(group))
            values["check_amount"], check = gap, check + abs(gap)
        sheet.add(values, formulas)
        totals = {name: amount + (values.get(name) or ZERO) for name, amount in totals.items()}
    sheet.close(totals)
    sheet.check(f"=ROUND(SUMPRODUCT(ABS({sheet.span('check_amount')})),2)", check)
    if total > len(rows):
        sheet.note(left_over(labels, len(rows), total, "late_cost_share"))
    return Entry("F-9d", sheet, total, check)


def _late(book: Book, row: Row) -> Row:
    """A row of the sheet; what a cost is and what is on hand stands on its first row alone."""
    labels, share = book.labels, row["share_amount"]
    issue = labels.document(row["issue_type"], row["issue_no"]) or labels("ui.late_nowhere")
    values = {
        "kind": row["kind"],
        "document": labels.document(row["document_type"], row["document_no"]),
        "receipt": labels.document(row["receipt_type"], row["receipt_no"]),
        "item_code": row["item_code"],
        "warehouse_code": row["warehouse_code"],
        "issue": issue if share is not None else None,
        "quantity": row["quantity"],
        ("passed_amount" if row["event_type"] == "transfer_in" else "followed_amount"): share,
    }
    once: tuple[str, ...] = ("late_amount", "on_hand_amount", "direct_amount") if row["place"] == 1 else ()
    return values | {name: Decimal(row[name]) for name in once}


def _late_check(sheet: Sheet, rows: int) -> str:
    at, last = sheet.cell, sheet.row + rows - 1
    shares = f"{at('followed_amount')}:{at('passed_amount', last)}"
    kept = "-".join(at(name) for name in ("late_amount", "on_hand_amount", "direct_amount"))
    return f"=ROUND({kept}-SUM({shares}),2)"
