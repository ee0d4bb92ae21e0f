"""What publication must survive: a kill at any file operation, readers during a switch, a second writer.

The ordinary ways are in test_publication.py, tampering in test_publication_proof.py.
"""

from __future__ import annotations

import dataclasses
import json
import os
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines import publication as pub
from pipelines.messages import LANGUAGES, TieoutError
from tests.unit.publication_books import inputs, make_books, make_run, previous

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """Two published periods."""
    return make_books(tmp_path)


def _run(books: Path) -> Path:
    run = pub.published_run(books, "2026-01")
    assert run is not None
    return run


_MUTATIONS = ("rename", "replace", "symlink", "mkdir", "unlink", "rmdir")


def _publish_dying(books: Path, runs: dict[str, str], at: int) -> int:
    """In a forked child: make February and publish it, but die before file operation number `at`."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left = at

    def dying(call: Callable[..., object]) -> Callable[..., object]:
        def counted(*args: object, **kwargs: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                os._exit(9)
            return call(*args, **kwargs)

        return counted

    try:
        for name in _MUTATIONS:
            setattr(os, name, dying(getattr(os, name)))
        with pub.lock(books, "test"):
            run = make_run(books, "2026-02", before=previous(_run(books)), settings="new")
            pub.publish(books, {"2026-02": run.name} | runs)
        os._exit(0)
    except BaseException:  # noqa: BLE001 the child must never return into pytest
        os._exit(1)


def test_a_kill_at_any_file_operation_leaves_the_old_or_the_new_publication(books: Path) -> None:
    old = pub.current(books)
    new = old | {"2026-02": pub.run_id(inputs("2026-02", "new", previous(_run(books))))}
    switched, code = [], 9
    for at in range(200):
        pub.publish(books, old)
        code = _publish_dying(books, {}, at)
        if code == 0:
            break
        assert code == 9
        state = pub.current(books)
        assert state in (old, new)
        switched.append(state == new)
        assert {finding.kind for finding in pub.verify(books)} <= {"warehouse_stale"}
        assert _publish_dying(books, {}, 10**6) == 0
        assert pub.current(books) == new
        assert pub.verify(books) == []
        _forget(books, new["2026-02"])
    assert code == 0
    assert len(switched) > 10
    assert switched == sorted(switched)  # one operation switches, and no later one switches back
    assert True in switched
    assert False in switched


def _forget(books: Path, run_id: str) -> None:
    """Start the next round from nothing: no run, no snapshot of the new publication."""
    old = {
        **pub.current(books),
        "2026-02": next(path.name for path in (books / "runs" / "2026-02").iterdir() if path.name != run_id),
    }
    snapshot = pub.current_snapshot(books)
    pub.publish(books, old)
    assert snapshot is not None
    subprocess.run(["rm", "-rf", books / "runs" / "2026-02" / run_id, snapshot], check=True)


def test_readers_during_switches_see_one_publication(books: Path) -> None:
    one = pub.current(books)
    january = make_run(books, "2026-01", settings="new", amount="5.00")
    february = make_run(books, "2026-02", settings="new", amount="5.00", before=previous(january))
    other = {"2026-01": january.name, "2026-02": february.name}
    seen, failures, done = set(), [], threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                with duckdb.connect() as connection:
                    connection.execute(f"attach '{books}/warehouse.duckdb' as w (read_only)")
                    rows = connection.execute(
                        "select period, difference_amount::varchar from w.verdict"
                    ).fetchall()
                seen.add(tuple(sorted(rows)))
                runs = pub.current(books)
                seen.add(tuple((period, run_id == one[period]) for period, run_id in runs.items()))
            except Exception as error:  # noqa: BLE001 any failure of a reader fails the test
                failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for runs in [other, one] * 8:
        pub.publish(books, runs)
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert seen == {(("2026-01", amount), ("2026-02", amount)) for amount in ("0.00", "5.00")} | {
        (("2026-01", old), ("2026-02", old)) for old in (True, False)
    }


def test_a_second_writer_is_told_who_holds_the_books(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from pipelines.publication import lock\n"
        "with lock(Path(sys.argv[1]), 'tieout run'): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(TieoutError) as caught, pub.lock(tmp_path, "second"):
            pass
        seen = pub.holder(tmp_path)
        assert seen is not None
        assert (seen.pid, seen.command) == (str(holder.pid), "tieout run")
        holder.kill()
    for language in LANGUAGES:
        for named in (str(holder.pid), socket.gethostname(), "tieout run", seen.since):
            assert named in caught.value.text(language)
    assert "tieout run" in (tmp_path / ".lock").read_text("utf-8")  # it had no time to wipe its name
    assert pub.holder(tmp_path) is None
    with pub.lock(tmp_path, "third"):  # the lock died with its holder
        assert pub.holder(tmp_path) == dataclasses.replace(
            seen,
            pid=str(os.getpid()),
            command="third",
            since=json.loads((tmp_path / ".lock").read_text())["since"],
        )
    assert pub.holder(tmp_path) is None


def test_a_lock_file_of_another_machine_or_version_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    assert pub.holder(tmp_path) is None
    path = tmp_path / ".lock"
    path.write_text('{"pid": "1", "host": "another-machine", "command": "tieout run", "since": "-"}')
    found = pub.holder(tmp_path)
    assert found is not None
    assert found.host == "another-machine"  # nobody here can tell whether it still runs
    for text in ("", "half a li", "[]", '{"pid": "x"}'):
        path.write_text(text)
        assert pub.holder(tmp_path) is None
    path.write_text(json.dumps({"pid": os.getpid(), "command": "tieout run"}))  # written before hosts were
    assert pub.holder(tmp_path) is not None
    with pub.lock(tmp_path, "tieout run"):  # what a file says holds nobody up
        pass


def test_leftovers_of_killed_runs_go_when_the_next_one_starts(tmp_path: Path) -> None:
    with pub.lock(tmp_path, "one"):
        (left := tmp_path / ".work" / "2026-01-killed").mkdir(parents=True)
        (left / "candidate.duckdb").write_text("x")
    with pytest.raises(ZeroDivisionError), pub.work_folder(tmp_path, "2026-01") as failed:
        (failed / "rows").write_text(str(1 // 0))
    assert left.exists()
    assert failed.exists()
    with pub.lock(tmp_path, "two"):
        assert not left.exists()
        assert not failed.exists()
        with pub.work_folder(tmp_path, "2026-01") as fresh:
            assert list(fresh.iterdir()) == []
        assert not fresh.exists()
