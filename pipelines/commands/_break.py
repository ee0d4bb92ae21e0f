"""One break on the terminal: figures, both sides line by line, and the rows that were delivered.

What is known of a break is gathered in `pipelines/drill.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands import _common as common

if TYPE_CHECKING:
    from pipelines.books import Books
    from pipelines.drill import Detail
    from pipelines.evidence.labels import Labels

MOST = 30
"""Lines or rows shown of one kind; JSON has all."""

LINES = [
    "side", "period", "voucher", "line_no", "voucher_date", "account_code", "signed_amount", "is_compared",
    "rule_id", "source_file", "source_row",
]  # fmt: skip
HISTORY = [
    "period", "status", "expected_amount", "actual_amount", "difference_amount", "disposition", "cause_code",
]  # fmt: skip
Row = dict[str, Any]


def tell(books: Books, break_id: str, period: str | None, style: str) -> None:
    """Print the break; JSON is one object, CSV the lines of both sides."""
    from pipelines.drill import as_json, detail

    found = detail(books, break_id, period)
    if style == "json":
        click.echo(as_json(found))
    elif style == "csv":
        common.show("csv", LINES, _flat(found), books.language)
    else:
        _Page(books).print(found)


def _flat(found: Detail) -> list[list[Any]]:
    sides = (("subledger", found.expected), ("ledger", found.ledger))
    return [
        [
            side,
            *(line.get(name) for name in LINES[1:2]),
            _voucher(line),
            *(line.get(name) for name in LINES[3:]),
        ]
        for side, lines in sides
        for line in lines
    ]


def _voucher(line: Row) -> str:
    if "voucher_id" in line:
        return str(line["voucher_id"])
    return "-".join(filter(None, (line["voucher_word"], line["voucher_no"])))


class _Page:
    """The blocks of one break, from what is wrong down to where it was delivered."""

    def __init__(self, books: Books) -> None:
        from pipelines.evidence.labels import Labels

        self.labels: Labels = Labels(books.language)
        self.language = books.language
        self.console = common.console()

    def print(self, found: Detail) -> None:
        """All blocks; those without rows are left out or say so."""
        self._facts(found)
        self._table("break.history", found.history, HISTORY)
        self._table("break.accounts", found.accounts, ["account_code", "difference_amount"])
        self._side("break.expected", "break.no_expected", _expected(found.expected))
        self._side("break.ledger", "break.no_ledger", [_ledger(line, self.labels) for line in found.ledger])
        if any(found.carried):
            expected, actual = map(_money, found.carried)
            self.console.print("  " + self.labels("break.carried", expected=expected, actual=actual))
        self._table("break.stock", found.stock, list(found.stock[0]) if found.stock else [])
        self._table("break.others", found.others, list(found.others[0]) if found.others else [])
        reason = f"reason_{self.language}"
        self._table("break.rejected", found.rejected, ["file", "row_no", "column_name", "value", reason])
        self._rows(found)

    def _facts(self, found: Detail) -> None:
        labels, row = self.labels, found.row
        self.console.print(
            labels("break.title", break_id=row["break_id"], period=row["period"],
                   status=labels.code("status", row["status"])), style="bold",
        )  # fmt: skip
        where = [
            labels.code("tie_code", row["tie_code"]),
            labels.document(row["document_type"], row["document_no"]),
            row["voucher_no"], row["party_code"],
        ]  # fmt: skip
        figures = {name: _money(row[f"{name}_amount"]) for name in ("expected", "actual", "difference")}
        cause = labels(
            "break.by_rule",
            cause=labels.code("cause_code", row["cause_code"]),
            symptom=labels.code("symptom_code", row["symptom_code"]),
            rule=row["cause_rule_id"] or "–", confidence=f"{row['confidence']:.0%}",
        )  # fmt: skip
        facts = [
            ("break.where", " · ".join(filter(None, where))),
            ("break.figures", labels("break.amounts", **figures)),
            ("break.cause", cause),
            ("break.also", ", ".join(labels.code("cause_code", code) for code in _codes(row["also_codes"]))),
            ("break.action", labels.code("disposition", row["disposition"]) + " · "
             + labels.action(row["disposition"], row["symptom_code"])),
            ("break.told", row[f"explanation_{self.language}"] or ""),
        ]  # fmt: skip
        from pipelines.progress import padded

        for key, text in facts:
            if text:
                self.console.print(f"{padded(labels(key), 14)}{text}")

    def _side(self, title: str, none: str, lines: Sequence[Row]) -> None:
        if lines:
            self._table(title, lines, list(lines[0]))
        else:
            self._title(title)
            self.console.print("  " + self.labels(none))

    def _title(self, key: str) -> None:
        self.console.print("\n" + self.labels(key), style="bold")

    def _table(self, title: str, rows: Sequence[Row], columns: list[str]) -> None:
        from rich.padding import Padding

        if not rows:
            return
        self._title(title)
        shown = [name for name in columns if any(row[name] not in (None, "") for row in rows)]
        cells = [[row[name] for name in shown] for row in rows[:MOST]]
        table = common.table(shown, cells, self.language)
        self.console.print(Padding(table, (0, 0, 0, 2), expand=False))
        if len(rows) > MOST:
            self.console.print("  " + self.labels("break.more", count=len(rows) - MOST))

    def _rows(self, found: Detail) -> None:
        from rich.padding import Padding

        self._title("break.delivered")
        if not found.rows:
            self.console.print("  " + self.labels("break.no_rows"))
        for line, delivered in found.rows[:MOST]:
            place = {"file": line["source_file"], "row": line["source_row"]}
            self.console.print(
                "  " + self.labels("break.place", table=self.labels.table(line["table_name"]), **place)
            )
            cells = " · ".join(f"{name}={text}" for name, text in delivered.cells.items())
            told = self.labels(delivered.problem) if delivered.problem else cells
            self.console.print(Padding(told, (0, 0, 0, 4), expand=False))
        if len(found.rows) > MOST:
            self.console.print("  " + self.labels("break.more", count=len(found.rows) - MOST))


def _expected(lines: Sequence[Row]) -> list[Row]:
    """The compared lines one by one, the others of the voucher summed by account and rule."""
    shown = [_expected_line(line) for line in lines if line["is_compared"]]
    others: dict[tuple[Any, ...], Row] = {}
    for line in lines:
        if not line["is_compared"]:
            one = _expected_line(line) | {"line_no": None, "item_code": None}
            same = others.setdefault((one["voucher_date"], one["account_code"], one["rule"]), one)
            if same is not one:
                for side in ("debit_amount", "credit_amount"):
                    same[side] = ((same[side] or Decimal(0)) + (one[side] or Decimal(0))) or None
    return shown + list(others.values())


def _expected_line(line: Row) -> Row:
    return {
        "": "●" if line["is_compared"] else "",
        "voucher_date": line["voucher_date"],
        "line_no": line["document_line_no"],
        "item_code": line["item_code"],
        "account_code": line["account_code"],
        "account_name": line["account_name"],
        "debit_amount": line["debit_amount"] or None,
        "credit_amount": line["credit_amount"] or None,
        "rule": f"{line['rule_id']} v{line['rule_version']}",
    }


def _ledger(line: Row, labels: Labels) -> Row:
    return {
        "": "●" if line["is_compared"] else "",
        "voucher_date": line["voucher_date"],
        "voucher": f"{_voucher(line)}:{line['line_no']}",
        "account_code": line["account_code"],
        "account_name": line["account_name"],
        "debit_amount": line["debit_amount"] or None,
        "credit_amount": line["credit_amount"] or None,
        "party_code": line["party_code"],
        "state": "" if line["is_live"] else labels.optional(f"ledger.{line['status']}", line["status"]),
        "source": f"{line['source_file'].rsplit('/', 1)[-1]}:{line['source_row']}",
    }


def _codes(text: str | None) -> list[str]:
    return [code.strip() for code in (text or "").replace(";", ",").split(",") if code.strip()]


def _money(amount: Decimal | None) -> str:
    return f"{amount or Decimal(0):,.2f}"
