"""The gate in: is the delivery what was agreed? One blocking check per contract table.

The expectations are in `expectations/`, their running in `pipelines/gate.py`.
"""

from collections.abc import Iterator

import dagster
from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    MaterializeResult,
    ResourceParam,
)

from pipelines.books import Books
from pipelines.contract import load_contract
from pipelines.defs.discreet import discreetly, places
from pipelines.defs.job import partitions
from pipelines.gate_result import GateResult
from pipelines.session import Session

KEY = AssetKey(["gate", "data_quality_result"])


def build(books: Books) -> dagster.Definitions:
    """The results of the gate as an asset, and its checks."""
    tables = [table for table in load_contract().tables.values() if table.processed]
    checks = [
        AssetCheckSpec(table.name, asset=KEY, blocking=True, description=table.description)
        for table in tables
    ]
    spec = AssetSpec(
        KEY,
        group_name="gate",
        deps=[AssetKey(["raw", table.name]) for table in tables],
        description="One row per expectation and contract table.",
    )

    @dagster.multi_asset(name="gate", specs=[spec], check_specs=checks, partitions_def=partitions(books))
    def gate(
        context: AssetExecutionContext, session: ResourceParam[Session]
    ) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
        with discreetly(session):
            judged = session.check_delivery(context.partition_key)
        yield MaterializeResult(asset_key=KEY, metadata={"expectations": len(judged.results)})
        for table in tables:
            yield _verdict(table.name, judged)
        with discreetly(session):
            session.stop_at_gate(context.partition_key, judged)

    return dagster.Definitions(assets=[gate])


def _verdict(table: str, judged: GateResult) -> AssetCheckResult:
    failed = [result for result in judged.results if result.table_name == table and result.status == "failed"]
    blocking = [result for result in judged.blocking if result.table_name == table]
    return AssetCheckResult(
        check_name=table,
        asset_key=KEY,
        passed=not failed,
        severity=AssetCheckSeverity.ERROR if blocking else AssetCheckSeverity.WARN,
        metadata={result.expectation: places(result) for result in failed},
    )
