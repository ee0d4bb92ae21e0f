"""Which delivered files belong to an extract: patterns with `*`, `**` and `{period}` below the books folder.

Only names are looked at here; what is in the files is `landing.py` and later.
"""

from __future__ import annotations

import fnmatch
import glob
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.books_yaml import expand
from pipelines.contract import load_contract
from pipelines.extracts.corrections import FOLDER, is_correction
from pipelines.messages import InputError

if TYPE_CHECKING:
    from pipelines.books import Books, Extract

_PERIOD = "{period}"
_MARK = "PERIODPERIOD"


@dataclass(frozen=True)
class Found:
    """One delivered file: where it is, how the books call it, and the period its path names, if it does."""

    path: Path
    name: str
    period: str | None


def find_files(root: Path, extract: Extract) -> list[Found]:
    """The files of an extract, ordered by name; InputError naming pattern and folder when there is none."""
    pattern = _pattern(extract)
    matches = _matches(root, pattern)
    named = re.compile(_expression(pattern))
    found = [
        Found(root / match, _name(root, match), _period(known))
        for match in sorted(set(map(_posix, matches)))
        if (known := named.fullmatch(match)) and (root / match).is_file() and not _is_no_delivery(match)
    ]
    if not found:
        raise missing(root, extract)
    return found


def inbox_state(books: Books) -> str:
    """Hash of name, size and time of every file that an extract may read: it changes while files are
    arriving.
    """
    patterns = sorted({_pattern(extract) for extract in books.extracts if extract.path} | {f"{FOLDER}/*"})
    paths = sorted({match for pattern in patterns for match in _matches(books.root, pattern)})
    stats = [(path, (books.root / path).stat()) for path in paths if (books.root / path).is_file()]
    found = [(path, stat.st_size, stat.st_mtime_ns) for path, stat in stats]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def missing(root: Path, extract: Extract, period: str | None = None) -> InputError:
    """The error that an extract has no file (for a period)."""
    pattern = extract.path or ""
    shown = pattern.replace(_PERIOD, period) if period else pattern
    table = load_contract().tables.get(extract.table or "")
    named = table.label if table else extract.name
    return InputError("extracts_no_file", pattern=shown, folder=root, table=named)


def _pattern(extract: Extract) -> str:
    return expand(extract.path or "").replace("\\", "/").removeprefix("./")


def _matches(root: Path, pattern: str) -> list[str]:
    return glob.glob(pattern.replace(_PERIOD, "*"), root_dir=root, recursive=True)  # noqa: PTH207


def _posix(path: str) -> str:
    return path.replace(os.sep, "/")


def _expression(pattern: str) -> str:
    """The pattern as a regular expression in which `{period}` is a group; `**/` may be nothing."""
    text = fnmatch.translate(pattern.replace(_PERIOD, _MARK).replace("**/", "*"))
    first = r"(?P<period>\\d{4}-?(?:0[1-9]|1[0-2]))"
    return re.sub(_MARK, "(?P=period)", re.sub(_MARK, first, text, count=1))


def _period(known: re.Match[str]) -> str | None:
    code = known.groupdict().get("period")
    return f"{code[:4]}-{code[-2:]}" if code else None


def _is_no_delivery(match: str) -> bool:
    """Lock files of office programs and hidden files are nobody's; corrections are read on their own."""
    return Path(match).name.startswith(("~$", ".")) or is_correction(match)


def _name(root: Path, match: str) -> str:
    """Relative to the books when it lies in them, else its own name: no path of a machine is written out."""
    relative = os.path.relpath(root / match, root)
    return Path(match).name if relative.startswith("..") else _posix(relative)
