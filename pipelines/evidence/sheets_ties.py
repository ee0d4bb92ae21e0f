"""Sheets F-1 Lead sheet, F-2 Tie-out and F-3a Adjusted balances: one row per control account each.

The lead sheet takes the parts of a difference from the bridge (`sheets_bridge`), the adjusted balances the
    sides' adjustments.
"""

from decimal import Decimal

from pipelines.evidence.cells import Sheet
from pipelines.evidence.components import DISPOSITIONS, ZERO, Tie
from pipelines.evidence.entries import Entry
from pipelines.evidence.sheets_bridge import BridgeSheet
from pipelines.evidence.styles import Book
from pipelines.evidence.tables import Row

PARTS = tuple(f"{code}_amount" for code in DISPOSITIONS)
FLOW = ("opening", "debit", "credit", "closing")
SIDES = ("subledger", "ledger")
HEAD = ("tie_code", "account_code", "account_name", "measure")
BALANCES = ("subledger_amount", "ledger_amount", "difference_amount")
LEGS = ("reported_amount", "posting_leg_amount", "costing_leg_amount")
LEAD_COLUMNS = (*HEAD, *BALANCES, *PARTS, "check_amount", "gross_open_amount", "status")
TIE_COLUMNS = (
    *HEAD,
    *(f"{name}_{side}_amount" for name in FLOW for side in SIDES),
    *LEGS,
    "check_amount",
    "ledger_source",
)
ADJUSTED_COLUMNS = (
    *HEAD[:3], "ledger_amount", "ledger_adjustment_amount", "adjusted_ledger_amount", "subledger_amount",
    "subledger_adjustment_amount", "adjusted_subledger_amount", "unidentified_amount", "check_amount",
)  # fmt: skip


def text(value: str) -> str:
    """A text inside a formula."""
    return '"' + value.replace('"', '""') + '"'


class LeadSheet:
    """F-1: both sides as compared, their difference, and its parts out of the bridge."""

    def __init__(self, book: Book) -> None:
        labels = book.labels
        self.sheet = Sheet(
            book, labels("sheet.F-1"), labels("head.lead"), LEAD_COLUMNS, labels("how.lead_sheet")
        )
        self.places: dict[tuple[str, str], int] = {}

    def fill(self, ties: list[Tie], bridge: BridgeSheet) -> Entry:
        """Write the rows; `bridge` holds its rows already."""
        accounts, check = [row for tie in ties for row in tie.accounts], ZERO
        for row in accounts:
            self.places[row["tie_code"], row["account_code"]] = self.sheet.row
            gap = abs((row["difference_amount"] or ZERO) - sum((row[name] or ZERO for name in PARTS), ZERO))
            self.sheet.add(
                row | {"check_amount": gap},
                self._formulas(row, bridge),
                {"tie_code": bridge.link_to(row["tie_code"])},
            )
            check += gap
        totals = {
            name: sum((row[name] or ZERO for row in accounts), ZERO)
            for name in (*BALANCES, *PARTS, "gross_open_amount")
        }
        self.total_row = self.sheet.close(totals)
        self.sheet.check(f"=ROUND(SUMPRODUCT(ABS({self.sheet.span('check_amount')})),2)", check)
        return Entry("F-1", self.sheet, len(accounts), check)

    def _formulas(self, row: Row, bridge: BridgeSheet) -> dict[str, str]:
        at = self.sheet.cell
        formulas = {"difference_amount": f"={at('ledger_amount')}-{at('subledger_amount')}"}
        for code in DISPOSITIONS:
            key = text(f"{row['tie_code']}|{row['account_code']}|{code}")
            formulas[f"{code}_amount"] = f"=SUMIF({bridge.far('key_part')},{key},{bridge.far('amount')})"
        parts = "-".join(at(name) for name in PARTS)
        return formulas | {"check_amount": f"=ROUND(ABS({at('difference_amount')}-{parts}),2)"}

    def far(self, name: str, place: tuple[str, str]) -> str:
        """A tie and account's cell of a column as other sheets write it."""
        return self.sheet.far(self.sheet.cell(name, self.places[place]))


