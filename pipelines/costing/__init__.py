"""The costing kernel: what each stock movement is worth, from documents alone; Arrow in, Arrow out.
It knows neither files nor databases nor settings: the dbt model `costed` feeds it and stores what it says."""

from pipelines.costing.schema import output_schema
from pipelines.costing.stream import cost_movements

__all__ = ["cost_movements", "output_schema"]
