"""The last step: public tables, report, workbook and vouchers are sealed, and published when the screen
runs a period.

Writing and switching are in `pipelines/publication`, what people read in `pipelines/evidence` and `vouchers`.
"""

import dagster
from dagster import AssetExecutionContext, AssetKey, MaterializeResult, ResourceParam

from pipelines.books import Books
from pipelines.defs.discreet import discreetly
from pipelines.defs.job import partitions
from pipelines.session import Session
from pipelines.transform import load_project


def build(books: Books) -> dagster.Definitions:
    """The sealed run as an asset, after every model: nothing is sealed beside a failed check."""
    models = [node for node in load_project().manifest["nodes"].values() if node["resource_type"] == "model"]
    deps = sorted((node["schema"], node["name"]) for node in models)

    @dagster.asset(
        key=AssetKey(["publication", "run"]),
        group_name="publication",
        partitions_def=partitions(books),
        deps=[AssetKey(list(key)) for key in deps],
    )
    def run(context: AssetExecutionContext, session: ResourceParam[Session]) -> MaterializeResult[None]:
        """One row per period: its sealed run."""
        with discreetly(session):
            folder = session.finish(context.partition_key)
        return MaterializeResult(metadata={"run_id": folder.name, "report": str(folder / "report.html")})

    return dagster.Definitions(assets=[run])
