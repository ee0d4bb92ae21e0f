"""Quantities on hand follow when documents move something else than they did.

Which documents do is decided in the modules of kinds.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from pipelines.demo.inbox import Inbox

ZERO = Decimal("0.0000")
_KEPT = ("仓库编码", "存货编码", "存货名称")


def kept_on_hand(inbox: Inbox, name: str, number: str, no: str) -> None:
    """What the document took out of stock is there still."""
    flow = inbox.sheets[name].rows
    if "仓库编码" in flow.column_names and name != "盘盈盘亏单":
        lines = flow.filter(pc.equal(flow[number], no)).select([*_KEPT, "单据日期", "数量"])
        more_on_hand(inbox, lines.to_pylist())


def more_on_hand(inbox: Inbox, lines: list[dict[str, Any]]) -> None:
    """From each line's month on, every month's end has its quantity more (negative: less)."""
    sheet = inbox.sheets["库存结存"]
    assert sheet.period is not None
    rows = sheet.rows.to_pylist()
    at = {(int(p), r["仓库编码"], r["存货编码"]): r for p, r in zip(sheet.period, rows, strict=True)}
    periods = list(sheet.period)
    for line in lines:
        first = int(
            inbox.calendar.period_of(np.array([line["单据日期"]], dtype="datetime64[D]").astype(np.int64))[0]
        )
        for period in range(first, inbox.calendar.periods):
            place = (period, line["仓库编码"], line["存货编码"])
            if place not in at:
                end = inbox.calendar.end_of(np.array([period]))[0].astype("datetime64[D]").item()
                at[place] = {
                    "截止日期": end,
                    "结存数量": ZERO,
                    **{name: line[name] for name in _KEPT},
                }
                rows.append(at[place])
                periods.append(period)
            at[place]["结存数量"] += Decimal(line["数量"])
    sheet.rows = pa.Table.from_pylist(rows, schema=sheet.rows.schema)
    sheet.period = np.array(periods, dtype=np.int64)
