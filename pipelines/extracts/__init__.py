"""Deliveries of the source systems: found, kept as text, mapped to the contract, counted.

One module per kind of source. Nothing here casts for good, judges a delivery or drops a row: typing is
dbt's staging, judging is `gate.py`.
"""

from pipelines.extracts.landing import LandedFile, LandedPart, Landing, land
from pipelines.extracts.macros import create_macros
from pipelines.extracts.raw import load_raw

__all__ = ["LandedFile", "LandedPart", "Landing", "create_macros", "land", "load_raw"]
