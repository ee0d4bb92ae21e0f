"""Which items walk through time together, and in which order: documents that carry value from item to item
link them, and production puts materials before products. Where the links come from is settled in SQL; links
between the pools of one item are in `linked`."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import coo_matrix, csgraph

from pipelines.costing.linked import positions


def components(items: int, item: Any, order: Any, leaves: Any, has_levels: Any) -> tuple[Any, Any, Any]:
    """Per item from 0 the component it belongs to, its level inside, and whether it is made of itself; an
    unlinked item is alone, level 0.

    Each entry says that an item leaves into (`leaves`), or comes out of, an order or document. Where it
    `has_levels` (production, subcontract) materials get a lower level than products; where not (conversion,
    repack) both items share one. Items that are made of each other share a level too.

    In: the number of items, and per entry int64 `item` and `order` (both from 0) and the two flags; out: two
    int32 arrays of length `items`. Numbers outside are not looked for: they are the caller's to avoid.

    The rule: a product's material must be valued before the product, whatever the dates of the documents say
    within a period, and goods that share a value must be walked in one order.
    """
    item, order = np.asarray(item, np.int64), np.asarray(order, np.int64)
    leaves, has_levels = np.asarray(leaves, bool), np.asarray(has_levels, bool)
    orders = int(order.max(initial=-1)) + 1
    component = _connected(item, items + order, items + orders)[:items]
    level, in_circle = np.zeros(items, np.int64), np.zeros(items, bool)
    if has_levels.any():
        kept = _connected(item[~has_levels], items + order[~has_levels], items + orders)
        nodes, made = np.unique(
            np.append(kept[item[has_levels]], kept[items + order[has_levels]]), return_inverse=True
        )
        ends, documents = np.split(made, 2)
        into = leaves[has_levels]
        found = positions(np.where(into, ends, documents), np.where(into, documents, ends), len(nodes))
        place = np.zeros(int(kept.max()) + 1, np.int64)
        place[nodes] = found + 1
        level = place[kept[:items]]
        in_circle = (np.bincount(place)[level] > 1) & (level > 0)
    return component.astype(np.int32), level.astype(np.int32), in_circle


def _connected(left: Any, right: Any, count: int) -> Any:
    """The number of the group of each node, whatever the direction."""
    graph = coo_matrix((np.ones(len(left), np.int8), (left, right)), (count, count)).tocsr()
    return csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
