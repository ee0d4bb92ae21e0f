"""Who may import what, read from the syntax trees; import-linter says the same from the import graph."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

OURS = ("pipelines", "expectations")


def imports_of(path: Path) -> Iterator[str]:
    """Every module an import statement of the file names, those inside functions and `if TYPE_CHECKING`
    too.
    """
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def importers(sources: list[Path], root: Path, module: str) -> set[str]:
    return {
        path.relative_to(root).as_posix()
        for path in sources
        if any(name == module or name.startswith(module + ".") for name in imports_of(path))
    }


def outside(found: set[str], *allowed: str) -> set[str]:
    return {name for name in found if not name.startswith(allowed)}


def test_only_the_command_and_the_definitions_import_defs(sources: list[Path], root: Path) -> None:
    found = importers(sources, root, "pipelines.defs")
    assert found
    assert not outside(found, "pipelines/cli.py", "pipelines/definitions.py", "pipelines/defs/")


def test_only_the_command_the_definitions_and_defs_import_dagster(sources: list[Path], root: Path) -> None:
    found = importers(sources, root, "dagster") | importers(sources, root, "dagster_dbt")
    assert found
    assert not outside(found, "pipelines/cli.py", "pipelines/definitions.py", "pipelines/defs/")


def test_only_the_gate_and_the_expectations_import_great_expectations(
    sources: list[Path], root: Path
) -> None:
    found = importers(sources, root, "great_expectations")
    assert found
    assert not outside(found, "pipelines/gate.py", "expectations/")


def test_great_expectations_is_imported_inside_functions(sources: list[Path], root: Path) -> None:
    for name in importers(sources, root, "great_expectations"):
        top = ast.parse((root / name).read_text("utf-8")).body
        named = [
            module
            for node in top
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for module in (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
            )
        ]
        assert not [module for module in named if module.startswith("great_expectations")], name


def test_costing_and_matching_import_nothing_of_ours(sources: list[Path], root: Path) -> None:
    for part in ("costing", "matching"):
        for path in sources:
            if path.is_relative_to(root / "pipelines" / part):
                foreign = [
                    name
                    for name in imports_of(path)
                    if name.split(".")[0] in OURS and not f"{name}.".startswith(f"pipelines.{part}.")
                ]
                assert not foreign, f"{path}: {foreign}"


def test_definitions_stay_short(root: Path) -> None:
    assert len((root / "pipelines/definitions.py").read_text("utf-8").splitlines()) <= 30
