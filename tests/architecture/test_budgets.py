"""Sizes that tell when something decays. Over budget is a warning, twice the budget a failure."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

FUNCTION, MEDIAN = 40, 10
FILES = {".py": 250, ".sql": 120, ".yml": 150}


class OverBudgetWarning(UserWarning):
    """Something is longer than it should be."""


def functions(paths: list[Path]) -> Iterator[tuple[str, int]]:
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield f"{path.name}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def judge(sizes: list[tuple[str, int]], budget: int) -> None:
    for name, size in sizes:
        if size > budget:
            warnings.warn(f"{name} has {size} lines, the budget is {budget}", OverBudgetWarning, stacklevel=2)
    assert not [(name, size) for name, size in sizes if size > 2 * budget]


def test_functions_are_short(sources: list[Path]) -> None:
    sizes = list(functions(sources))
    assert median(size for _, size in sizes) <= MEDIAN
    judge(sizes, FUNCTION)


@pytest.mark.parametrize(("suffix", "budget"), FILES.items())
def test_files_are_short(tracked: list[Path], root: Path, suffix: str, budget: int) -> None:
    rooms = ("pipelines", "expectations", "dbt_project")
    files = [path for path in tracked if path.suffix == suffix and path.relative_to(root).parts[0] in rooms]
    judge([(path.name, len(path.read_text("utf-8").splitlines())) for path in files], budget)
