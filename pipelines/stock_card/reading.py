"""What a card is made from: the published rows of one item, what its pools opened with, and the orders and
documents that its receipts share in. Reading only; what follows from it is in `pool` and `reasons`."""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines import published
from pipelines.messages import UsageError
from pipelines.period import Period

Row = dict[str, Any]
ORDER = "period, pool_code, sequence_no, case event_type when 'negative_true_up' then 1 else 0 end, event_id"
SHARING = ("production_receipt", "subcontract_receipt")


@dataclass(frozen=True)
class Item:
    """An item as its master data name it."""

    code: str
    name: str
    unit: str


@dataclass(frozen=True)
class Facts:
    """Published rows by what they are looked up by; `opened` by the period that they open."""

    item: Item
    rows: list[Row]
    events: dict[str, Row]
    consumed: dict[tuple[str, str], list[Row]]
    opened: dict[tuple[str, str, str], list[Row]]
    closed: dict[tuple[str, str], Row]
    orders: dict[tuple[str, str], Row]
    sharing: dict[tuple[str, str], list[Row]]
    """Movements of whole orders and documents: by period and by order or document number."""


def find_item(root: Path, text: str) -> Item:
    """The item of that code or, where one item alone has it, that name; UsageError names similar ones."""
    rows = published.read(root, "state/item", ["item_code", "name", "stock_unit"], order="period").rows
    items = {code: Item(code, name or "", unit or "") for code, name, unit in rows}
    named = [item for item in items.values() if item.name == text]
    if text in items:
        return items[text]
    if len(named) == 1:
        return named[0]
    words = {word: item for item in items.values() for word in (item.code, item.name)}
    close = difflib.get_close_matches(text, words, 5, 0.5)
    near = (
        named or [words[word] for word in close] or [i for w, i in words.items() if text.lower() in w.lower()]
    )
    listed = "; ".join(dict.fromkeys(f"{item.code} {item.name}" for item in near[:5]))
    if not listed:
        raise UsageError("card_item_unknown", item=text)
    raise UsageError("card_item_near", item=text, near=listed)


def read_facts(root: Path, item: Item) -> Facts:
    """Everything published of the item, all periods, and nothing of other items but what it shares in."""
    mine = {"item_code": item.code}
    rows = published.read(root, "stock_ledger", where=mine, order=ORDER).dicts()
    layers = published.read(
        root, "cost_layer", where={**mine, "layer_kind": "consumed"}, order="period, layer_no"
    )
    states = {
        name: published.read(root, f"state/{name}", where=mine, order=order).dicts()
        for name, order in (
            ("cost_state", "period"),
            ("open_layer", "layer_no"),
            ("negative_issue", "issue_no"),
        )
    }
    consumed, opened = defaultdict(list), defaultdict(list)
    for layer in layers.dicts():
        consumed[layer["period"], layer["issue_event_id"]].append(layer)
    for name, found in states.items():
        for row in found:
            opened[str(Period(row["period"]).next), row["pool_code"], name].append(row)
    return Facts(
        item,
        rows,
        {row["event_id"]: row for row in rows},
        dict(consumed),
        dict(opened),
        {(row["period"], row["pool_code"]): row for row in states["cost_state"]},
        {(row["period"], row["order_key"]): row for row in published.read(root, "work_in_process").dicts()},
        _sharing(root, rows),
    )


def _sharing(root: Path, rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    """Receipts of the orders, and all lines of the documents, that the item's own receipts share in."""
    made = [row for row in rows if row["event_type"] in SHARING]
    orders = sorted({row["production_order_no"] for row in made if row["production_order_no"]})
    turned = sorted(
        {row["document_no"] for row in rows if row["event_type"] in ("conversion_in", "repack_in")}
    )
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    order = "period, effective_date, document_no, line_no, event_id"
    for column, wanted in (("production_order_no", orders), ("document_no", turned)):
        if wanted:
            for row in published.read(root, "stock_ledger", where={column: wanted}, order=order).dicts():
                found[row["period"], row[column]].append(row)
    for row in made:
        if not row["production_order_no"]:
            found[row["period"], row["item_code"]].append(row)
    return dict(found)
