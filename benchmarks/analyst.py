"""The script a capable analyst would write for the same extracts: read, merge, group, compare totals.

It takes the documents at their word and costs nothing, so it says that totals differ, not where or why; what
it cannot see (the value of stock, estimated receipts) it leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

REVENUE = {
    **dict.fromkeys(("MER", "STD", "LOT"), "600101"),
    **dict.fromkeys(("FIN", "PRD", "SUB"), "600102"),
    **dict.fromkeys(("RAW", "PKG", "MAT"), "6051"),
}
COST = {
    category: account.replace("600", "640").replace("6051", "640201") for category, account in REVENUE.items()
}
PROFIT_AND_LOSS = "6"
"""First digit of accounts that are closed to 4103 at the month's end: their movement before that counts."""


@dataclass(frozen=True)
class Totals:
    """Amounts in cents by account, of the ledger and of the documents; `rows` that were read."""

    rows: int
    ledger: dict[str, int]
    documents: dict[str, int]

    def differing(self) -> dict[str, int]:
        """Ledger minus documents, where they are not the same."""
        found = {code: self.ledger.get(code, 0) - amount for code, amount in self.documents.items()}
        return {code: amount for code, amount in found.items() if amount}


def compare(root: Path, period: str) -> Totals:
    """Totals of one period of the example books whose extracts are all CSV."""
    frames = {path.stem: _read(path) for path in sorted((root / "inbox").rglob("*.csv"))}
    return Totals(
        sum(map(len, frames.values())), _ledger(frames, period), {**_trade(frames), **_open_items(frames)}
    )


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _ledger(frames: dict[str, pd.DataFrame], period: str) -> dict[str, int]:
    """Opening balance and posted entries; of profit and loss the entries without the closing transfer."""
    lines = frames["凭证"]
    lines = lines[(lines["会计期间"] == period) & (lines["凭证状态"] == "已记账")]
    is_result = lines["科目编码"].str.startswith(PROFIT_AND_LOSS)
    lines = lines[~(is_result & (lines["凭证性质"] == "损益结转"))]
    moved = _cents(lines["借方金额"]) - _cents(lines["贷方金额"])
    balances = frames["科目余额表"].set_index("科目编码")
    opening = _cents(balances["期初借方余额"]) - _cents(balances["期初贷方余额"])
    return _whole(opening.add(moved.groupby(lines["科目编码"]).sum(), fill_value=0))


def _trade(frames: dict[str, pd.DataFrame]) -> dict[str, int]:
    """Revenue, cost of sales as the inventory system states it, and VAT of both directions."""
    lines, invoices = frames["出库流水"], _approved(frames["采购发票"])
    lines = _approved(lines[lines["单据类型"].isin(["销售出库", "销售退货"])])
    items = frames["存货档案"].drop_duplicates("存货编码")[["存货编码", "存货分类"]]
    lines = lines.merge(items, on="存货编码", how="left")
    revenue = -_cents(lines["金额"]).groupby(lines["存货分类"].map(REVENUE)).sum()
    cost = _cents(lines["系统成本金额"]).groupby(lines["存货分类"].map(COST)).sum()
    return {
        **_whole(revenue),
        **_whole(cost),
        "22210101": int(_cents(invoices["抵扣税额"]).sum()),
        "22210107": -int(_tax(lines).sum()),
    }


def _open_items(frames: dict[str, pd.DataFrame]) -> dict[str, int]:
    """Receivables, payables and advances: opening, plus documents, minus what was paid or applied."""
    opening = _sums(frames["期初未结项目"], "期初类别", "金额")
    paid = _sums(_approved(frames["收付款单"]), "单据类型", "金额")
    applied = _sums(_approved(frames["核销单"]), "核销方式", "核销金额")
    invoices, lines = _approved(frames["采购发票"]), _approved(frames["出库流水"])
    sales = lines[lines["单据类型"].isin(["销售出库", "销售退货"])]
    billed = int(_cents(sales["金额"]).sum() + _tax(sales).sum())
    owed = int(_owed(invoices).sum())
    return {
        "1122": opening["应收账款"] + billed - paid["收款单"] - applied["预收冲应收"],
        "220201": -(opening["应付账款"] + owed - paid["付款单"] - applied["预付冲应付"]),
        "1123": opening["预付账款"] + paid["预付单"] - applied["预付冲应付"],
        "2203": -(opening["预收账款"] + paid["预收单"] - applied["预收冲应收"]),
    }


def _approved(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["单据状态"] == "已审核"]


def _sums(rows: pd.DataFrame, kind: str, amount: str) -> dict[str, int]:
    return _whole(_cents(rows[amount]).groupby(rows[kind]).sum())


def _tax(lines: pd.DataFrame) -> pd.Series[int]:
    """Tax in cents."""
    return _rounded(_cents(lines["金额"]) * _scaled(lines["税率"], 2), 100)


def _owed(invoices: pd.DataFrame) -> pd.Series[int]:
    """Amount and tax in cents of the books' currency."""
    rate = _scaled(invoices["汇率"], 4)
    return _rounded(_cents(invoices["无税金额"]) * rate, 10_000) + _rounded(
        _cents(invoices["税额"]) * rate, 10_000
    )


def _rounded(products: pd.Series[int], unit: int) -> pd.Series[int]:
    """Divided by the unit, halves away from zero."""
    quotients: pd.Series[int] = (products.abs() + unit // 2).floordiv(unit)
    return quotients.where(products >= 0, -quotients)


def _cents(texts: pd.Series[Any]) -> pd.Series[int]:
    return _scaled(texts, 2)


def _scaled(texts: pd.Series[Any], decimals: int) -> pd.Series[int]:
    """Numbers of at most so many decimals as integers of the last one; what is no such number counts
    nothing."""
    given = pa.array(texts, pa.string())
    plain = pc.if_else(pc.match_substring_regex(given, rf"^-?\d+(\.\d{{1,{decimals}}})?$"), given, "0")
    unit = pa.scalar(10**decimals, pa.decimal128(decimals + 1, 0))
    whole = pc.multiply(plain.cast(pa.decimal128(18, decimals)), unit).cast(pa.int64())
    return pd.Series(whole.to_numpy(), index=texts.index)


def _whole(sums: pd.Series[Any]) -> dict[str, int]:
    return {str(code): int(amount) for code, amount in sums.items()}
