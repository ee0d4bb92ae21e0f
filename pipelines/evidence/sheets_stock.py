"""Sheets F-4 Roll-forward, F-9 Stock summary and F-9b Accounts: figures with their checks.

Data stay data; what must hold between them is a live formula in the check column.
"""

from decimal import Decimal

from pipelines.evidence.cells import Sheet
from pipelines.evidence.components import ZERO
from pipelines.evidence.entries import Entry
from pipelines.evidence.listing import left_over
from pipelines.evidence.sections import STOCK
from pipelines.evidence.sheets_lists import ROW_LIMIT
from pipelines.evidence.styles import Book
from pipelines.evidence.tables import Row, RunTables

ROLL_COLUMNS = (
    "level", "code", "side", "previous_closing_amount", "opening_amount", "movement_amount",
    "closing_amount", "check_amount",
    "chain_amount", "is_chained",
)  # fmt: skip
STOCK_COLUMNS = (
    "item_code", "item_name", "item_category", "warehouse_code", "opening_quantity", "opening_amount",
    "in_quantity", "in_amount",
    "out_quantity", "out_amount", "closing_quantity", "closing_amount", "check_amount",
    "reported_closing_amount",
    "reported_difference_amount",
)  # fmt: skip
ACCOUNT_COLUMNS = (
    "account_code", "account_name", "expected_debit_amount", "expected_credit_amount",
    "ledger_debit_amount", "ledger_credit_amount",
    "difference_amount",
)  # fmt: skip
ACCOUNTS = """
    with expected as (
        select account_code, max(account_name) as account_name, sum(debit_amount) as expected_debit_amount,
               sum(credit_amount) as expected_credit_amount
        from voucher_line group by all
    ), ledger as (
        select account_code, max(account_name) as account_name, sum(debit_amount) as ledger_debit_amount,
               sum(credit_amount) as ledger_credit_amount
        from ledger_line where is_live group by all
    ), wanted as (
        select account_code from expected union select account_code from tie_out
    )
    select wanted.account_code, coalesce(expected.account_name, ledger.account_name) as account_name,
           coalesce(expected_debit_amount, 0) as expected_debit_amount, coalesce(expected_credit_amount, 0)
               as expected_credit_amount,
           coalesce(ledger_debit_amount, 0) as ledger_debit_amount, coalesce(ledger_credit_amount, 0) as
               ledger_credit_amount
    from wanted left join expected using (account_code) left join ledger using (account_code)
    where wanted.account_code is not null order by wanted.account_code
"""


def add_roll_forward(book: Book, tables: RunTables) -> Entry:
    """F-4, accounts first, then items."""
    labels = book.labels
    sheet = Sheet(
        book, labels("sheet.F-4"), labels("head.roll_forward"), ROLL_COLUMNS, labels("how.roll_sheet")
    )
    rows = tables.rows(
        f"select * from roll_forward order by level, is_chained, code, side desc limit {ROW_LIMIT}"
    )
    check = ZERO
    for row in rows:
        gap, chain = (
            _gap(row, "movement_amount"),
            (row["opening_amount"] or ZERO) - (row["previous_closing_amount"] or ZERO),
        )
        at = sheet.cell
        formulas = {
            "check_amount": f"=ROUND({at('opening_amount')}+{at('movement_amount')}-{at('closing_amount')},2)"
        }
        has_previous = row["previous_closing_amount"] is not None
        if has_previous:
            formulas["chain_amount"] = f"=ROUND({at('opening_amount')}-{at('previous_closing_amount')},2)"
        sheet.add(row | {"check_amount": gap, "chain_amount": chain if has_previous else None}, formulas)
        check += abs(gap) + (abs(chain) if has_previous else ZERO)
    return _close(
        sheet,
        "F-4",
        {},
        check,
        ("check_amount", "chain_amount"),
        len(rows),
        tables.count("roll_forward"),
        "roll_forward",
    )


def _gap(row: Row, *movements: str) -> Decimal:
    return (
        (row["opening_amount"] or ZERO)
        + sum((row[name] or ZERO for name in movements), ZERO)
        - (row["closing_amount"] or ZERO)
    )


def add_stock(book: Book, tables: RunTables) -> Entry:
    """F-9, opening + in − out = closing for every item and warehouse."""
    labels = book.labels
    sheet = Sheet(book, labels("sheet.F-9"), labels("head.stock"), STOCK_COLUMNS, labels("how.stock_sheet"))
    rows = tables.rows(
        f"{STOCK} order by abs(closing_amount) desc, item_code, warehouse_code limit {ROW_LIMIT}"
    )
    check = ZERO
    for row in rows:
        gap, at = _gap(row, "in_amount") - (row["out_amount"] or ZERO), sheet.cell
        flow = f"{at('opening_amount')}+{at('in_amount')}-{at('out_amount')}-{at('closing_amount')}"
        formulas = {"check_amount": f"=ROUND({flow},2)"}
        if row["reported_difference_amount"] is not None:
            formulas["reported_difference_amount"] = (
                f"={at('closing_amount')}-{at('reported_closing_amount')}"
            )
        sheet.add(row | {"check_amount": gap}, formulas)
        check += abs(gap)
    summed = (
        "opening_amount",
        "in_amount",
        "out_amount",
        "closing_amount",
        "reported_closing_amount",
        "reported_difference_amount",
    )
    totals = {name: sum((row[name] or ZERO for row in rows), ZERO) for name in summed}
    return _close(
        sheet,
        "F-9",
        totals,
        check,
        ("check_amount",),
        len(rows),
        tables.count("stock_summary"),
        "stock_summary",
    )


def add_vouchers(book: Book, tables: RunTables) -> Entry:
    """F-9b, expected against live ledger lines by account."""
    labels = book.labels
    sheet = Sheet(
        book, labels("sheet.F-9b"), labels("head.vouchers"), ACCOUNT_COLUMNS, labels("how.vouchers_sheet")
    )
    rows = tables.rows(ACCOUNTS)
    names = ("expected_debit_amount", "expected_credit_amount", "ledger_debit_amount", "ledger_credit_amount")
    for row in rows:
        debit, credit, actual_debit, actual_credit = (sheet.cell(name) for name in names)
        row["difference_amount"] = row[names[2]] - row[names[3]] - row[names[0]] + row[names[1]]
        sheet.add(row, {"difference_amount": f"=({actual_debit}-{actual_credit})-({debit}-{credit})"})
    totals = {name: sum((row[name] for row in rows), ZERO) for name in (*names, "difference_amount")}
    at = sheet.close(totals)
    check = totals[names[0]] - totals[names[1]]
    sheet.check(f"=ROUND({sheet.cell(names[0], at)}-{sheet.cell(names[1], at)},2)", check)
    return Entry("F-9b", sheet, len(rows), check)


def _close(
    sheet: Sheet,
    reference: str,
    totals: dict[str, Decimal],
    check: Decimal,
    checked: tuple[str, ...],
    shown: int,
    total: int,
    table: str,
) -> Entry:
    spans = "+".join(f"SUMPRODUCT(ABS({sheet.span(name)}))" for name in checked)
    sheet.close(totals)
    sheet.check(f"=ROUND({spans},2)", check)
    if total > shown:
        sheet.note(left_over(sheet.book.labels, shown, total, table))
    return Entry(reference, sheet, total, check)
