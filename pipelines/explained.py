"""An expected voucher from its documents to its accounts: document, cost, rule and account of each line.

The figures are those that are published; how they came about is decided in `dbt_project/models`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines import published
from pipelines.messages import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_MOST = 8
_LINES = """
select line.*, moved.quantity as moved_quantity, moved.unit_cost, moved.amount as moved_amount,
    moved.cost_basis
from {voucher_line} as line
left join {stock_ledger} as moved
    on line.period = moved.period and line.event_id = moved.event_id and moved.amount <> 0
where line.voucher_id = ? order by line.line_no
"""


def find_voucher(root: Path, text: str, period: str | None = None) -> str:
    """The id of the one voucher of that id or document number; UsageError when there is none or several.

    The period picks one of a document's vouchers where it is posted in several.
    """
    rows = published.query(
        root,
        "select distinct voucher_id from {voucher_line} "
        "where (voucher_id = ? or upper(document_no) = upper(?)) and period = coalesce(?, period) "
        f"order by 1 limit {_MOST}",
        [text.strip(), text.strip(), period],
    ).rows
    if not rows:
        raise UsageError("voucher_unknown", voucher=text)
    if len(rows) > 1:
        raise UsageError("voucher_ambiguous", voucher=text, listed=", ".join(str(row[0]) for row in rows))
    return str(rows[0][0])


def explain_voucher(root: Path, voucher_id: str) -> list[dict[str, Any]]:
    """The voucher's lines in order, each with the stock movement behind it; None where there is none."""
    return published.query(root, _LINES, [voucher_id]).dicts()