def add_tie_out(book: Book, ties: list[Tie]) -> Entry:
    """F-2: opening to closing of both sides, cross-footed where balances tie, and the legs of cost."""
    labels = book.labels
    sheet = Sheet(book, labels("sheet.F-2"), labels("head.tie_out"), TIE_COLUMNS, labels("how.tie_sheet"))
    accounts, check = [row for tie in ties for row in tie.accounts], ZERO
    for row in accounts:
        gap = _cross(row) if row["measure"] == "closing" else None
        formulas = {"check_amount": _cross_formula(sheet)} if gap is not None else {}
        sheet.add(row | {"check_amount": gap}, formulas)
        check += gap or ZERO
    summed = [name for name in TIE_COLUMNS if name.endswith("ledger_amount")]
    sheet.close({name: sum((row[name] or ZERO for row in accounts), ZERO) for name in summed})
    sheet.check(f"=ROUND(SUM({sheet.span('check_amount')}),2)", check)
    return Entry("F-2", sheet, len(accounts), check)


def _cross(row: Row) -> Decimal:
    gap = ZERO
    for side in SIDES:
        opening, debit, credit, closing = (row[f"{name}_{side}_amount"] or ZERO for name in FLOW)
        gap += abs(opening + debit - credit - closing)
    return gap


def _cross_formula(sheet: Sheet) -> str:
    gaps = []
    for side in SIDES:
        opening, debit, credit, closing = (sheet.cell(f"{name}_{side}_amount") for name in FLOW)
        gaps.append(f"ABS({opening}+{debit}-{credit}-{closing})")
    return f"=ROUND({'+'.join(gaps)},2)"


class AdjustedSheet:
    """F-3a: each balance adjusted by what the bridge puts on its side; what is left is unidentified."""

    def __init__(self, book: Book) -> None:
        labels = book.labels
        self.sheet = Sheet(
            book,
            labels("sheet.F-3a"),
            labels("head.adjusted"),
            ADJUSTED_COLUMNS,
            labels("how.adjusted_sheet"),
        )

    def fill(self, ties: list[Tie], lead: LeadSheet, bridge: BridgeSheet) -> Entry:
        """Write the rows; lead sheet and bridge are written already."""
        rows = [_adjusted(tie, row) for tie in ties for row in tie.accounts]
        for row in rows:
            self.sheet.add(row, _adjusted_formulas(self.sheet, row, lead, bridge))
        summed = [name for name in ADJUSTED_COLUMNS if name.endswith("_amount") and name != "check_amount"]
        self.sheet.close({name: sum((row[name] for row in rows), ZERO) for name in summed})
        check = sum((row["check_amount"] for row in rows), ZERO)
        self.sheet.check(f"=ROUND(SUMPRODUCT(ABS({self.sheet.span('check_amount')})),2)", check)
        return Entry("F-3a", self.sheet, len(rows), check)


def _adjusted(tie: Tie, account: Row) -> Row:
    """A row of F-3a: differences are subtracted from the ledger's side, added to the sub-ledger's."""
    row = {name: account[name] for name in HEAD[:3]}
    for side, sign in (("ledger", -1), ("subledger", 1)):
        adjustment = sign * tie.adjustment(side, account["account_code"])
        balance = account[f"{side}_amount"] or ZERO
        row |= {
            f"{side}_amount": balance,
            f"{side}_adjustment_amount": adjustment,
            f"adjusted_{side}_amount": balance + adjustment,
        }
    rest = row["adjusted_ledger_amount"] - row["adjusted_subledger_amount"]
    return row | {
        "unidentified_amount": rest,
        "check_amount": abs(rest - (account["unidentified_amount"] or ZERO)),
    }


def _adjusted_formulas(sheet: Sheet, row: Row, lead: LeadSheet, bridge: BridgeSheet) -> dict[str, str]:
    at, place, formulas = sheet.cell, (row["tie_code"], row["account_code"]), {}
    for side, sign in (("ledger", "-"), ("subledger", "")):
        key = text(f"{place[0]}|{place[1]}|{side}")
        formulas[f"{side}_amount"] = f"={lead.far(f'{side}_amount', place)}"
        formulas[f"{side}_adjustment_amount"] = (
            f"={sign}SUMIF({bridge.far('key_side')},{key},{bridge.far('amount')})"
        )
        formulas[f"adjusted_{side}_amount"] = f"={at(f'{side}_amount')}+{at(f'{side}_adjustment_amount')}"
    formulas["unidentified_amount"] = (
        f"=ROUND({at('adjusted_ledger_amount')}-{at('adjusted_subledger_amount')},2)"
    )
    far = lead.far("unidentified_amount", place)
    return formulas | {"check_amount": f"=ROUND(ABS({at('unidentified_amount')}-{far}),2)"}
