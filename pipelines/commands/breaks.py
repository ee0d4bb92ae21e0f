"""`tieout breaks`: the differences of the published periods, by what is asked for; one of them in full.

How a difference becomes a break with a cause is decided in `dbt_project/models/reconciliation`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands import _common as common

if TYPE_CHECKING:
    from pipelines.books import Books

SHORT = [
    "period", "break_id", "tie_code", "disposition", "cause_code", "document_type", "document_no",
    "voucher_no", "party_code", "difference_amount", "age_days",
]  # fmt: skip
STATUSES = ("new", "open", "cleared")
SHORT_ID = 8


def _many(*names: str, help: str, metavar: str) -> Callable[[common.Command], common.Command]:  # noqa: A002 - click's word
    return click.option(*names, multiple=True, help=help, metavar=metavar)


@click.command("breaks", help="List the differences, or show one in full · 列出差异，或详示其中一项")
@click.argument("break_id", required=False, metavar="[BREAK_ID]")
@common.books_option
@_many("--period", "periods", metavar="PERIOD", help="Period · 期间, 2026-01")
@_many("--tie", "ties", metavar="TIE", help="stock, payables, … · 勾稽")
@_many("--account", "accounts", metavar="CODE", help="Account that differs · 科目")
@_many("--disposition", "dispositions", metavar="CODE", help="correct_ledger, timing, … · 处理")
@_many("--cause", "causes", metavar="CODE", help="Cause · 原因")
@_many("--symptom", "symptoms", metavar="CODE", help="Symptom · 症状")
@_many("--document", "documents", metavar="TEXT", help="Part of a document number · 单据号的一部分")
@_many("--party", "parties", metavar="CODE", help="Customer or supplier · 往来单位")
@_many("--status", "statuses", metavar="STATUS", help="new, open, cleared · 新增、未清、已清")
@click.option(
    "--new", "statuses", flag_value="new", multiple=True, help="Found first in the period · 本期新增"
)
@click.option(
    "--carried", "statuses", flag_value="open", multiple=True, help="From earlier periods · 以前期间带来"
)
@click.option("--min-amount", metavar="AMOUNT", help="At least so large, unsigned · 绝对额下限")
@common.format_option
def command(folder: Path | None, break_id: str | None, style: str, **asked: Any) -> int:
    """Returns 0: that there are differences is not an error here. JSON and CSV have every column.

    Codes may be given by their names in either language; options may be given several times.
    """
    from pipelines.break_list import list_breaks
    from pipelines.commands._break import tell
    from pipelines.drill import find_break

    books = common.open_books(folder)
    wanted = _wanted(asked)
    if break_id is not None:
        periods = wanted.codes["period"]
        tell(books, find_break(books.root, break_id), periods[-1] if periods else None, style)
        return 0
    if style != "table":
        found = list_breaks(books.root, wanted)
        common.show(style, found.columns, found.rows, books.language)
        return 0
    _print(books, list_breaks(books.root, wanted, [*SHORT, "misposted_amount"]).dicts())
    return 0


def _wanted(asked: dict[str, Any]) -> Any:
    from pipelines.break_list import Wanted

    return Wanted(
        codes={
            "period": [common.period_code(text) or "" for text in asked["periods"]],
            "tie_code": common.codes("--tie", "tie", asked["ties"]),
            "disposition": common.codes("--disposition", "disposition", asked["dispositions"]),
            "cause_code": common.codes("--cause", "cause", asked["causes"]),
            "symptom_code": common.codes("--symptom", "symptom", asked["symptoms"]),
            "status": common.codes("--status", "status", asked["statuses"], STATUSES),
            "party_code": asked["parties"],
        },
        accounts=asked["accounts"],
        documents=asked["documents"],
        least=_amount(asked["min_amount"]),
    )


def _amount(text: str | None) -> Decimal | None:
    from pipelines.messages import UsageError

    try:
        found = None if text is None else Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if found is not None and not found.is_finite():
        raise UsageError("amount_wrong", value=text)
    return found


def _print(books: Books, rows: list[dict[str, Any]]) -> None:
    from pipelines.messages import render

    if not rows:
        click.echo(render("breaks_none", books.language))
        return
    shown = [[row[name][:SHORT_ID] if name == "break_id" else row[name] for name in SHORT] for row in rows]
    common.show("table", SHORT, shown, books.language)
    net = sum((row["difference_amount"] for row in rows), Decimal(0))
    gross = sum(
        (max(abs(row["difference_amount"]), row["misposted_amount"] or 0) for row in rows), Decimal(0)
    )
    click.echo(render("breaks_total", books.language, count=len(rows), net=f"{net:,f}", gross=f"{gross:,f}"))
