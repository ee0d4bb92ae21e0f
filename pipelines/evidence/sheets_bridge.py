"""Sheet F-3 Bridge: one row per account, disposition, cause and side, each the live sum of its breaks.

Hidden key columns let other sheets sum by part and by side; account codes that look like numbers would be
compared as numbers otherwise.
"""

from decimal import Decimal

from pipelines.evidence.cells import Sheet
from pipelines.evidence.components import ZERO, Component, Tie
from pipelines.evidence.entries import Entry
from pipelines.evidence.sheets_lists import BreakSheet
from pipelines.evidence.styles import Book

BRIDGE_COLUMNS = (
    "tie_code", "account_code", "disposition", "cause_code", "adjusted_side", "break_count", "amount",
    "key", "key_part", "key_side",
)  # fmt: skip


class BridgeSheet:
    """F-3, unidentified last in every tie."""

    def __init__(self, book: Book) -> None:
        labels = book.labels
        self.sheet = Sheet(
            book, labels("sheet.F-3"), labels("head.bridge"), BRIDGE_COLUMNS, labels("how.bridge_sheet")
        )
        self.starts: dict[str, int] = {}

    def prepare(self, ties: list[Tie], breaks: BreakSheet) -> None:
        """Write the rows; the breaks are written already."""
        for tie in ties:
            self.starts[tie.code] = self.sheet.row
            for part in tie.components:
                for account, amount in sorted(part.amounts.items()):
                    self._add(tie, part, account, amount, breaks)

    def finish(self, ties: list[Tie], lead: Sheet, lead_total: int) -> Entry:
        """Write the total and the check against the lead sheet."""
        rows = self.sheet.row - self.sheet.first
        difference = sum((part.amount for tie in ties for part in tie.components), ZERO)
        total_row = self.sheet.close({"amount": difference})
        check = difference - sum((tie.total("difference_amount") for tie in ties), ZERO)
        far = lead.far(lead.cell("difference_amount", lead_total))
        self.sheet.check(f"=ROUND({self.sheet.cell('amount', total_row)}-{far},2)", check)
        self.sheet.hide("key")
        return Entry("F-3", self.sheet, rows, check)

    def _add(self, tie: Tie, part: Component, account: str, amount: Decimal, breaks: BreakSheet) -> None:
        head = f"{tie.code}|{account}"
        key = f"{head}|{part.disposition}|{part.cause_code}|{part.adjusted_side}"
        values = {
            "tie_code": tie.code,
            "account_code": account,
            "disposition": part.disposition,
            "cause_code": part.cause_code,
            "adjusted_side": self.sheet.book.labels.optional(f"side.{part.adjusted_side}"),
            "break_count": part.counts[account],
            "amount": amount,
            "key": key,
            "key_part": f"{head}|{part.disposition}",
            "key_side": f"{head}|{part.adjusted_side}",
        }
        listed = breaks.sheet
        spans = listed.far(listed.span("key")), listed.far(listed.span("difference_amount"))
        total = f"=SUMIF({spans[0]},{self.sheet.cell('key')},{spans[1]})"
        self.sheet.add(values, {"amount": total}, {"cause_code": breaks.link_to(key)})

    def far(self, name: str) -> str:
        """Cells of a column as other sheets write them."""
        return self.sheet.far(self.sheet.span(name))

    def link_to(self, tie: str) -> str:
        """Link to the first row of a tie."""
        return f"internal:'{self.sheet.name}'!A{self.starts.get(tie, self.sheet.first) + 1}"
