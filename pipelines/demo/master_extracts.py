"""Master data of the example company as extracts: items, units, warehouses, parties, departments, accounts.

Documents are in `extracts.py` and `ledger_extracts.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from pipelines.demo import columns, company

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.demo.columns import Array
    from pipelines.demo.frame import Ints
    from pipelines.demo.masters import Masters


def master_tables(masters: Masters) -> dict[str, Array]:
    """One Arrow table per master file, by the file's name."""
    return {
        "单位换算": units(masters),
        "仓库档案": _rows(
            ("仓库编码", "仓库名称", "仓库属性", "是否启用"), [(*row, "是") for row in company.WAREHOUSES]
        ),
        "部门档案": _rows(
            ("部门编码", "部门名称", "部门属性", "是否启用"), [(*row, "是") for row in company.DEPARTMENTS]
        ),
        "供应商档案": parties(
            masters, np.flatnonzero(masters.parties["is_customer"] == 0).astype(np.int64), "供应商"
        ),
        "客户档案": parties(masters, masters.customers, "客户"),
        "会计科目": accounts(),
    }


def items(masters: Masters, periods: int) -> tuple[Array, Ints]:
    """存货档案, services too, which are not stock: as it stands at the end of each period."""
    known = np.flatnonzero(masters.items["batch"] <= 1).astype(np.int64)
    every = np.tile(known, periods)
    category = masters.items["category"][every]
    table = pa.table(
        {
            "存货编码": columns.picked(masters.item_codes, every),
            "存货名称": columns.picked(masters.item_names, every),
            "存货分类": columns.picked([c.code for c in company.CATEGORIES], category),
            "存货分类名称": columns.picked([c.name for c in company.CATEGORIES], category),
            "主计量单位": columns.picked(masters.item_units, every),
            "是否存货": columns.flag(~np.isin(category, company.SERVICES)),
            "计划单价": columns.optional(
                columns.decimal(masters.items["price"][every], 4), category == company.STD
            ),
            "单位重量": columns.optional(
                columns.quantity(masters.items["weight"][every]), category == company.MAT
            ),
            "批次管理": columns.flag(category == company.LOT),
            "税率": columns.decimal(masters.items["tax"][every], 2),
        }
    )
    return table, np.repeat(np.arange(periods, dtype=np.int64), len(known))


def units(masters: Masters) -> Array:
    """单位换算: goods for resale come in boxes of a dozen, packing material in bundles of a hundred."""
    rows = []
    for code, unit, whole, factor in zip(
        masters.item_codes,
        masters.item_units,
        masters.items["category"],
        masters.items["number"],
        strict=True,
    ):
        if whole == company.MER:
            rows.append((code, "箱", unit, "12" if factor % 3 else "24"))
        elif whole == company.PKG:
            rows.append((code, "捆", unit, "100"))
    return _rows(("存货编码", "辅计量单位", "主计量单位", "换算率"), rows)


def parties(masters: Masters, rows: Ints, kind: str) -> Array:
    """供应商档案 or 客户档案."""
    numbers = masters.parties["number"][rows]
    return pa.table(
        {
            f"{kind}编码": columns.picked(masters.party_codes, rows),
            f"{kind}名称": columns.picked(masters.party_names, rows),
            "统一社会信用代码": pa.array([f"9133{kind == '客户':d}{number:09d}0K" for number in numbers]),
            "是否关联方": columns.flag(masters.parties["is_group"][rows] == 1),
            "是否启用": columns.constant("是", len(rows)),
        }
    )


def accounts() -> Array:
    """会计科目, parents included."""
    codes = {code for code, *_ in company.ACCOUNTS}
    rows = []
    for code, name, kind, side in company.ACCOUNTS:
        parent = code[:-2] if len(code) > 4 and code[:-2] in codes else ""
        rows.append((code, name, parent, kind, side, "否" if code in company.PARENTS else "是", "是"))
    return _rows(("科目编码", "科目名称", "上级科目", "科目类别", "余额方向", "末级科目", "是否启用"), rows)


def _rows(names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Array:
    return pa.table(
        {name: pa.array(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}
    )
