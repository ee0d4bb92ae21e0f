"""What `verify` must find: tampering with files, manifests, links, inputs and the warehouse.

The ordinary ways are in test_publication.py, kills and concurrent readers in test_publication_crash.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines import publication as pub
from pipelines.messages import CATALOGUE, TieoutError
from pipelines.publication.files import canonical_json
from tests.unit.publication_books import make_books, make_run

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """Two published periods."""
    return make_books(tmp_path)


def _run(books: Path, period: str = "2026-01") -> Path:
    run = pub.published_run(books, period)
    assert run is not None
    return run


def _flip(books: Path) -> None:
    path = _run(books) / "voucher_line.parquet"
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def _delete(books: Path) -> None:
    (_run(books) / "state" / "balance.parquet").unlink()


def _add(books: Path) -> None:
    (_run(books) / "state" / "extra.csv").write_text("1")


def _replace_by_link(books: Path) -> None:
    path = _run(books) / "report.html"
    path.rename(books / "elsewhere.html")
    path.symlink_to(books / "elsewhere.html")


def _rewrite(books: Path, change: Callable[[dict[str, object]], None], period: str = "2026-02") -> None:
    path = _run(books, period) / "manifest.json"
    path.chmod(0o644)
    content = json.loads(path.read_bytes())
    change(content)
    path.write_bytes(canonical_json(content))


def _other_input(books: Path) -> None:
    _rewrite(books, lambda content: content["inputs"].update(settings="s2"))  # type: ignore[attr-defined]


def _other_verdict(books: Path) -> None:
    _rewrite(books, lambda content: content.update(verdict={"verdict": "blocked"}))


def _other_verdict_before(books: Path) -> None:
    _rewrite(books, lambda content: content.update(verdict={"verdict": "blocked"}), "2026-01")


def _other_total(books: Path) -> None:
    def change(content: dict[str, object]) -> None:
        for entry in content["files"]:  # type: ignore[attr-defined]
            entry["debit_amount"] = entry["debit_amount"] and "1.00"

    _rewrite(books, change)


def _no_manifest(books: Path) -> None:
    (_run(books) / "manifest.json").unlink()


def _broken_manifest(books: Path) -> None:
    path = _run(books) / "manifest.json"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:40])


def _missing_link(books: Path) -> None:
    snapshot = pub.current_snapshot(books)
    assert snapshot is not None
    (snapshot / "period=2026-01").unlink()


def _foreign_link(books: Path) -> None:
    snapshot = pub.current_snapshot(books)
    assert snapshot is not None
    (snapshot / "period=2026-01").unlink()
    (snapshot / "period=2026-01").symlink_to("../../runs/2026-02")


def _published_is_a_folder(books: Path) -> None:
    (books / "published").unlink()
    (books / "published").mkdir()


def _warehouse_gone(books: Path) -> None:
    (books / "warehouse.duckdb").unlink()


def _warehouse_view_changed(books: Path) -> None:
    with duckdb.connect(str(books / "warehouse.duckdb")) as connection:
        connection.execute("create or replace view verdict as select 1 as one")


def _landed_gone(books: Path) -> None:
    (books / "landed" / ("aa" * 32)).rmdir()


@pytest.mark.parametrize(
    ("damage", "kinds"),
    [
        (_flip, {"file_changed"}),
        (_delete, {"file_missing"}),
        (_add, {"file_extra"}),
        (_replace_by_link, {"file_changed"}),
        (_other_input, {"run_id_changed", "snapshot_differs", "warehouse_stale"}),
        (_other_verdict, {"snapshot_differs", "warehouse_stale"}),
        (_other_verdict_before, {"chain_broken", "snapshot_differs", "warehouse_stale"}),
        (_other_total, {"file_miscounted", "snapshot_differs", "warehouse_stale"}),
        (_no_manifest, {"manifest_missing"}),
        (_broken_manifest, {"manifest_unreadable"}),
        (_missing_link, {"chain_stale", "snapshot_differs", "warehouse_stale"}),
        (_foreign_link, {"link_broken"}),
        (_published_is_a_folder, {"link_broken"}),
        (_warehouse_gone, {"warehouse_stale"}),
        (_warehouse_view_changed, {"warehouse_stale"}),
        (_landed_gone, {"input_missing"}),
    ],
)
def test_tampering_is_found_and_named(books: Path, damage: Callable[[Path], None], kinds: set[str]) -> None:
    assert pub.verify(books) == []
    damage(books)
    findings = pub.verify(books)
    assert {finding.kind for finding in findings} == kinds
    for finding in findings:
        for text in (finding.text("zh"), finding.text("en")):
            assert finding.path in text or (finding.run_id and finding.run_id in text)
        assert not Path(finding.path).is_absolute()


def test_a_run_that_was_tampered_with_is_kept_aside_when_it_is_run_again(books: Path) -> None:
    _flip(books)
    make_run(books, "2026-01")
    assert pub.verify(books) == []
    assert list((books / ".aside" / "2026-01").iterdir())


def test_a_damaged_manifest_does_not_stop_the_run_that_replaces_it(books: Path) -> None:
    old = pub.current(books)
    _broken_manifest(books)
    assert not pub.repair(books)
    run = make_run(books, "2026-01")
    pub.publish(books, {"2026-01": run.name})
    assert pub.current(books) == old
    assert pub.verify(books) == []


def test_books_copied_without_their_links_come_back_when_run_again(books: Path, tmp_path: Path) -> None:
    runs = pub.current(books)
    _published_is_a_folder(books)
    (books / "published").rmdir()
    pub.publish(books, runs)
    assert pub.current(books) == runs
    assert pub.verify(books) == []


def test_every_finding_has_a_text_in_both_languages(books: Path) -> None:
    for kind in ("chain_stale", "chain_broken", "snapshot_differs", "run_id_changed", "file_miscounted"):
        assert kind in CATALOGUE
        assert pub.Finding(kind, "2026-01", "r", "p", "e", "a").text("zh")


def test_a_run_of_another_version_of_the_format_is_refused_by_name(books: Path) -> None:
    path = _run(books) / "manifest.json"
    path.chmod(0o644)
    path.write_text(path.read_text("utf-8").replace('"format": 1', '"format": 2'), "utf-8")
    with pytest.raises(TieoutError) as caught:
        pub.read_manifest(path.parent)
    assert caught.value.key == "manifest_other_format"
    assert "版本是 2" in caught.value.text("zh")
    assert "knows version 1" in caught.value.text("en")
    assert "manifest_other_format" in {finding.kind for finding in pub.verify(books)}
