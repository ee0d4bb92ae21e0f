"""What no tracked file may hold: folders of one machine, addresses of a package index; and files that must
be there.
"""

from __future__ import annotations

import re
from pathlib import Path

TEXT = {
    ".py",
    ".sql",
    ".yml",
    ".yaml",
    ".md",
    ".toml",
    ".csv",
    ".cfg",
    ".in",
    ".lock",
    ".txt",
    ".j2",
    ".css",
    ".js",
    "",
}
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|Users|work|mnt|media)/\w")
INDEX = re.compile(r"https?://[^\s\"'<>)]+(?:\.(?:whl|tar\.gz|tgz|deb)\b|/simple\b)")
NEEDED = (
    "README.md",
    "README.zh.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    ".ci/run",
    "requirements.lock",
    "docs/decisions.md",
)


def lines_of(paths: list[Path]) -> list[tuple[Path, int, str]]:
    return [
        (path, number, line)
        for path in paths
        if path.suffix in TEXT and path.name != Path(__file__).name
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
    ]


def test_no_folder_of_one_machine_is_named(tracked: list[Path]) -> None:
    assert not [(path.name, number) for path, number, line in lines_of(tracked) if MACHINE.search(line)]


def test_no_address_of_a_package_index_is_named(tracked: list[Path]) -> None:
    assert not [(path.name, number) for path, number, line in lines_of(tracked) if INDEX.search(line)]


def test_the_patterns_find_what_they_are_for() -> None:
    assert MACHINE.search("open('/" + "home/someone/x')")
    assert INDEX.search("https://" + "files.example.org/a/b-1.0-py3-none-any.whl")
    assert not MACHINE.search("a/home/b")


def test_the_lock_file_has_a_hash_for_every_package(root: Path) -> None:
    lines = (root / "requirements.lock").read_text("utf-8").splitlines()
    pinned = [number for number, line in enumerate(lines) if re.match(r"^[\w.\[\]-]+==", line)]
    assert len(pinned) > 50
    assert not [lines[number] for number in pinned if "--hash=sha256:" not in lines[number + 1]]


def test_the_files_a_visitor_looks_for_are_there(root: Path) -> None:
    assert not [name for name in NEEDED if not (root / name).is_file()]


def test_every_module_opens_with_its_border(sources: list[Path]) -> None:
    silent = [
        path.name for path in sources if not path.read_text("utf-8").lstrip().startswith(('"""', "'''"))
    ]
    assert not silent
