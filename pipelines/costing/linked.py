"""Pools under periodic average that feed one another: what each movement between them is worth, exactly.
A pool is anything with one rate, also a production order or a conversion document; how a pool values its
other movements belongs to `periodic`, and which movements link pools is decided in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import coo_matrix, csgraph

from pipelines.costing.chains import (
    DEPENDENT,
    ERROR,
    OVERFLOW,
    UNSOLVABLE,
    GroupTable,
    LinkTable,
    PoolTable,
    order_groups,
    value_chain,
)
from pipelines.costing.cycles import NO_RATES, Flow, Member, settle, solve_rates


class Pools(NamedTuple):
    """One entry per pool, int64: what it has without its links (opening and receipts, in 1/10,000 units and
    minor units), and its last known cost as a quantity and an amount, 0 for none."""

    quantity: Any
    amount: Any
    last_quantity: Any
    last_amount: Any


class Links(NamedTuple):
    """One entry per movement, int64: the pools it leaves and reaches, the quantity that leaves, and the
    quantity that arrives (0 where the receiver's quantity does not grow, as in a production order)."""

    source: Any
    target: Any
    quantity: Any
    arriving: Any


@dataclass
class Solution:
    """`amount` per link in minor units; per pool its total quantity and amount with what its links bring, and
    its status, a code of `chains`; per circle of pools the exact rate of each member, in minor units per
    1/10,000 unit: an unsolvable circle has none."""

    amount: Any
    total_quantity: Any
    total_amount: Any
    status: Any
    circles: list[tuple[tuple[int, ...], Mapping[int, Fraction]]] = field(default_factory=list)


def solve_links(pools: Pools, links: Links) -> Solution:
    """Value every link at the rate of the pool it leaves: (its own amount + what comes in) ÷ its quantity.

    Pools are taken in the order in which they feed one another; an amount is rounded half up once and is
    never more than its pool has left; the link that takes the last unit takes the rest. Pools that feed each
    other in a circle are solved as linear equations in fractions. Without a quantity of its own, a pool
    issues at its last known cost. A pool that no rate can be found for says so in `status`, and what hangs on
    it too; nothing is raised for it. Raises ValueError for a link between pools that are not there.

    The rule: under a periodic average all that a pool receives in the period is in its rate, also what other
    pools send it, so that the rates of pools that send each other goods hold each other.
    """
    return _Run(Pools(*map(_whole, pools)), Links(*map(_whole, links))).solve()


def places(source: Any, target: Any, day: Any) -> Any:
    """Per link of a day its place among them: a link stands after those that feed the pool it leaves.

    All int64, an entry per link: pools from 0 that it leaves and reaches, and any number that is equal for
    links of one day. Links of one circle share a place; the places of different days say nothing of each
    other.
    """
    ends = np.stack([np.tile(day, 2), np.concatenate([source, target])])
    keys, nodes = np.unique(ends, axis=1, return_inverse=True)
    source, target = np.split(_whole(nodes.reshape(-1)), 2)
    return positions(source, target, keys.shape[1])[source]


def positions(source: Any, target: Any, count: int) -> Any:
    """Per node from 0 to `count` − 1 its position, int64, in an order in which each stands after all that
    feed it; nodes that feed each other share one. `source` and `target`: the ends of each link."""
    source, target = _whole(source), _whole(target)
    groups, nothing = _groups(source, target, count), np.zeros(0, np.int64)
    pools = PoolTable(*(nothing,) * 5, _starts(source, count))
    order_groups(groups, pools, LinkTable(source, target, nothing, nothing, _sorted(source)))
    position = np.empty(len(groups.order), np.int64)
    position[groups.order] = np.arange(len(groups.order))
    return position[groups.group_of]


def _sorted(keys: Any) -> Any:
    """The places of the keys, sorted by key, equal ones in their order."""
    return np.argsort(keys, kind="stable").astype(np.int64)


def _whole(values: Any) -> Any:
    return np.ascontiguousarray(values, np.int64)


def _starts(keys: Any, size: int) -> Any:
    """Where the entries of each key begin once they are sorted by key."""
    return np.concatenate([[0], np.cumsum(np.bincount(keys, minlength=size))]).astype(np.int64)


class _Run:
    """The tables of one solution."""

    def __init__(self, pools: Pools, links: Links) -> None:
        count = len(pools.quantity)
        ends = np.concatenate([links.source, links.target])
        if len(ends) and (ends.min() < 0 or ends.max() >= count):
            raise ValueError("a link names a pool that is not there")
        quantity = pools.quantity.copy()
        np.add.at(quantity, links.target, links.arriving)
        self.pools = PoolTable(
            quantity, pools.amount.copy(), pools.last_quantity, pools.last_amount,
            np.zeros(count, np.int64), _starts(links.source, count),
        )  # fmt: skip
        self.links = LinkTable(
            links.source, links.target, links.quantity, np.zeros(len(links.source), np.int64),
            _sorted(links.source),
        )  # fmt: skip
        self.groups = _groups(links.source, links.target, count)
        placed = order_groups(self.groups, self.pools, self.links)
        assert placed == len(self.groups.order)
        self.solution = Solution(self.links.amount, self.pools.quantity, self.pools.amount, self.pools.status)

    def solve(self) -> Solution:
        run, place = np.zeros(1, ERROR), 0
        while True:
            place = value_chain(run, place, self.groups, self.pools, self.links)
            if place == len(self.groups.order):
                return self.solution
            group = self.groups.order[place]
            first, last = self.groups.first_pool[group : group + 2]
            self._solve_circle(self.groups.pool_of[first:last])
            place += 1

    def _solve_circle(self, pools: Any) -> None:
        """Rates and links of one circle; its members stay without when something before them has none."""
        table, status = self.pools, self.pools.status
        columns = (table.quantity, table.amount, table.last_quantity, table.last_amount)
        members = {int(pool): Member(*(int(column[pool]) for column in columns)) for pool in pools}
        flows = [flow for pool in members for flow in self._leaving(pool)]
        rates: Mapping[int, Fraction] = NO_RATES
        if not status[pools].any():
            rates = solve_rates(members, [flow for flow in flows if flow.target in members])
            self.solution.circles.append((tuple(members), rates))
        if rates:
            for link, amount in settle(members, flows, rates).items():
                self._put(link, amount, pools)
            return
        status[pools] = DEPENDENT if status[pools].any() else UNSOLVABLE
        for flow in flows:
            status[flow.target] = max(status[flow.target], 0 if flow.target in members else DEPENDENT)

    def _leaving(self, pool: int) -> list[Flow]:
        first, last = self.pools.first_link[pool : pool + 2]
        target, quantity = self.links.target, self.links.quantity
        return [
            Flow(int(link), pool, int(target[link]), int(quantity[link]))
            for link in self.links.link_of[first:last]
        ]

    def _put(self, link: int, amount: int, pools: Any) -> None:
        target = self.links.target[link]
        if max(abs(amount), abs(int(self.pools.amount[target]) + amount)) >= 2**63:
            self.pools.status[pools] = OVERFLOW
            return
        self.links.amount[link] = amount
        self.pools.amount[target] += amount


def _groups(source: Any, target: Any, count: int) -> GroupTable:
    """The pools by the groups in which they feed each other, not ordered yet."""
    ones = np.ones(len(source), np.int8)
    graph = coo_matrix((ones, (source, target)), (count, count)).tocsr()
    groups, labels = csgraph.connected_components(graph, directed=True, connection="strong")
    group_of = labels.astype(np.int64)
    cyclic = np.bincount(group_of, minlength=groups) > 1
    cyclic[group_of[source[source == target]]] = True
    return GroupTable(
        cyclic, _starts(group_of, groups), _sorted(group_of), group_of,
        np.zeros(groups, np.int64), np.zeros(groups, np.int64),
    )  # fmt: skip
