"""Sheets that list rows: F-5 breaks, F-6 to do, F-7 open items, F-8 matches, F-11 quality, F-11a rejected.

A list longer than ROW_LIMIT ends with rows that sum what is left, so that totals and the bridge stay exact.
"""

from decimal import Decimal
from typing import Any

from pipelines.evidence.breaks import BUCKET, bucket_names
from pipelines.evidence.cells import Sheet
from pipelines.evidence.components import COMPONENT_SIDE, ZERO
from pipelines.evidence.entries import Entry
from pipelines.evidence.listing import left_over
from pipelines.evidence.sections import MATCH_COLUMNS, MATCHES, QUALITY_COLUMNS, REJECTED_COLUMNS
from pipelines.evidence.styles import Book
from pipelines.evidence.tables import Row, RunTables
from pipelines.evidence.verdict import TODO_COLUMNS, todo_query, with_words

ROW_LIMIT = 20_000
BREAK_COLUMNS = (
    "break_id", "tie_code", "account_code", "disposition", "cause_code", "symptom_code", "document",
    "voucher_no", "party_code",
    "item_code", "expected_amount", "actual_amount", "difference_amount", "misposted_amount",
    "first_period", "age_days", "age_bucket",
    "status", "confidence", "explanation", "action", "key",
)  # fmt: skip
BREAK_LINES = f"""
    select found.*, line.account_code, line.difference_amount as line_amount, {COMPONENT_SIDE} as
        adjusted_side, {BUCKET} as bucket,
           row_number() over (order by abs(line.difference_amount) desc, found.break_id, line.account_code)
               as position
    from break_line as line join reconciliation_break as found using (break_id)
"""
LEFT = f"""
    select tie_code, account_code, disposition, cause_code, adjusted_side, count(*) as n, sum(line_amount)
        as line_amount
    from ({BREAK_LINES}) where position > ? group by all order by all
"""
KEY = ("tie_code", "account_code", "disposition", "cause_code", "adjusted_side")
OPEN_COLUMNS = (
    "kind", "party_code", "document", "line_no", "document_date", "due_date", "item_code", "quantity",
    "amount", "age_days", "age_bucket",
)  # fmt: skip


class BreakSheet:
    """F-5, one row per break and account."""

    def __init__(self, book: Book) -> None:
        self.book = book
        labels = book.labels
        self.sheet = Sheet(
            book, labels("sheet.F-5"), labels("head.breaks"), BREAK_COLUMNS, labels("how.breaks_sheet")
        )
        self.rows = 0
        self.places: dict[str, int] = {}

    def fill(self, tables: RunTables) -> None:
        """Write the rows, what is left beyond the limit, and the total."""
        labels, buckets, total = self.book.labels, bucket_names(self.book.labels), ZERO
        back = f"internal:'{labels('sheet.F-3')}'!A1"
        listed = f"select * from ({BREAK_LINES}) where position <= ? order by position"
        for row in tables.rows(listed, ROW_LIMIT):
            bucket = buckets[row["bucket"]] if row["age_days"] is not None else None
            self._add(row, with_words(labels, row) | {"age_bucket": bucket}, back)
            total += row["line_amount"]
        for row in tables.rows(LEFT, ROW_LIMIT):
            self._add(row, row | {"break_id": labels("ui.remainder", count=row["n"])}, back)
            total += row["line_amount"]
        self.rows = tables.count("break_line")
        self.sheet.close({"difference_amount": total})
        self.sheet.hide("key")

    def _add(self, row: Row, values: Row, back: str) -> None:
        key = "|".join(str(row[name]) for name in KEY)
        for place in (key, values["break_id"]):
            self.places.setdefault(place, self.sheet.row)
        self.sheet.add(
            values | {"difference_amount": row["line_amount"], "key": key}, links={"tie_code": back}
        )

    def link_to(self, place: str) -> str:
        """Link to the first row of a break id, or of a key of the bridge."""
        return f"internal:'{self.sheet.name}'!A{self.places.get(place, self.sheet.first) + 1}"

    def entry(self) -> Entry:
        """Line of the index."""
        return Entry("F-5", self.sheet, self.rows)


