"""The landing: each delivered file once, by the hash of its bytes, as text in `<books>/landed/<sha256>/`.

A file that is already landed is hashed and not read again. What rows mean is `mapping.py`, which of them a
period needs is `raw.py`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.books import Books, Extract, canonical_json
from pipelines.extracts.containers import land_file
from pipelines.extracts.corrections import FOLDER, Correction, find_corrections, read_corrections
from pipelines.extracts.discovery import Found, find_files, missing
from pipelines.extracts.grid import Part, Source
from pipelines.extracts.signatures import Signatures
from pipelines.publication.files import sha256_of_file

if TYPE_CHECKING:
    from pipelines.period import Period

_LAYOUT = 1  # raise it when a reader gives other text for the same bytes
_INDEX = "parts.json"
PUT_BACK = Extract(name="corrections", path=f"{FOLDER}/*", auxiliary=True)
"""How corrected rows are landed: like any file, for no contract table of their own."""


@dataclass(frozen=True)
class LandedPart:
    """One grid: the sheet or member it was (empty for a plain file) and the Parquet file that keeps it."""

    name: str
    member: str
    path: Path
    columns: int
    rows: int
    is_visible: bool


@dataclass(frozen=True)
class LandedFile:
    """One delivered file of one extract; `name` is relative to the books, `period` what its path says."""

    extract: Extract
    name: str
    sha256: str
    period: str | None
    parts: tuple[LandedPart, ...]


@dataclass(frozen=True)
class Landing:
    """Everything that was delivered for one set of books, and the corrected rows that were put back."""

    books: Books
    files: tuple[LandedFile, ...]
    correction_files: tuple[LandedFile, ...] = ()
    corrections: tuple[Correction, ...] = ()

    def files_of(self, extract: Extract, period: Period | None) -> tuple[LandedFile, ...]:
        """The extract's files that a period reads (all of them for None); InputError when there is none."""
        every = tuple(file for file in self.files if file.extract is extract)
        found = tuple(file for file in every if not period or file.period in (None, period.code))
        if not found:
            raise missing(self.books.root, extract, period.code if period else None)
        return found

    def corrections_of(self, period: Period | None) -> tuple[Correction, ...]:
        """Those for rows that the period reads (all for None), and those for files that are not there."""
        every = {file.name for file in self.files}
        read = {file.name for file in self.files if not period or file.period in (None, period.code)}
        return tuple(one for one in self.corrections if one.is_for(read) or not one.is_for(every))

    def correction_files_of(self, period: Period) -> tuple[LandedFile, ...]:
        """The files that hold them."""
        named = {one.file for one in self.corrections_of(period)}
        return tuple(
            file
            for file in self.correction_files
            if named & {file.name, *(f"{file.name}[{part.name}]" for part in file.parts)}
        )

    def inputs(self, period: Period) -> list[tuple[str, str, str]]:
        """(table, hash of the extract's definition, SHA-256 of the file), sorted: part of a run's id."""
        return sorted(
            (file.extract.table or "", file.extract.definition_hash(), file.sha256)
            for extract in self.books.extracts
            for file in self.files_of(extract, period)
        )

    def periods(self) -> list[str]:
        """Codes of the periods that were delivered, from the first of the books on, ascending.

        Where paths name periods, these are the ones; else those that any row is dated in.
        """
        from pipelines.extracts.raw import dated_periods  # raw reads landings

        named = {file.period for file in self.files if file.period}
        codes = sorted(named) if named else dated_periods(self)
        return [code for code in codes if code >= self.books.first_period]


def land(books: Books, period: Period | None = None) -> Landing:
    """Land the files of every extract, of one period only when given; InputError for what cannot be read."""
    files: list[LandedFile] = []
    signatures = Signatures(books.root)
    for extract in books.extracts:
        found = [
            file
            for file in find_files(books.root, extract)
            if not period or file.period in (None, period.code)
        ]
        if not found:
            raise missing(books.root, extract, period.code if period else None)
        files += [_land(books, extract, file, signatures) for file in found]
    put_back = [
        _land(books, PUT_BACK, Found(path, f"{FOLDER}/{path.name}", None), signatures)
        for path in find_corrections(books.root)
    ]
    signatures.save()
    return Landing(books, tuple(files), tuple(put_back), read_corrections(put_back))


def landed_file(
    root: Path, extract: Extract, name: str, sha256: str, period: str | None
) -> LandedFile | None:
    """A file that was landed before, by the hash of its bytes; None when it is not kept any more."""
    folder = root / "landed" / (sha256 + _variant(extract))
    if not (folder / _INDEX).exists():
        return None
    parts = tuple(
        LandedPart(
            part["name"],
            part["member"],
            folder / part["file"],
            part["columns"],
            part["rows"],
            part["is_visible"],
        )
        for part in json.loads((folder / _INDEX).read_text("utf-8"))
    )
    return LandedFile(extract, name, sha256, period, parts)


def _land(books: Books, extract: Extract, found: Found, signatures: Signatures) -> LandedFile:
    sha256 = sha256_of_file(found.path)
    signatures.note(found.path, sha256)
    landed = landed_file(books.root, extract, found.name, sha256, found.period)
    if landed is None:
        folder = books.root / "landed" / (sha256 + _variant(extract))
        _write(Source(found.path, found.name, extract.encoding, extract.delimiter), folder)
        landed = landed_file(books.root, extract, found.name, sha256, found.period)
    assert landed is not None
    return landed


def _variant(extract: Extract) -> str:
    """Nothing for a file read as it is; a short hash when the settings say how to read its bytes."""
    options = {"layout": _LAYOUT, "encoding": extract.encoding, "delimiter": extract.delimiter}
    if options == {"layout": 1, "encoding": None, "delimiter": None}:
        return ""
    return "-" + hashlib.sha256(canonical_json(options).encode()).hexdigest()[:8]


def _write(source: Source, folder: Path) -> None:
    """Read the file into a folder of its own, which gets its name only when it is complete."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".landing-", dir=folder.parent))
    try:
        parts = land_file(source, work)
        (work / _INDEX).write_text(canonical_json([asdict(part) for part in parts]), "utf-8")
        _sync(work)
        work.chmod(0o755)
        try:
            work.rename(folder)
        except OSError:
            if not (folder / _INDEX).exists():  # else another process landed the same bytes meanwhile
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


__all__ = ["LandedFile", "LandedPart", "Landing", "Part", "land"]
