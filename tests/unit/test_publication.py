"""Publication as a whole: identity, export bytes, sealing, snapshots, staleness and the warehouse of views.

Tampering and crashes are in test_publication_proof.py.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines import publication as pub
from pipelines.messages import TieoutError
from tests.unit.publication_books import TABLES, candidate, inputs, make_run, previous, stale

if TYPE_CHECKING:
    from pathlib import Path


def test_the_run_id_is_the_same_for_inputs_in_any_order() -> None:
    parts = inputs("2026-01")
    turned = dataclasses.replace(
        parts, inputs=parts.inputs[::-1], rules=dict(reversed(list(parts.rules.items())))
    )
    assert pub.run_id(parts) == pub.run_id(turned)
    assert len(pub.run_id(parts)) == 16


@pytest.mark.parametrize(
    "change",
    [
        {"books": "other"},
        {"period": "2026-02"},
        {"settings": "s2"},
        {"rules": {"account_map.csv": "2"}},
        {"inputs": ()},
        {"code": "c2"},
        {"packages": {"duckdb": "2.0.1"}},
        {"previous": pub.PreviousRun("2025-12", "0" * 16, "m")},
    ],
)
def test_every_part_of_the_inputs_changes_the_run_id(change: dict[str, object]) -> None:
    parts = inputs("2026-01")
    assert pub.run_id(dataclasses.replace(parts, **change)) != pub.run_id(parts)  # type: ignore[arg-type]


def test_the_code_hash_sees_sources_and_not_caches(tmp_path: Path) -> None:
    source = tmp_path / "pipelines" / "a.py"
    for name in ("pipelines/a.py", "dbt_project/models/b.sql", "expectations/c.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    before = pub.code_hash(tmp_path)
    for name in (
        "pipelines/__pycache__/a.pyc",
        "dbt_project/target/manifest.json",
        "dbt_project/.user.yml",
        "dbt_project/logs/dbt.log",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("cache")
    assert pub.code_hash(tmp_path) == before
    source.write_text("two")
    assert pub.code_hash(tmp_path) != before
    source.rename(source.with_name("z.py"))
    (tmp_path / "pipelines/z.py").write_text("one")
    assert pub.code_hash(tmp_path) != before


def _node(name: str, **rest: object) -> dict[str, object]:
    return {"resource_type": "model", "name": name, "schema": "marts", "columns": {}, **rest}


def test_public_and_state_tables_come_from_the_dbt_manifest() -> None:
    column = {"name": "amount", "description": "Into stock.", "config": {"meta": {"label_zh": "金额"}}}
    manifest = {
        "nodes": {
            "a": _node(
                "stock_ledger",
                access="public",
                config={"meta": {"key": ["event_id"]}},
                columns={"amount": column},
            ),
            "b": _node("open_item", access="public", config={"meta": {"key": ["k"], "state": True}}),
            "c": _node("state_balance", access="protected", config={"meta": {"key": ["k"], "state": True}}),
            "d": _node("stg_item", access="protected", config={"meta": {}}),
            "e": {"resource_type": "test", "name": "t"},
        }
    }
    tables = pub.public_tables(manifest)
    assert [table.path for table in tables] == [
        "open_item.parquet",
        "state/balance.parquet",
        "state/open_item.parquet",
        "stock_ledger.parquet",
    ]
    assert tables[1].relation == '"marts"."state_balance"'
    assert tables[-1].relation == '"marts"."stock_ledger"'
    assert tables[-1].columns == {"amount": "金额 — Into stock."}


def test_a_public_table_without_a_key_is_refused() -> None:
    manifest = {"nodes": {"a": _node("bridge", config={"access": "public", "meta": {}})}}
    with pytest.raises(TieoutError, match="bridge"):
        pub.public_tables(manifest)


def test_parquet_bytes_do_not_depend_on_threads_or_on_the_order_of_rows(tmp_path: Path) -> None:
    table = pub.PublicTable("t", '"main"."t"', ("id", "line_no"))
    digests = set()
    for threads, order in ((1, "i"), (2, "hash(i)"), (4, "-i")):
        with duckdb.connect(config={"threads": threads, "preserve_insertion_order": "false"}) as connection:
            connection.execute(f"""create table t as
                select hash(i // 3)::varchar as id, i % 3 as line_no, (i * 1.01)::decimal(18,2) as amount,
                       nullif('x' || i % 100, 'x7') as text
                from range(300000) as numbers(i) order by {order}""")
            pub.export(connection, [table], tmp_path / str(threads))
        digests.add(hashlib.sha256((tmp_path / str(threads) / "t.parquet").read_bytes()).hexdigest())
    assert len(digests) == 1
    groups = duckdb.execute(
        f"select sum(num_row_groups) from parquet_file_metadata('{tmp_path}/2/t.parquet')"
    ).fetchone()
    assert groups is not None
    assert groups[0] > 1  # several row groups, else threads would prove nothing


def test_a_key_that_is_not_unique_is_refused_by_name(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t as select unnest([1, 2, null, null]) as id")
        with pytest.raises(TieoutError) as caught:
            pub.export(connection, [pub.PublicTable("t", "t", ("id",))], tmp_path)
    assert caught.value.key == "publication_key_twice"
    assert "None" in caught.value.text("en")


def test_the_manifest_counts_rows_debit_credit_and_holds_the_verdict(tmp_path: Path) -> None:
    with candidate(tmp_path, "2026-01", "0.05") as folder:
        pub.write_manifest(folder, inputs("2026-01"))
        content = json.loads((folder / "manifest.json").read_bytes())
    files = {entry["path"]: entry for entry in content["files"]}
    assert files["voucher_line.parquet"]["rows"] == 2
    assert files["voucher_line.parquet"]["debit_amount"] == "100.05"
    assert files["voucher_line.parquet"]["credit_amount"] == "100.05"
    assert files["state/balance.parquet"]["rows"] == 1
    assert files["report.html"]["rows"] is None
    assert content["verdict"] == {"period": "2026-01", "verdict": "ready", "difference_amount": "0.05"}


def test_two_runs_of_the_same_inputs_have_the_same_manifest(tmp_path: Path) -> None:
    folders = []
    for name in ("one", "two"):
        with candidate(tmp_path / name, "2026-01") as folder:
            pub.write_manifest(folder, inputs("2026-01"))
            folders.append(pub.read_manifest(folder))
    assert folders[0].sha256 == folders[1].sha256


def test_sealing_twice_reuses_the_run(tmp_path: Path) -> None:
    first = make_run(tmp_path, "2026-01")
    inode = first.stat().st_ino
    assert make_run(tmp_path, "2026-01") == first
    assert first.stat().st_ino == inode
    assert all(not path.stat().st_mode & 0o222 for path in first.rglob("*") if path.is_file())


def test_another_result_under_the_same_id_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    first = make_run(tmp_path, "2026-01")
    before = (first / "manifest.json").read_bytes()
    with pytest.raises(TieoutError) as caught:
        make_run(tmp_path, "2026-01", amount="7.00")
    assert caught.value.key == "sealed_run_differs"
    assert "verdict.parquet" in caught.value.text("en")
    assert (first / "manifest.json").read_bytes() == before


@pytest.mark.parametrize("damage", ["manifest.json", "voucher_line.parquet"])
def test_half_a_run_is_moved_aside_and_replaced(tmp_path: Path, damage: str) -> None:
    folder = make_run(tmp_path, "2026-01")
    (folder / damage).unlink()
    assert make_run(tmp_path, "2026-01") == folder
    assert (folder / damage).exists()
    aside = tmp_path / ".aside" / "2026-01" / f"{folder.name}.1"
    assert aside.is_dir()
    assert not (aside / damage).exists()


def test_several_periods_are_published_at_once_and_others_stay(tmp_path: Path) -> None:
    january = make_run(tmp_path, "2026-01")
    pub.publish(tmp_path, {"2026-01": january.name})
    february = make_run(tmp_path, "2026-02", before=previous(january))
    snapshot = pub.publish(tmp_path, {"2026-02": february.name})
    assert pub.current(tmp_path) == {"2026-01": january.name, "2026-02": february.name}
    assert str((tmp_path / "published").readlink()) == f"snapshots/{snapshot.name}"
    assert pub.published_run(tmp_path, "2026-02") == february
    assert pub.published_run(tmp_path, "2026-03") is None
    assert stale(tmp_path) == []
    assert pub.verify(tmp_path) == []


def test_running_an_old_period_again_makes_all_later_ones_stale(tmp_path: Path) -> None:
    run = make_run(tmp_path, "2026-01")
    runs = {"2026-01": run.name}
    for period in ("2026-02", "2026-03"):
        run = make_run(tmp_path, period, before=previous(run))
        runs[period] = run.name
    pub.publish(tmp_path, runs)
    again = make_run(tmp_path, "2026-01", settings="changed")
    pub.publish(tmp_path, {"2026-01": again.name})
    assert stale(tmp_path) == ["2026-02", "2026-03"]
    second = make_run(tmp_path, "2026-02", before=previous(again))
    third = make_run(tmp_path, "2026-03", before=previous(second))
    pub.publish(tmp_path, {"2026-02": second.name, "2026-03": third.name})
    assert stale(tmp_path) == []
    assert pub.verify(tmp_path) == []


def test_publishing_a_run_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    january = make_run(tmp_path, "2026-01")
    pub.publish(tmp_path, {"2026-01": january.name})
    with pytest.raises(TieoutError) as caught:
        pub.publish(tmp_path, {"2026-02": "0" * 16})
    assert caught.value.key == "manifest_missing"
    assert pub.current(tmp_path) == {"2026-01": january.name}


def test_the_warehouse_shows_all_periods_with_labels_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = tmp_path / "客户's books"
    january = make_run(books, "2026-01")
    february = make_run(books, "2026-02", before=previous(january), amount="3.00")
    pub.publish(books, {"2026-01": january.name, "2026-02": february.name})
    monkeypatch.chdir(tmp_path)
    with duckdb.connect(str(books / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select period, difference_amount::varchar from verdict order by 1"
        ).fetchall()
        comments = connection.execute(
            "select column_name, comment from duckdb_columns() where table_name = 'verdict' and comment <> ''"
        ).fetchall()
        shown = connection.execute("select period, run_id from published_run order by 1").fetchall()
    assert rows == [("2026-01", "0.00"), ("2026-02", "3.00")]
    assert comments == [("difference_amount", "差额")]
    assert shown == [("2026-01", january.name), ("2026-02", february.name)]


def test_a_moved_books_folder_is_found_and_repaired(tmp_path: Path) -> None:
    run = make_run(tmp_path / "old", "2026-01")
    pub.publish(tmp_path / "old", {"2026-01": run.name})
    (tmp_path / "old").rename(tmp_path / "new")
    assert [finding.kind for finding in pub.verify(tmp_path / "new")] == ["warehouse_stale"]
    assert pub.repair(tmp_path / "new")
    assert pub.verify(tmp_path / "new") == []
    assert not pub.repair(tmp_path / "new")


def test_a_table_that_only_later_runs_have_is_shown_for_those(tmp_path: Path) -> None:
    january = make_run(tmp_path, "2026-01", tables=TABLES[:2])
    february = make_run(tmp_path, "2026-02", before=previous(january))
    pub.publish(tmp_path, {"2026-01": january.name, "2026-02": february.name})
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select distinct period from voucher_line").fetchall() == [("2026-02",)]