def add_todo(book: Book, tables: RunTables, breaks: BreakSheet) -> Entry:
    """F-6, what a person has to correct or look into, one row per break."""
    labels = book.labels
    rows = [with_words(labels, row) for row in tables.rows(todo_query(ROW_LIMIT))]
    columns = (*TODO_COLUMNS, "explanation")
    sheet = Sheet(book, labels("sheet.F-6"), labels("head.todo"), columns, labels("how.todo"))
    for row in rows:
        sheet.add(row, links={"break_id": breaks.link_to(row["break_id"])})
    sheet.close(
        {name: sum((row[name] for row in rows), ZERO) for name in ("difference_amount", "gross_amount")}
    )
    return Entry("F-6", sheet, len(rows))


def add_open_items(book: Book, tables: RunTables) -> Entry:
    """F-7, open items by kind, estimated receipts first, oldest first."""
    labels, buckets = book.labels, bucket_names(book.labels)
    rows = tables.rows(
        f"""select *, {BUCKET} as bucket from open_item
            order by kind <> 'estimate', kind, age_days desc nulls last, document_type, document_no,
            line_no, party_code
            limit {ROW_LIMIT}"""
    )
    sheet = Sheet(
        book, labels("sheet.F-7"), labels("head.open_items"), OPEN_COLUMNS, labels("how.open_items")
    )
    for row in rows:
        words = {
            "document": labels.document(row["document_type"], row["document_no"]),
            "age_bucket": buckets[row["bucket"]],
        }
        sheet.add(row | words)
    return _close(sheet, "F-7", rows, tables.count("open_item"), "open_item", {})


def add_matching(book: Book, tables: RunTables) -> Entry:
    """F-8, matched groups by tie and pass."""
    rows, labels = tables.rows(MATCHES), book.labels
    sheet = Sheet(book, labels("sheet.F-8"), labels("head.matching"), MATCH_COLUMNS, labels("how.matching"))
    for row in rows:
        sheet.add(row)
    totals = {
        name: sum((Decimal(row[name]) for row in rows), ZERO) for name in ("match_count", "residual_amount")
    }
    return _close(sheet, "F-8", rows, len(rows), "reconciliation_match", totals)


def add_quality(book: Book, tables: RunTables) -> Entry:
    """F-11, the checks of the delivery."""
    rows = tables.rows(
        f"""select *, message_{book.labels.language} as message from data_quality_result
            order by status <> 'failed', severity, table_name, expectation limit {ROW_LIMIT}"""
    )
    return _list(
        book,
        "F-11",
        "quality",
        QUALITY_COLUMNS,
        rows,
        tables.count("data_quality_result"),
        "data_quality_result",
    )


def add_rejected(book: Book, tables: RunTables) -> Entry:
    """F-11a, rows set aside with file, row number and reason."""
    rows = tables.rows(
        f"""select *, reason_{book.labels.language} as reason from rejected_row
            order by table_name, extract, file, row_no, column_name limit {ROW_LIMIT}"""
    )
    return _list(
        book, "F-11a", "rejected", REJECTED_COLUMNS, rows, tables.count("rejected_row"), "rejected_row"
    )


def _list(
    book: Book, reference: str, head: str, columns: tuple[str, ...], rows: list[Row], total: int, table: str
) -> Entry:
    labels: Any = book.labels
    sheet = Sheet(
        book, labels(f"sheet.{reference}"), labels(f"head.{head}"), columns, labels.optional(f"how.{head}")
    )
    for row in rows:
        sheet.add(row)
    return _close(sheet, reference, rows, total, table, {})


def _close(
    sheet: Sheet, reference: str, rows: list[Row], total: int, table: str, totals: dict[str, Decimal]
) -> Entry:
    sheet.close(totals)
    if total > len(rows):
        sheet.note(left_over(sheet.book.labels, len(rows), total, table))
    return Entry(reference, sheet, total)
