"""Labelled faults for the example company: seeded into its finished extracts, each written down in an answer
key.

The injector knows extracts and nothing of rules or models; which faults there are is in the modules
`postings`, `estimates`, `entries`, `balances` and `papers`, how the ledger follows them in `ledger` and
`following`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.demo.inbox import Inbox

__all__ = ["PROFILES", "seed_faults"]

PROFILES = ("standard",)


def seed_faults(inbox: Inbox, seed: int) -> str:
    """Change the sheets of `inbox` in place; returns the answer key as CSV. The same inbox and seed give the
    same faults. A kind that finds no document to its liking is left out, so small books have fewer.
    """
    from pipelines.demo.faults.scene import Scene
    from pipelines.demo.faults.standard import KINDS

    scene = Scene(inbox, seed)
    for kind in KINDS:
        kind.seed(scene)
    return scene.finish()
