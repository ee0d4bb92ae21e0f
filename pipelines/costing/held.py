"""Input rows that outlive their batch: those behind the open layers, open negatives and pools of one
component. A row index of the current batch is 0 or more, the place of a held row is `-2 - place`, -1 is no
row."""

from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.costing.codes import NOWHERE
from pipelines.costing.compiled import compiled
from pipelines.costing.records import State


@compiled
def _hold(found, count, base, row, everything):  # type: ignore[no-untyped-def]
    """Note a row to keep; returns its new name and the new count."""
    if row == NOWHERE or (row < 0 and not everything):
        return row, count
    found[count] = row
    return -2 - (base + count), count + 1


@compiled
def collect_rows(state, base, everything, found):  # type: ignore[no-untyped-def]
    """Rename the rows that the component at hand still needs and list their old names; `base` rows are held
    already.

    Without `everything` only rows of the current batch move, and layers are walked from the youngest back.
    """
    count = 0
    for index in range(state.run[0].pools):
        pool = state.pools[index]
        pool.row, count = _hold(found, count, base, pool.row, everything)
        pool.issue_row, count = _hold(found, count, base, pool.issue_row, everything)
        node = pool.last_layer
        while node != NOWHERE:
            layer = state.layers[node]
            if layer.row < 0 and not everything:
                break
            layer.row, count = _hold(found, count, base, layer.row, everything)
            node = layer.previous
        node = pool.first_negative
        while node != NOWHERE:
            negative = state.negatives[node]
            negative.row, count = _hold(found, count, base, negative.row, everything)
            node = negative.next
    return count


class HeldRows:
    """The held rows as Arrow, and look-ups by row name over them and the current batch."""

    def __init__(self, schema: pa.Schema) -> None:
        self._table = schema.empty_table()

    def look_up(self, batch: pa.RecordBatch | None, names: Any) -> pa.Table:
        """One row per name, all NULL for -1."""
        known = self._table
        if batch is not None:
            known = pa.concat_tables([known, pa.Table.from_batches([batch])])
        held = self._table.num_rows
        places = np.where(names >= 0, names + held, -2 - names)
        return known.take(pa.array(places, pa.int64(), mask=names == NOWHERE))

    def keep(self, state: State, hold_rows: Any, batch: pa.RecordBatch) -> None:
        """At the end of a batch: keep what the component at hand still needs, drop the rest."""
        run = state.run[0]
        if run["begun"]:
            self._table = self._table.slice(0, 0)
            run["begun"] = 0
        held = self._table.num_rows
        needed = int(run["layers"] + run["negatives"] + 2 * run["pools"])
        everything = held > 2 * needed + 4096
        found = np.empty(needed, np.int64)
        count = hold_rows(state, 0 if everything else held, everything, found)
        fresh = self.look_up(batch, found[:count])
        self._table = fresh if everything else pa.concat_tables([self._table, fresh])
