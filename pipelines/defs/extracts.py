"""The first step: what was delivered becomes the raw tables, beside the settings and what the last period
carried.

Landing, mapping and typing are in `pipelines/extracts`, `books_settings.py` and `carried.py`.
"""

from collections.abc import Iterator

import dagster
from dagster import AssetExecutionContext, AssetSpec, MaterializeResult, ResourceParam

from pipelines.books import Books
from pipelines.defs.discreet import discreetly
from pipelines.defs.job import partitions
from pipelines.session import Session
from pipelines.transform import load_project

GATE = "gate"


def build(books: Books) -> dagster.Definitions:
    """One asset per source table that dbt reads, except what the gate writes; all made by one step."""
    sources = load_project().manifest["sources"].values()
    specs = [
        AssetSpec(
            [source["source_name"], source["name"]], group_name="extracts", description=source["description"]
        )
        for source in sources
        if source["source_name"] != GATE
    ]

    @dagster.multi_asset(name="extracts", specs=specs, partitions_def=partitions(books))
    def extracts(
        context: AssetExecutionContext, session: ResourceParam[Session]
    ) -> Iterator[MaterializeResult[None]]:
        with discreetly(session):
            rows = session.extract(context.partition_key)
        for spec in specs:
            found = {"rows": rows[spec.key.path[1]]} if spec.key.path[1] in rows else {}
            yield MaterializeResult(asset_key=spec.key, metadata=found)

    return dagster.Definitions(assets=[extracts])
