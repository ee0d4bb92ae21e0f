"""Where the repository is, and which of its files are tracked; shared by the tests about its shape."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {
    ".git",
    ".venv",
    ".make",
    "target",
    "logs",
    "__pycache__",
    "data",
    ".ruff_cache",
    ".mypy_cache",
    ".import_linter_cache",
    ".hypothesis",
    "build",
    "tieout.egg-info",
}


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tracked(root: Path) -> list[Path]:
    """Files that git tracks or would add; without git, every file outside of caches."""
    found = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    names = found.stdout.decode().split("\0") if found.returncode == 0 else []
    files = [root / name for name in names if name] or [
        path for path in root.rglob("*") if not NOT_OURS & set(path.relative_to(root).parts)
    ]
    return sorted(path for path in files if path.is_file())


@pytest.fixture(scope="session")
def sources(tracked: list[Path], root: Path) -> list[Path]:
    """Our Python modules, without the tests."""
    return [
        path
        for path in tracked
        if path.suffix == ".py" and path.relative_to(root).parts[0] in ("pipelines", "expectations")
    ]
