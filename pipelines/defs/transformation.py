"""Staging to marts: one dbt invocation in this process, its models as assets and its tests as checks.

The models are in `dbt_project`, the invocation in `pipelines/transform.py`.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import dagster
from dagster import AssetExecutionContext, ResourceParam
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from pipelines.books import Books
from pipelines.defs.discreet import discreetly
from pipelines.defs.job import partitions
from pipelines.session import Session
from pipelines.transform import load_project

TRANSLATOR = DagsterDbtTranslator(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=False))


def build(books: Books) -> dagster.Definitions:
    """All dbt models as assets of one step."""
    manifest = with_checks_attached(load_project().manifest)

    @dbt_assets(
        manifest=manifest,
        name="transformation",
        partitions_def=partitions(books),
        dagster_dbt_translator=TRANSLATOR,
    )
    def transformation(context: AssetExecutionContext, session: ResourceParam[Session]) -> Iterator[Any]:
        with discreetly(session):
            results = session.transform(context.partition_key)
        for result in results:
            if result.event:
                message = DbtCoreCliEventMessage(raw_event=dict(result.event), event_history_metadata={})
                yield from message.to_default_asset_events(manifest, TRANSLATOR, context)
        with discreetly(session):
            session.stop_at_checks(context.partition_key, results)

    return dagster.Definitions(assets=[transformation])


def with_checks_attached(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with each test of several models attached to the first it reads: Dagster shows it as a
    check there.
    """
    attached = copy.deepcopy(dict(manifest))
    for node in attached["nodes"].values():
        reads = [name for name in node["depends_on"].get("nodes", ()) if name.startswith("model.")]
        if node["resource_type"] == "test" and not node.get("attached_node") and reads:
            meta = node["config"].setdefault("meta", {})
            meta.setdefault("dagster", {"ref": {"name": attached["nodes"][reads[0]]["name"]}})
    return attached
