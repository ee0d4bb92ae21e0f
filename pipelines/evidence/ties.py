"""Tie-out matrix and bridge of every tie: three lines per account, waterfall, adjusted balances.

The components themselves come from `components`; breaks one by one are in `breaks`.
"""

from dataclasses import dataclass
from decimal import Decimal

from pipelines.evidence.charts import Step, Waterfall, waterfall
from pipelines.evidence.components import ZERO, Component, Tie
from pipelines.evidence.formats import money
from pipelines.evidence.labels import Labels
from pipelines.evidence.listing import Cell, css_of
from pipelines.evidence.tables import Row

MEASURES = ("opening", "debit", "credit", "closing")
ACCOUNT_COLUMNS = 4


@dataclass(frozen=True)
class AccountBlock:
    """One control account in the matrix: both sides and their difference from opening to closing."""

    anchor: str
    account: str
    name: str
    measure: str
    measure_label: str
    rows: list[tuple[str, str, list[Cell]]]
    is_from_lines: bool
    status: str
    status_label: str


@dataclass(frozen=True)
class TieView:
    """One tie in the report; `waterfall` is None where it has no break."""

    code: str
    label: str
    blocks: list[AccountBlock]
    accounts: list[str]
    waterfall: Waterfall | None
    statement: list["StatementRow"]
    unexplained: Cell


@dataclass(frozen=True)
class StatementRow:
    """A line of the adjusted-balance statement: one amount per account shown, then the total."""

    label: str
    css: str
    cells: list[Cell]
    count: str = ""


def make_ties(ties: list[Tie], labels: Labels) -> list[TieView]:
    """Every tie as the report shows it."""
    return [_tie(tie, labels) for tie in ties]


def _tie(tie: Tie, labels: Labels) -> TieView:
    accounts = [row["account_code"] for row in tie.accounts]
    return TieView(
        code=tie.code,
        label=labels.code("tie_code", tie.code),
        blocks=[_block(row, f"#bridge-{tie.code}" if tie.components else "", labels) for row in tie.accounts],
        accounts=accounts if 1 < len(accounts) <= ACCOUNT_COLUMNS else [],
        waterfall=_waterfall(tie, labels) if tie.components else None,
        statement=_statement(tie, labels) if tie.components else [],
        unexplained=amount_cell(tie.unexplained()),
    )


def amount_cell(amount: Decimal | None, css: str = "") -> Cell:
    """An amount as a right-aligned cell."""
    return Cell(money(amount), f"n amount {css}".strip())


def _block(row: Row, href: str, labels: Labels) -> AccountBlock:
    sides = []
    for side in ("subledger", "ledger"):
        cells = [amount_cell(row[f"{name}_{side}_amount"]) for name in MEASURES]
        cells.append(amount_cell(row[f"{side}_amount"], "compared"))
        sides.append((side, labels(f"ui.{side}"), cells))
    gaps = [amount_cell(_gap(row, name)) for name in MEASURES]
    gaps.append(
        Cell(
            money(row["difference_amount"]),
            f"{css_of('difference_amount', row['difference_amount'])} compared",
            href,
        )
    )
    sides.append(("difference", labels("ui.difference"), gaps))
    sides.extend(_legs(row, labels))
    status = row["status"] or ""
    return AccountBlock(
        anchor=f"a-{row['tie_code']}-{row['account_code']}",
        account=row["account_code"],
        name=row["account_name"] or "",
        measure=row["measure"],
        measure_label=labels.code("measure", row["measure"]),
        rows=sides,
        is_from_lines=row["ledger_source"] == "lines",
        status=status,
        status_label=labels.code("status", status),
    )


def _legs(row: Row, labels: Labels) -> list[tuple[str, str, list[Cell]]]:
    """What the inventory system itself reports as cost, and the two parts of the difference around it."""
    if row["reported_amount"] is None:
        return []
    empty = [Cell("", "n") for _ in MEASURES]
    names = ("reported_amount", "posting_leg_amount", "costing_leg_amount")
    return [("leg", labels(f"col.{name}"), [*empty, amount_cell(row[name], "compared")]) for name in names]


