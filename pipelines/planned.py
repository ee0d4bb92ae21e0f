"""What a period would be run with: its settings, rules, code and files as the inputs of a run.

Which files there are comes from the caller: landed ones in `session.py`, mere signatures in `standing.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pipelines.books import canonical_json
from pipelines.publication import InputFile, PreviousRun, RunInputs
from pipelines.publication.files import sha256_of_bytes

if TYPE_CHECKING:
    from pipelines.books import Books


def run_inputs(
    books: Books,
    period: str,
    files: Iterable[InputFile],
    code: tuple[str, Mapping[str, str]],
    previous: PreviousRun | None,
) -> RunInputs:
    """All that decides the period's result; `code` is the hash of the code and the versions of packages."""
    return RunInputs(
        books=books.books,
        period=period,
        code=code[0],
        packages=code[1],
        inputs=tuple(files),
        settings=sha256_of_bytes(books.fingerprint().encode()),
        rules=_rules(books),
        previous=previous,
    )


def _rules(books: Books) -> dict[str, str]:
    """Hash of the account map and of the posting rules, whatever the order of their rows."""
    values = books.model_dump(mode="json")
    return {
        f"{name}.csv": sha256_of_bytes(canonical_json(sorted(map(canonical_json, values[name]))).encode())
        for name in ("account_map", "posting_rules")
    }
