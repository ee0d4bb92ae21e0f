"""The standard set of faults, in the order in which they choose their documents.

What each kind does is in its own module; rarer documents are chosen first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pipelines.demo.faults import (
    balances,
    costs,
    currencies,
    entries,
    estimates,
    figures,
    goods,
    misdelivered,
    misread,
    overlaps,
    papers,
    quantities,
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
    *currencies.KINDS,
    *reclassed.KINDS,
    *goods.KINDS,
    *misdelivered.KINDS,
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
    *quantities.KINDS,
    *unkeyed.KINDS,
    *entries.KINDS,
    *balances.KINDS,
)
