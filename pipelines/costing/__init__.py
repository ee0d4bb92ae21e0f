"""The costing kernel: what each stock movement is worth, from documents alone; Arrow in, Arrow out.
It knows neither files nor databases nor settings: the dbt model `costed` feeds it and stores what it says.

To read it as a specification: `codes` and `schema` (what comes in and goes out), `stream` and `kernel` (the
walk over the rows), `operations` with `perpetual`, `layers` and `negatives` (moving average, first in first
out, stock below zero), `originals` (returns and transfers), `periodic`, `standard`, `orders` (production),
`closing` (what the next period gets); before the walk `components` (what must be walked together) and
`linked` with `chains` and `cycles` (pools that feed each other). Under all of it: `exact`, `unit_value`."""

from pipelines.costing.schema import output_schema
from pipelines.costing.stream import cost_movements

__all__ = ["cost_movements", "output_schema"]
