"""The standard set of faults, in the order in which they choose their documents.

What each kind does is in its own module; rarer documents are chosen first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pipelines.demo.faults import (
    balances,
    costs,
    entries,
    estimates,
    figures,
    goods,
    misread,
    overlaps,
    papers,
    reclassed,
    taxes,
    transfers,
    units,
    unkeyed,
    unvalued,
    vouchers,
)

if TYPE_CHECKING:
    from pipelines.demo.faults.scene import Scene


class Kind(Protocol):
    """One kind of fault."""

    def seed(self, scene: Scene) -> None:
        """Seed it into the scene as often as it says, as far as there are documents to its liking."""


KINDS: tuple[Kind, ...] = (
    *reclassed.KINDS,
    *goods.KINDS,
    *unvalued.KINDS,
    *units.KINDS,
    *papers.KINDS,
    *misread.KINDS,
    *taxes.KINDS,
    *transfers.KINDS,
    *costs.KINDS,
    *overlaps.KINDS,
    *estimates.KINDS,
    *vouchers.KINDS,
    *figures.KINDS,
    *unkeyed.KINDS,
    *entries.KINDS,
    *balances.KINDS,
)
