"""Items, suppliers and customers of the example company, as many as its documents need.

Facts that do not grow (accounts, warehouses, reasons) are in `company.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.demo import company
from pipelines.demo.frame import Dice, Frame, Ints, filled, ints, stacked

UNIT = 10_000
"""One stock unit in quantity integers."""

_SHAPES: dict[int, tuple[tuple[str, ...], str, int, tuple[int, int], tuple[int, int]]] = {
    # category: names, unit, step, lot in units (low, high), price in 1e-4 yuan (low, high)
    company.RAW: (
        (
            "冷轧钢板",
            "铝型材",
            "不锈钢带",
            "ABS塑料粒子",
            "黄铜棒",
            "环氧树脂",
            "镀锌卷板",
            "尼龙66",
            "硅胶",
            "紫铜线",
        ),
        "千克",
        500,
        (200, 2400),
        (42_000, 880_000),
    ),
    company.MER: (
        (
            "轴承",
            "密封圈",
            "伺服电机",
            "减速机",
            "传感器",
            "继电器",
            "气缸",
            "电磁阀",
            "接线端子",
            "开关电源",
        ),
        "个",
        UNIT,
        (20, 240),
        (180_000, 9_600_000),
    ),
    company.FIN: (
        ("控制柜", "输送机组件", "工作台", "夹具", "配电箱", "机架", "分拣模块", "料仓", "护罩", "导轨总成"),
        "台",
        UNIT,
        (20, 160),
        (1_200_000, 24_000_000),
    ),
    company.PKG: (
        ("纸箱", "木托盘", "缠绕膜", "气泡袋", "珍珠棉护角", "周转箱"),
        "只",
        UNIT,
        (300, 4000),
        (8_000, 260_000),
    ),
    company.SVC: (("电费", "水费", "设备维修", "检测服务"), "项", UNIT, (1, 1), (3_000_000, 60_000_000)),
    company.FRT: (("公路运输服务", "仓储装卸服务"), "项", UNIT, (1, 1), (2_000_000, 30_000_000)),
    company.MAT: (
        ("电机壳体毛坯", "齿轮坯料", "轴用圆钢", "铸铝件", "硅钢片", "漆包线"),
        "千克",
        UNIT,
        (200, 900),
        (60_000, 420_000),
    ),
    company.PRD: (
        ("减速电机", "齿轮箱", "驱动总成", "电动推杆", "旋转台"),
        "台",
        UNIT,
        (20, 110),
        (2_400_000, 5_600_000),
    ),
}
_PLACES = ("宁波", "苏州", "无锡", "佛山", "东莞", "温州", "常州", "青岛", "合肥", "长沙", "武汉", "成都")
_MARKS = (
    "恒达",
    "永盛",
    "华信",
    "金鼎",
    "瑞丰",
    "天工",
    "中联",
    "鑫源",
    "泰和",
    "远东",
    "宏图",
    "立成",
    "新宇",
)
_TRADES = {
    company.RAW: "金属材料有限公司",
    company.MER: "机电设备有限公司",
    company.PKG: "包装制品有限公司",
    company.SVC: "公用事业服务有限公司",
    company.FRT: "物流有限公司",
    company.FIN: "自动化工程有限公司",
}


@dataclass(frozen=True)
class Masters:
    """`items`: category, price, lot, step, is_clearing, tax.

    `parties`: is_customer, category, is_foreign, is_group. Texts beside them by row.
    """

    items: Frame
    item_codes: tuple[str, ...]
    item_names: tuple[str, ...]
    item_units: tuple[str, ...]
    parties: Frame
    party_codes: tuple[str, ...]
    party_names: tuple[str, ...]

    def items_of(self, category: int) -> Ints:
        """Item numbers of a category."""
        return np.flatnonzero(self.items["category"] == category).astype(np.int64)

    @property
    def customers(self) -> Ints:
        """Party numbers of the customers."""
        return np.flatnonzero(self.parties["is_customer"] == 1).astype(np.int64)

    def suppliers_of(self, category: int) -> Ints:
        """Party numbers of the suppliers of a category."""
        chosen = (self.parties["is_customer"] == 0) & (self.parties["category"] == category)
        return np.flatnonzero(chosen).astype(np.int64)


def make_masters(documents: int, seed: int) -> Masters:
    """As many items and parties as `documents` per period keep busy."""
    dice = Dice(seed, 1)
    counts = {
        company.RAW: _clamp(documents // 16, 8, 2000),
        company.MER: _clamp(documents // 12, 10, 3000),
        company.FIN: _clamp(documents // 25, 6, 1500),
        company.PKG: _clamp(documents // 60, 4, 400),
        company.SVC: 4,
        company.FRT: 2,
        company.MAT: _clamp(documents // 60, 4, 600),
        company.PRD: _clamp(documents // 80, 3, 400),
    }
    items = stacked(
        [_items(category, count, dice) for category, count in counts.items()],
        ["category", "price", "lot", "step", "is_clearing", "tax", "number"],
    )
    parties = stacked(_parties(documents), ["is_customer", "category", "number", "is_foreign", "is_group"])
    return Masters(
        items=items,
        item_codes=tuple(
            f"{c + 1:02d}-{n:04d}" for c, n in zip(items["category"], items["number"], strict=True)
        ),
        item_names=tuple(
            _item_name(int(c), int(n)) for c, n in zip(items["category"], items["number"], strict=True)
        ),
        item_units=tuple(_SHAPES[int(c)][1] for c in items["category"]),
        parties=parties,
        party_codes=tuple(
            f"{'KH' if k else 'GYS'}{n:04d}"
            for k, n in zip(parties["is_customer"], parties["number"], strict=True)
        ),
        party_names=tuple(
            _party_name(int(c), int(n)) for c, n in zip(parties["category"], parties["number"], strict=True)
        ),
    )


def _clamp(value: int, low: int, high: int) -> int:
    return min(max(value, low), high)


def _items(category: int, count: int, dice: Dice) -> Frame:
    _, _, step, lots, prices = _SHAPES[category]
    number = np.arange(1, count + 1, dtype=np.int64)
    tax = {company.FRT: 9, company.SVC: 6}.get(category, company.VAT)
    taxes = np.where((category == company.SVC) & (number <= 3), ints([13, 9, 13, 6])[(number - 1) % 4], tax)
    # The dearer an item, the smaller its lots: value per line stays in one range.
    rank = dice.between(0, 999, count)
    price = prices[0] + (prices[1] - prices[0]) * rank * rank // 998_001
    lot = (lots[1] - (lots[1] - lots[0]) * rank // 999) * UNIT
    return Frame(
        category=filled(count, category),
        price=price // 100 * 100,
        lot=lot,
        step=filled(count, step),
        is_clearing=(number % 5 == 0).astype(np.int64),
        tax=taxes,
        number=number,
    )


def _item_name(category: int, number: int) -> str:
    names = _SHAPES[category][0]
    turn, name = divmod(number - 1, len(names))
    return (
        names[name]
        if turn == 0 and category in (company.SVC, company.FRT)
        else f"{names[name]} {chr(65 + turn % 26)}{number}"
    )


def _parties(documents: int) -> list[Frame]:
    def block(is_customer: int, category: int, count: int, first: int) -> Frame:
        numbers = np.arange(first, first + count, dtype=np.int64)
        # One supplier of goods for resale in eight bills in dollars, and there is one at least.
        rank = np.arange(count)
        foreign = (rank % 8 == 1) & (category == company.MER)
        # Two suppliers of material and two customers belong to the same group as the company.
        related = np.isin(rank, (1, 2)) & np.isin(category, (company.RAW, company.FIN))
        return Frame(
            is_customer=filled(count, is_customer),
            category=filled(count, category),
            number=numbers,
            is_foreign=foreign.astype(np.int64),
            is_group=related.astype(np.int64),
        )

    sizes = {
        company.RAW: _clamp(documents // 40, 4, 800),
        company.MER: _clamp(documents // 30, 6, 1000),
        company.PKG: _clamp(documents // 130, 2, 150),
        company.SVC: 3,
        company.FRT: 3,
    }
    frames, first = [], 1
    for category, count in sizes.items():
        frames.append(block(0, category, count, first))
        first += count
    return [*frames, block(1, company.FIN, _clamp(documents // 14, 10, 4000), 1)]


def _party_name(category: int, number: int) -> str:
    turn, rest = divmod(number * 7, len(_PLACES) * len(_MARKS))
    place, mark = _PLACES[rest % len(_PLACES)], _MARKS[rest // len(_PLACES)]
    return f"{place}{mark}{'' if turn == 0 else chr(0x4E00 + turn)}{_TRADES[category]}"
