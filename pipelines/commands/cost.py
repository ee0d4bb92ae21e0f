"""`tieout cost ITEM`: the stock card of an item: its movements with balance, unit cost and the reason why.

What stands on a card is decided in `pipelines/stock_card`; here it is laid out for the terminal, or listed.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands import _common as common

if TYPE_CHECKING:
    from pipelines.books import Books
    from pipelines.evidence.labels import Labels
    from pipelines.stock_card import Card, Line

COLUMNS = [
    "period", "item_code", "pool_code", "costing_method", "line_kind", "effective_date",
    "document_type", "document_no", "line_no", "event_type", "warehouse_code", "lot_no",
    "in_quantity", "in_unit_cost", "in_amount", "out_quantity", "out_unit_cost", "out_amount",
    "balance_quantity", "balance_unit_cost", "balance_amount",
    "expensed_amount", "cost_basis", "reason",
]  # fmt: skip
POLICIES = ("customer_return", "supplier_return", "late_cost", "negative_stock")


@click.command(
    "cost", help="Stock card of an item: each figure with its reason · 存货明细账，逐笔说明金额由来"
)
@click.argument("item")
@common.books_option
@common.period_option
@click.option("--warehouse", metavar="WAREHOUSE", help="Only the cost pools of a warehouse · 仓库")
@common.format_option
def command(item: str, folder: Path | None, period: str | None, warehouse: str | None, style: str) -> int:
    """ITEM is a code or a name; returns 0. JSON and CSV have one row per line, figures as exact text."""
    from pipelines.messages import render
    from pipelines.stock_card import find_item, make_cards

    books = common.open_books(folder)
    found = find_item(books.root, item)
    cards = make_cards(books, found, common.period_code(period), warehouse)
    if style != "table":
        rows = [_row(card, line) for card in cards for line in card.lines]
        common.show(style, COLUMNS, rows, books.language)
    elif not cards:
        click.echo(render("card_nothing", books.language, item=f"{found.code} {found.name}".strip()))
    else:
        for card in cards:
            _print(card, books)
    return 0


def _row(card: Card, line: Line) -> list[Any]:
    row = line.row or {}
    figures = [figure for side in (line.came, line.left, line.balance) for figure in _figures(side)]
    return [
        line.period, card.item.code, card.pool_code, card.method, line.kind,
        *(row.get(name) for name in COLUMNS[5:12]), *figures,
        row.get("expensed_amount"), row.get("cost_basis"), line.reason or None,
    ]  # fmt: skip


def _figures(side: tuple[Decimal, Decimal] | None) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    from pipelines.stock_card.arithmetic import unit_cost

    return (None, None, None) if side is None else (side[0], unit_cost(side[1], side[0]), side[1])


def _print(card: Card, books: Books) -> None:
    """The card as a table with its reasons below the lines; wide characters count twice."""
    from pipelines.evidence.labels import Labels

    labels = Labels(books.language)
    body = [_cells(line, labels) for line in card.lines]
    head = [
        labels(f"card.head.{name}") for name in ("date", "document", *("quantity", "unit_cost", "amount") * 3)
    ]
    widths = [max(_width(row[place]) for row in [head, *body]) for place in range(len(head))]
    for text in _heading(card, books, labels):
        click.echo(text)
    sides = [labels(f"card.head.{side}") for side in ("in", "out", "balance")]
    spans = [sum(widths[first : first + 3]) + 4 for first in (2, 5, 8)]
    titles = [_centred(side, span) for side, span in zip(sides, spans, strict=True)]
    click.echo(" │ ".join([" " * (widths[0] + widths[1] + 2), *titles]).rstrip())
    for row, line in zip([head, *body], [None, *card.lines], strict=True):
        cells = [
            _padded(text, width, right=place > 1)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo(" │ ".join("  ".join(cells[a:b]) for a, b in ((0, 2), (2, 5), (5, 8), (8, 11))).rstrip())
        if line is not None and line.reason:
            click.echo(" " * (widths[0] + 2) + "└ " + line.reason)
    click.echo()


def _heading(card: Card, books: Books, labels: Labels) -> list[str]:
    pool = labels("card.pool_company") if card.pool_code == "*" else card.pool_code
    named = [f"{card.item.code} {card.item.name}".strip()]
    if card.item.unit:
        named.append(labels("card.unit", unit=card.item.unit))
    # A lot's own pool holds that lot alone: its average is the cost of the lot.
    method = "specific" if card.method == "moving_average" and "/" in card.pool_code else card.method
    named += [
        labels("card.method", method=labels(f"card.method.{method}")),
        labels("card.pool", pool=pool),
    ]
    costing = books.costing
    decimals = costing.unit_cost_decimals
    told = (*POLICIES, "variance_scope") if card.method == "standard" else POLICIES
    policies = [labels(f"card.policy.{name}.{getattr(costing, name)}") for name in told]
    unit = labels("card.policy.unit_cost_exact")
    if decimals != "exact":
        unit = labels("card.policy.unit_cost_decimals", decimals=decimals)
    return [f"{labels('card.title')}  {'  '.join(named)}", labels("card.why.stop").join([unit, *policies])]


def _cells(line: Line, labels: Labels) -> list[str]:
    from pipelines.stock_card.arithmetic import count

    row = line.row
    texts = ["", labels.optional(f"card.line.{line.kind}").format(period=line.period, year=line.period[:4])]
    if row is not None:
        document = labels.movement(row)
        texts = [f"{row['effective_date']:%Y-%m-%d}", f"{document} {row['line_no'] or ''}".rstrip()]
    for quantity, unit, amount in map(_figures, (line.came, line.left, line.balance)):
        texts += [
            "" if quantity is None else count(quantity),
            "" if unit is None else f"{unit:,.4f}",
            "" if amount is None else f"{amount:,.2f}",
        ]
    return texts


def _width(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _centred(text: str, width: int) -> str:
    before = (width - _width(text)) // 2
    return " " * before + _padded(text, width - before, right=False)
