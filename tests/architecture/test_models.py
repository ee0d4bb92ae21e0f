"""What every dbt model owes its reader: its grain, a contract and a key where it is public, and room for
others.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

import pytest

from pipelines.carried import carried_tables
from pipelines.transform import PROJECT, load_project

MOST_NODES = 150
SCHEMAS = {"staging", "costing", "postings", "reconciliation", "marts", "state"}

Node = Mapping[str, Any]


@pytest.fixture(scope="module")
def nodes() -> list[Node]:
    return list(load_project().manifest["nodes"].values())


@pytest.fixture(scope="module")
def models(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if node["resource_type"] == "model"]


def test_every_model_opens_with_its_grain(models: list[Node]) -> None:
    assert models
    silent = [node["name"] for node in models if not node["description"].startswith("One row per ")]
    assert not silent


def test_every_source_table_opens_with_its_grain() -> None:
    sources = load_project().manifest["sources"].values()
    silent = [
        f"{source['source_name']}.{source['name']}"
        for source in sources
        if not source["description"].startswith("One row")
    ]
    assert not silent


def test_a_run_has_at_most_150_nodes(nodes: list[Node]) -> None:
    built = [
        node
        for node in nodes
        if node["resource_type"] in ("model", "seed", "test")
        and node["config"].get("enabled", True)
        and node["config"].get("materialized") != "ephemeral"
    ]
    assert len(built) <= MOST_NODES


def test_public_models_have_an_enforced_contract_and_a_key(models: list[Node]) -> None:
    public = [node for node in models if node["access"] == "public"]
    assert public
    assert not [node["name"] for node in public if not node["contract"]["enforced"]]
    assert not [node["name"] for node in public if not node["config"]["meta"].get("key")]


def test_models_stand_in_the_schema_of_their_step(models: list[Node]) -> None:
    assert {node["schema"] for node in models} <= SCHEMAS
    assert not [node["name"] for node in models if node["path"].split("/")[0] != node["schema"]]


def test_every_carried_table_is_made_by_a_state_model_with_its_columns(models: list[Node]) -> None:
    made = {
        node["alias"]: set(node["columns"])
        for node in models
        if node["config"]["meta"].get("state") or node["access"] == "public"
    }
    for table, columns in carried_tables().items():
        assert table in made, table
        assert not made[table] or set(columns) <= made[table], table


def test_no_not_null_test_where_a_contract_has_it(nodes: list[Node]) -> None:
    enforced = {node["unique_id"] for node in nodes if node.get("contract", {}).get("enforced")}
    twice = [
        node["name"]
        for node in nodes
        if node["resource_type"] == "test"
        and (node.get("test_metadata") or {}).get("name") == "not_null"
        and node.get("attached_node") in enforced
    ]
    assert not twice


def test_no_posting_rule_is_named_twice() -> None:
    with (PROJECT / "seeds" / "standard_posting_rule.csv").open(encoding="utf-8", newline="") as file:
        rules = [row["rule_id"] for row in csv.DictReader(file)]
    assert all(rules)
    assert len(set(rules)) == len(rules)
