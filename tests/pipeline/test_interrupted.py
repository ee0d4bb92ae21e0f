"""A run that is killed at any step leaves what is published as it was, and the next run gives the same bytes.

The step boundaries inside of publishing (snapshot, link, warehouse) are killed in
tests/unit/test_publication_crash.py.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.publication import current, verify
from tests.pipeline import tiny

JANUARY, FEBRUARY = "2026-01", "2026-02"
LINES = 9
"""Progress lines of a period: extracts, gate, five schemas, checks, publication (sealed, not yet
published).
"""

KILLED = -9

pytestmark = pytest.mark.xdist_group("interrupted")


class Server:
    """The process that runs books and dies on request."""

    def __init__(self, root: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.pipeline.interrupted"],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, books: Path, last_line: int = 0) -> int:
        """Exit status of a run killed at that line; 0 runs to the end."""
        assert self._process.stdin
        assert self._process.stdout
        print(last_line, books, file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=60)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server(Path(__file__).resolve().parents[2])
    yield running
    running.close()


@pytest.fixture(scope="module")
def january(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books whose January is published and whose February has just been delivered."""
    root = tiny.write_books(tmp_path_factory.mktemp("killed") / "books", [JANUARY])
    assert server.run(root) == 0
    tiny.deliver(root, FEBRUARY)
    return root


@pytest.fixture(scope="module")
def undisturbed(server: Server, january: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same books after a run that nobody killed."""
    root = copy_of(january, tmp_path_factory.mktemp("undisturbed"))
    assert server.run(root) == 0
    return root


def copy_of(books: Path, folder: Path) -> Path:
    return Path(shutil.copytree(books, folder / "books", symlinks=True))


def results(root: Path) -> dict[str, str]:
    """Hash of every published byte, by path."""
    folders = [root / "runs" / period / run_id for period, run_id in current(root).items()]
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# January is told to be unchanged in the first line; February's steps follow.
@pytest.mark.parametrize("line", range(2, LINES + 2))
def test_a_killed_run_changes_nothing_and_the_next_one_repairs(
    server: Server, january: Path, undisturbed: Path, tmp_path: Path, line: int
) -> None:
    root = copy_of(january, tmp_path)
    before, findings = results(root), verify(root)
    assert [finding.kind for finding in findings] == ["warehouse_stale"]  # it knows where it was copied from
    assert server.run(root, line) == KILLED
    assert list(current(root)) == [JANUARY]
    assert results(root) == before
    assert verify(root) == findings
    assert server.run(root) == 0
    assert results(root) == results(undisturbed)
    assert (root / "published").readlink() == (undisturbed / "published").readlink()
    assert verify(root) == []
    assert not any((root / ".work").iterdir())