def _gap(row: Row, name: str) -> Decimal | None:
    ledger, subledger = row[f"{name}_ledger_amount"], row[f"{name}_subledger_amount"]
    return None if ledger is None or subledger is None else ledger - subledger


def _component_label(part: Component, labels: Labels) -> str:
    return f"{labels.code('disposition', part.disposition)} · {labels.code('cause_code', part.cause_code)}"


def _waterfall(tie: Tie, labels: Labels) -> Waterfall:
    steps = [
        Step(
            labels.code("cause_code", part.cause_code),
            part.amount,
            f"is-{part.disposition}",
            f"#c-{part.cause_code}",
        )
        for part in tie.components
    ]
    if tie.unexplained():
        steps.append(Step(labels("light.identity"), tie.unexplained(), "is-broken"))
    first = Step(labels("ui.subledger"), tie.total("subledger_amount"), "balance")
    return waterfall(first, steps, Step(labels("ui.ledger"), tie.total("ledger_amount"), "balance"))


def _statement(tie: Tie, labels: Labels) -> list[StatementRow]:
    """Each side down to its adjusted balance, the ledger's first, and what is left between them."""
    maker = _Statement(tie, labels)
    ledger = [maker.balance("ledger", "ui.ledger"), *maker.parts("ledger", -1), maker.adjusted("ledger", -1)]
    subledger = [maker.balance("subledger", "ui.subledger"), *maker.parts("subledger", 1)]
    return [*ledger, *subledger, maker.adjusted("subledger", 1), maker.rest()]


class _Statement:
    """Makes the statement's rows for one tie."""

    def __init__(self, tie: Tie, labels: Labels) -> None:
        self.tie, self.labels = tie, labels
        accounts = [row["account_code"] for row in tie.accounts]
        self.accounts = accounts if 1 < len(accounts) <= ACCOUNT_COLUMNS else []
        self.by_account = {row["account_code"]: row for row in tie.accounts}

    def _cells(self, amounts: list[Decimal], total: Decimal) -> list[Cell]:
        return [amount_cell(amount) for amount in (*amounts, total)]

    def balance(self, side: str, key: str) -> StatementRow:
        amounts = [self.by_account[account][f"{side}_amount"] or ZERO for account in self.accounts]
        return StatementRow(
            self.labels(key), "balance", self._cells(amounts, self.tie.total(f"{side}_amount"))
        )

    def parts(self, side: str, sign: int) -> list[StatementRow]:
        made = []
        for part in (part for part in self.tie.components if part.adjusted_side == side):
            amounts = [sign * part.amounts.get(account, ZERO) for account in self.accounts]
            label, css = _component_label(part, self.labels), f"part is-{part.disposition}"
            made.append(
                StatementRow(label, css, self._cells(amounts, sign * part.amount), str(part.break_count))
            )
        return made

    def adjusted(self, side: str, sign: int) -> StatementRow:
        amounts = [
            (self.by_account[account][f"{side}_amount"] or ZERO) + sign * self.tie.adjustment(side, account)
            for account in self.accounts
        ]
        total = self.tie.total(f"{side}_amount") + sign * self.tie.adjustment(side)
        label = f"{self.labels(f'ui.{side}')} {self.labels('ui.adjusted')}"
        return StatementRow(label, "adjusted", self._cells(amounts, total))

    def rest(self) -> StatementRow:
        amounts = [
            (self.by_account[account]["difference_amount"] or ZERO)
            - self.tie.adjustment("ledger", account)
            - self.tie.adjustment("subledger", account)
            for account in self.accounts
        ]
        both = self.tie.adjustment("ledger") + self.tie.adjustment("subledger")
        total = self.tie.total("difference_amount") - both
        return StatementRow(
            self.labels("disposition.unidentified"),
            "rest open" if total or any(amounts) else "rest",
            self._cells(amounts, total),
        )
