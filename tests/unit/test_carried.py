"""What a run hands over is used as it is declared, or refused with what to do: never half, never in silence."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.carried import HISTORY, carried_tables, load_carried
from pipelines.messages import LANGUAGES, TieoutError


def handed_over(folder: Path, lacking: str = "", column: str = "", kind: str = "") -> Path:
    """A run folder with every carried table, one row each; one table lacking, or a column of it, or another type."""
    (folder / "state").mkdir(parents=True)
    for name, columns in carried_tables().items():
        path = folder / f"{name}.parquet" if name in HISTORY else folder / "state" / f"{name}.parquet"
        types = {
            one: (kind if (name, one) == (lacking, column) else declared)
            for one, declared in columns.items()
            if kind or (name, one) != (lacking, column)
        }
        if name != lacking or column:
            listed = ", ".join(f'cast(null as {declared}) as "{one}"' for one, declared in types.items())
            duckdb.execute(f"copy (select {listed}) to '{path}'")
    return folder


def test_everything_declared_is_there_and_typed(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        folder = handed_over(tmp_path / "1")
        assert load_carried(connection, [folder]) == len(carried_tables()) - len(HISTORY)
        for name, columns in carried_tables().items():
            found = connection.execute(f"describe carried.{name}").fetchall()
            assert {row[0]: row[1] for row in found} == dict(columns)


@pytest.mark.parametrize("table", carried_tables())
def test_a_table_that_an_older_version_did_not_hand_over_is_named(tmp_path: Path, table: str) -> None:
    with duckdb.connect() as connection, pytest.raises(TieoutError) as caught:
        load_carried(connection, [handed_over(tmp_path / "1", table)])
    assert caught.value.key == "carried_missing"
    for language in LANGUAGES:
        assert table in caught.value.text(language)
        assert "tieout run --force" in caught.value.text(language)


@pytest.mark.parametrize("table", carried_tables())
def test_a_column_that_an_older_version_did_not_have_is_named(tmp_path: Path, table: str) -> None:
    column = list(carried_tables()[table])[-1]
    with duckdb.connect() as connection, pytest.raises(TieoutError) as caught:
        load_carried(connection, [handed_over(tmp_path / "1", table, column)])
    assert caught.value.key == "carried_unusable"
    assert column in caught.value.text("en")
    assert "tieout run --force" in caught.value.text("zh")
