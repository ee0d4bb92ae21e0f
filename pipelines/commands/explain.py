"""`tieout explain VOUCHER`: an expected voucher line by line: its document, cost, rule and account.

What is known of a line is gathered in `pipelines/explained.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands import _common as common

if TYPE_CHECKING:
    from pipelines.evidence.labels import Labels

COLUMNS = [
    "period", "voucher_id", "line_no", "voucher_date", "account_code", "account_name", "debit_amount",
    "credit_amount", "document_type", "document_no", "document_line_no", "item_code", "party_code",
    "event_type", "amount_basis", "rule_id", "rule_version", "account_role", "moved_quantity", "unit_cost",
    "moved_amount", "cost_basis",
]  # fmt: skip


@click.command(
    "explain", help="Say why an expected voucher is what it is · 逐行说明应有凭证：单据、成本、规则、科目"
)
@click.argument("voucher")
@common.books_option
@common.period_option
@common.format_option
def command(voucher: str, folder: Path | None, period: str | None, style: str) -> int:
    """VOUCHER is the id of a voucher, as in voucher_line, or the number of its document; returns 0."""
    from pipelines.evidence.labels import Labels
    from pipelines.explained import explain_voucher, find_voucher

    books = common.open_books(folder)
    found = find_voucher(books.root, voucher, common.period_code(period))
    lines = explain_voucher(books.root, found)
    if style != "table":
        rows = [[line[name] for name in COLUMNS] for line in lines]
        common.show(style, COLUMNS, rows, books.language)
        return 0
    labels = Labels(books.language)
    click.echo(f"{found}  {lines[0]['voucher_date']}  {lines[0][f'summary_{books.language}']}")
    for line in lines:
        click.echo()
        for text in _told(line, labels):
            click.echo(text)
    return 0


def _told(line: dict[str, Any], labels: Labels) -> list[str]:
    """The line, and below it where each part of it comes from."""
    is_debit = line["debit_amount"] != 0
    side, amount = ("debit", line["debit_amount"]) if is_debit else ("credit", line["credit_amount"])
    account = f"{line['account_code']} {line['account_name'] or ''}".strip()
    document = labels.document(line["document_type"], line["document_no"])
    parts = {
        "document": labels("explain.line", document=document, line=line["document_line_no"] or ""),
        "rule": f"{line['rule_id']} v{line['rule_version']}: {line['event_type']} / {line['amount_basis']}",
        "account": f"{line['account_role']} → {account}",
    }
    if line["item_code"]:
        parts["document"] += f", {line['item_code']}"
    if line["moved_amount"] is not None and "cost" in line["amount_basis"]:
        parts["cost"] = labels(
            "explain.cost",
            quantity=f"{line['moved_quantity'].normalize():f}",
            unit=f"{(line['unit_cost'] or 0):.6f}",
            amount=f"{line['moved_amount']:,}",
            item=line["item_code"],
        )
    told = [f"{line['line_no']:>3}  {labels(f'explain.{side}')} {account}  {amount:,}"]
    return told + [
        f"     {labels(f'explain.{name}_title')}: {parts[name]}"
        for name in ("document", "cost", "rule", "account")
        if name in parts
    ]
