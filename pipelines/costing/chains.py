"""Linked pools in the order in which they feed one another, compiled: that order, and the value of every link
that stands in no circle. The tables are allocated by the caller, `linked`; circles are solved in `cycles`."""

from typing import Any, Final, NamedTuple

import numpy as np

from pipelines.costing.compiled import compiled
from pipelines.costing.exact import add, portion

SOLVED: Final = 0
UNSOLVABLE: Final = 1  # nothing determines the rate, or it is negative
DEPENDENT: Final = 2  # fed by an unsolvable pool
OVERFLOW: Final = 3  # an amount does not fit 64 bits

ERROR: Final = np.dtype([("error", np.int64)], align=True)
"""What the exact arithmetic asks of its caller: a place for an overflow."""


class PoolTable(NamedTuple):
    """Per pool: quantity with what its links bring, amount so far, last known cost, status; and where the
    links that leave it begin in `LinkTable.link_of` (one entry more than pools)."""

    quantity: Any
    amount: Any
    last_quantity: Any
    last_amount: Any
    status: Any
    first_link: Any


class LinkTable(NamedTuple):
    """Per link: its pools, the quantity that leaves, its value; and the links sorted by the pool they
    leave."""

    source: Any
    target: Any
    quantity: Any
    amount: Any
    link_of: Any


class GroupTable(NamedTuple):
    """Per group of pools that feed each other: is it a circle, where its pools begin in `pool_of`; the group
    of each pool; and, once ordered, the groups each after all that feed it."""

    cyclic: Any
    first_pool: Any
    pool_of: Any
    group_of: Any
    waiting: Any
    order: Any


@compiled
def order_groups(groups, pools, links):  # type: ignore[no-untyped-def]
    """Fill `groups.order`; returns how many were placed. `waiting` comes in as zeros."""
    group_of, waiting, order = groups.group_of, groups.waiting, groups.order
    for link in range(len(links.source)):
        fed = group_of[links.target[link]]
        waiting[fed] += group_of[links.source[link]] != fed
    placed = 0
    for group in range(len(waiting)):
        if waiting[group] == 0:
            order[placed] = group
            placed += 1
    done = 0
    while done < placed:
        group = order[done]
        done += 1
        for place in range(groups.first_pool[group], groups.first_pool[group + 1]):
            pool = groups.pool_of[place]
            for leaving in range(pools.first_link[pool], pools.first_link[pool + 1]):
                fed = group_of[links.target[links.link_of[leaving]]]
                if fed != group:
                    waiting[fed] -= 1
                    if waiting[fed] == 0:
                        order[placed] = fed
                        placed += 1
    return placed


@compiled
def value_link(run, quantity, amount, whole, unissued, rest):  # type: ignore[no-untyped-def]
    """A link of `quantity` at amount ÷ whole: never more than the rest, and the rest with the last unit."""
    if 0 < unissued <= quantity:
        return add(run, rest, portion(run, amount, quantity - unissued, whole))
    value = portion(run, amount, quantity, whole)
    return min(value, rest) if unissued > 0 else value


@compiled
def value_pool(run, pool, pools, links):  # type: ignore[no-untyped-def]
    """Value what leaves one pool and add it to where it goes; a pool without a cost sets its status."""
    quantity, amount, unissued = pools.quantity[pool], pools.amount[pool], pools.quantity[pool]
    if quantity <= 0 or amount < 0:
        quantity, amount, unissued = pools.last_quantity[pool], pools.last_amount[pool], 0
    rest, status = amount, pools.status
    first, last = pools.first_link[pool], pools.first_link[pool + 1]
    if status[pool] == 0 and last > first and (quantity <= 0 or amount < 0):
        status[pool] = UNSOLVABLE
    for leaving in range(first, last):
        link = links.link_of[leaving]
        target = links.target[link]
        if status[pool] != 0:
            status[target] = max(status[target], DEPENDENT)
            continue
        value = value_link(run, links.quantity[link], amount, quantity, unissued, rest)
        pools.amount[target] = add(run, pools.amount[target], value)
        links.amount[link] = value
        unissued -= links.quantity[link]
        rest -= value
    if run.error != 0:
        status[pool], run.error = OVERFLOW, 0


@compiled
def value_chain(run, begin, groups, pools, links):  # type: ignore[no-untyped-def]
    """Value groups of one pool from `order[begin]` on; returns the place of the first circle, or the end."""
    for place in range(begin, len(groups.order)):
        group = groups.order[place]
        if groups.cyclic[group]:
            return place
        value_pool(run[0], groups.pool_of[groups.first_pool[group]], pools, links)
    return len(groups.order)
