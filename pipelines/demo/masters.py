"""Items, suppliers and customers of the example company, as many as its documents need.

Facts that do not grow (accounts, warehouses, reasons) are in `company.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.demo import company
from pipelines.demo.frame import Dice, Frame, Ints, filled, ints, rank_within, stacked
from pipelines.demo.shapes import SHAPES, UNIT, item_counts, lots_of

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
    """`items`: category, price, lot, step, is_clearing, tax, weight (1e-4 of a unit), batch: an item
    kept by lot has a row for each lot, numbered 1, 2, …; others have 0.

    `parties`: is_customer, category, is_foreign, is_group. Texts beside them by row.
    """

    items: Frame
    item_codes: tuple[str, ...]
    item_names: tuple[str, ...]
    item_units: tuple[str, ...]
    item_lots: tuple[str, ...]
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


def make_masters(documents: int, periods: int, seed: int) -> Masters:
    """As many items and parties as `documents` per period keep busy."""
    dice = Dice(seed, 1)
    items = stacked(
        [_items(category, count, dice) for category, count in item_counts(documents).items()],
        ["category", "price", "lot", "step", "is_clearing", "tax", "number", "weight"],
    )
    items = _with_lots(items, lots_of(periods))
    parties = stacked(_parties(documents), ["is_customer", "category", "number", "is_foreign", "is_group"])
    return Masters(
        items=items,
        item_codes=tuple(
            f"{c + 1:02d}-{n:04d}" for c, n in zip(items["category"], items["number"], strict=True)
        ),
        item_names=tuple(
            _item_name(int(c), int(n)) for c, n in zip(items["category"], items["number"], strict=True)
        ),
        item_units=tuple(SHAPES[int(c)][1] for c in items["category"]),
        item_lots=tuple(
            f"PH{n:03d}{b:03d}" if b else "" for n, b in zip(items["number"], items["batch"], strict=True)
        ),
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
    _, _, step, lots, prices = SHAPES[category]
    number = np.arange(1, count + 1, dtype=np.int64)
    tax = {company.FRT: 9, company.LND: 9, company.SVC: 6}.get(category, company.VAT)
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
        weight=(30 + number * 37 % 400) * 100,
    )


def _with_lots(items: Frame, lots: int) -> Frame:
    """As many rows as lots for every item that is kept by lot; nothing of a lot is held back."""
    is_lot = items["category"] == company.LOT
    rows = np.repeat(np.arange(len(items), dtype=np.int64), np.where(is_lot, lots, 1))
    wide = items.take(rows)
    return wide.having(
        batch=np.where(is_lot[rows], rank_within(rows), 0),
        is_clearing=np.where(is_lot[rows], 1, wide["is_clearing"]),
    )


def _item_name(category: int, number: int) -> str:
    names = SHAPES[category][0]
    turn, name = divmod(number - 1, len(names))
    return (
        names[name]
        if turn == 0 and category in company.SERVICES
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
