"""What a tie's difference is made of: breaks summed by disposition and cause, and the side they adjust.

Both the report's waterfall and the workbook's bridge read these rows; `bridge` is held against them as a
check.
"""

from dataclasses import dataclass
from decimal import Decimal

from pipelines.evidence.tables import Row, RunTables

DISPOSITIONS = ("timing", "correct_ledger", "correct_subledger", "accepted", "unidentified")
ZERO = Decimal(0)

COMPONENT_SIDE = """
    case
        when found.disposition = 'unidentified' then 'none'
        when found.disposition = 'correct_ledger' then 'ledger'
        when found.disposition = 'timing' and found.symptom_code <> 'missing_in_subledger' then 'ledger'
        else 'subledger'
    end"""
# One row per tie, disposition, cause, adjusted side and account; the row without account counts the breaks
# of all accounts.
COMPONENTS = f"""
    select line.tie_code, line.account_code, found.disposition, found.cause_code,
           {COMPONENT_SIDE} as adjusted_side,
           sum(line.difference_amount) as amount, sum(abs(line.difference_amount)) as gross_amount,
           count(distinct line.break_id) as break_count
    from break_line as line join reconciliation_break as found using (break_id)
    group by grouping sets (
        (line.tie_code, found.disposition, found.cause_code, adjusted_side, line.account_code),
        (line.tie_code, found.disposition, found.cause_code, adjusted_side)
    )
"""
TIES = """
    select * from tie_out
    order by list_position(['stock', 'estimated_receipts', 'goods_in_transit', 'goods_shipped',
    'pending_property', 'payables',
        'receivables', 'input_vat', 'output_vat', 'revenue', 'cost_of_sales'], tie_code) nulls last,
            tie_code, account_code
"""


@dataclass(frozen=True)
class Component:
    """Part of a tie's difference by disposition and cause; amounts and counts by account, debit positive."""

    disposition: str
    cause_code: str
    adjusted_side: str
    amounts: dict[str, Decimal]
    counts: dict[str, int]
    break_count: int

    @property
    def amount(self) -> Decimal:
        """Sum over the tie's accounts."""
        return sum(self.amounts.values(), ZERO)


@dataclass(frozen=True)
class Tie:
    """One tie with its control accounts and the components of its difference, unidentified last."""

    code: str
    accounts: list[Row]
    components: list[Component]

    def total(self, column: str) -> Decimal:
        """Sum of a `tie_out` column over the tie's accounts."""
        return sum((row[column] or ZERO for row in self.accounts), ZERO)

    def adjustment(self, side: str, account: str | None = None) -> Decimal:
        """Sum of the components that adjust a side, for one account or for all."""
        chosen = [part for part in self.components if part.adjusted_side == side]
        if account is None:
            return sum((part.amount for part in chosen), ZERO)
        return sum((part.amounts.get(account, ZERO) for part in chosen), ZERO)

    def unexplained(self) -> Decimal:
        """Difference that its components do not add up to; zero, or the run is wrong."""
        return self.total("difference_amount") - sum((part.amount for part in self.components), ZERO)


def load_ties(tables: RunTables) -> list[Tie]:
    """Every tie of `tie_out` with its components, in the order of the lead sheet."""
    accounts: dict[str, list[Row]] = {}
    for row in tables.rows(TIES):
        accounts.setdefault(row["tie_code"], []).append(row)
    parts: dict[str, list[Row]] = {}
    for row in tables.rows(
        f"select * from ({COMPONENTS}) order by account_code nulls last, disposition, cause_code"
    ):
        parts.setdefault(row["tie_code"], []).append(row)
    return [Tie(code, rows, _components(parts.get(code, []))) for code, rows in accounts.items()]


def _components(rows: list[Row]) -> list[Component]:
    grouped: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        grouped.setdefault((row["disposition"], row["cause_code"], row["adjusted_side"]), []).append(row)
    made = [
        Component(
            *key,
            {row["account_code"]: row["amount"] for row in found if row["account_code"]},
            {row["account_code"]: row["break_count"] for row in found if row["account_code"]},
            next(row["break_count"] for row in found if row["account_code"] is None),
        )
        for key, found in grouped.items()
    ]
    return sorted(made, key=_rank)


def _rank(part: Component) -> tuple[int, Decimal, str, str]:
    known = part.disposition in DISPOSITIONS
    position = DISPOSITIONS.index(part.disposition) if known else len(DISPOSITIONS)
    return position, -abs(part.amount), part.cause_code, part.adjusted_side
