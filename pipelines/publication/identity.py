"""What a run is made of, and the run id: a hash of all that went in and of nothing else.

No clock, machine, user or absolute path may enter here. What came out of a run is listed in manifest.py.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.publication.files import canonical_json, sha256_of_bytes, sha256_of_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PACKAGES = (
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "jinja2",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "python-calamine",
    "pyyaml",
    "xlsxwriter",
)
"""Packages whose version can change a byte of a result; they are part of the run id."""

_CODE = ("pipelines", "dbt_project", "expectations")
_NOT_CODE = {"__pycache__", "target", "logs", "dbt_packages", "node_modules"}
_NOT_SOURCE = {".pyc", ".pyo", ".nbi", ".nbc", ".log", ".duckdb", ".wal"}


@dataclass(frozen=True, order=True)
class InputFile:
    """One delivered file, or one snapshot of control rows: contract table, extract name, path below the books
    folder, SHA-256 of its bytes, number of its rows that the run used.
    """

    table: str
    extract: str
    file: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class PreviousRun:
    """The run of the period before: its id, and the SHA-256 of its manifest.json, the link of the chain."""

    period: str
    run_id: str
    manifest_sha256: str


@dataclass(frozen=True)
class RunInputs:
    """All that decides a run's result.

    `settings` is the fingerprint of the validated books.yml, `rules` maps the names of account map and rule
    files to the SHA-256 of their content, `code` is `code_hash()`, `packages` maps names to versions.
    """

    books: str
    period: str
    settings: str
    rules: Mapping[str, str]
    inputs: tuple[InputFile, ...]
    code: str
    packages: Mapping[str, str] = field(default_factory=dict)
    previous: PreviousRun | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values in one order, whatever the order of what came in; the shape in manifest.json."""
        values = asdict(self) | {"rules": dict(self.rules), "packages": dict(self.packages)}
        values["inputs"] = [asdict(item) for item in sorted(self.inputs)]
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> RunInputs:
        """The inverse of `as_dict`; KeyError or TypeError when something is missing or has another shape."""
        previous = values["previous"]
        return cls(
            books=values["books"],
            period=values["period"],
            settings=values["settings"],
            rules=dict(values["rules"]),
            inputs=tuple(InputFile(**item) for item in values["inputs"]),
            code=values["code"],
            packages=dict(values["packages"]),
            previous=PreviousRun(**previous) if previous else None,
        )


def run_id(parts: RunInputs) -> str:
    """First 16 hexadecimal digits of the SHA-256 over the canonical JSON of the inputs."""
    return sha256_of_bytes(canonical_json(parts.as_dict()))[:16]


def code_hash(root: Path | None = None) -> str:
    """SHA-256 over path and content of every source file of `pipelines`, `dbt_project` and `expectations`.

    `root` is the folder that holds the three (default: this installation). Caches, compiled files, hidden
    files and dbt's `target` do not count.
    """
    base = root or Path(__file__).resolve().parents[2]
    listed = {name: sha256_of_file(base / name) for name in sorted(_sources(base))}
    return sha256_of_bytes(canonical_json(listed))


def package_versions(names: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Installed version of each package, `missing` when it is not installed; sorted by name."""
    return {name: _version(name) for name in sorted(names)}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def _sources(base: Path) -> Iterable[str]:
    for folder in _CODE:
        for path in (base / folder).rglob("*"):
            relative = path.relative_to(base)
            hidden = any(part in _NOT_CODE or part.startswith(".") for part in relative.parts)
            if not hidden and path.suffix not in _NOT_SOURCE and path.is_file():
                yield relative.as_posix()
