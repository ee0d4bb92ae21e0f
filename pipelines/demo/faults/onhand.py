"""Quantities on hand follow when a document no longer takes anything out of stock.

Only goods that left are put back; documents that bring goods in are not touched.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from pipelines.demo.inbox import Inbox

ZERO = Decimal("0.0000")


def kept_on_hand(inbox: Inbox, name: str, number: str, no: str) -> None:
    """From the document's month on, every month's end has its quantities still."""
    flow = inbox.sheets[name].rows
    if "仓库编码" not in flow.column_names or name == "盘盈盘亏单":
        return
    lines = flow.filter(pc.equal(flow[number], no)).select(
        ["单据日期", "仓库编码", "存货编码", "存货名称", "数量"]
    )
    sheet = inbox.sheets["库存结存"]
    assert sheet.period is not None
    rows = sheet.rows.to_pylist()
    at = {(int(p), r["仓库编码"], r["存货编码"]): r for p, r in zip(sheet.period, rows, strict=True)}
    periods = list(sheet.period)
    for line in lines.to_pylist():
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
                    **{k: line[k] for k in ("仓库编码", "存货编码", "存货名称")},
                }
                rows.append(at[place])
                periods.append(period)
            at[place]["结存数量"] += Decimal(line["数量"])
    sheet.rows = pa.Table.from_pylist(rows, schema=sheet.rows.schema)
    sheet.period = np.array(periods, dtype=np.int64)
