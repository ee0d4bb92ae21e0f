"""What a delivered file is, by its first bytes rather than its name, and what lies inside zip and gz files.

Each kind of content has its own reader; this module only opens what is wrapped and picks the reader.
"""

from __future__ import annotations

import gzip
import re
import shutil
import tempfile
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.extracts.excel import land_excel
from pipelines.extracts.json_records import land_json
from pipelines.extracts.parquet import land_parquet
from pipelines.extracts.text import land_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.extracts.grid import Part, Source

_EXCEL = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def land_file(source: Source, folder: Path) -> list[Part]:
    """Keep everything in the file as grids in `folder`; InputError when it is of no kind that can be read."""
    with source.path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"\x1f\x8b"):
        return _land_gzip(source, folder)
    if head.startswith(b"PK\x03\x04") and not _is_workbook(source):
        return _land_zip(source, folder)
    return _reader(source, head)(source, folder)


def _reader(source: Source, head: bytes) -> Callable[[Source, Path], list[Part]]:
    suffix = Path(source.name).suffix.lower()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"PAR1"):
        return land_parquet
    if head.startswith((b"PK", _OLE)):
        return land_excel
    if start.startswith((b"<?xml", b"<html", b"<!doctype", b"<table")):
        raise source.error("extracts_markup")
    if suffix in (".json", ".jsonl", ".ndjson"):
        return land_json
    if suffix in (".parquet", ".pdf", ".doc", ".docx", ".rar", ".7z", *_EXCEL) and _is_binary(head):
        raise source.error("extracts_damaged", problem=suffix)
    return land_text


def _is_binary(head: bytes) -> bool:
    return b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))


def _is_workbook(source: Source) -> bool:
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile as wrong:
        raise source.error("extracts_damaged", problem=wrong) from None
    return "[Content_Types].xml" in names or "mimetype" in names


def _land_gzip(source: Source, folder: Path) -> list[Part]:
    with tempfile.TemporaryDirectory(dir=folder) as work:
        path = Path(work) / "content"
        try:
            with gzip.open(source.path) as packed, path.open("wb") as out:
                shutil.copyfileobj(packed, out, 4 << 20)
        except (OSError, EOFError, zlib.error) as wrong:
            raise source.error("extracts_damaged", problem=wrong) from None
        return land_file(replace(source, path=path, name=re.sub(r"(?i)\.gz$", "", source.name)), folder)


def _land_zip(source: Source, folder: Path) -> list[Part]:
    parts: list[Part] = []
    with zipfile.ZipFile(source.path) as archive:
        for number, member in enumerate(archive.infolist()):
            name = _member_name(member)
            if member.is_dir() or Path(name).name.startswith((".", "~$")) or name.startswith("__MACOSX"):
                continue
            inside = folder / f"{number + 1}"
            inside.mkdir()
            found = _land_member(source, archive, member, name, inside)
            parts += [replace(part, member=name, file=f"{inside.name}/{part.file}") for part in found]
    return parts


def _land_member(
    source: Source, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, folder: Path
) -> list[Part]:
    if member.flag_bits & 1:
        raise source.error("extracts_encrypted")
    with tempfile.TemporaryDirectory(dir=folder) as work:
        path = Path(work) / "content"
        try:
            with archive.open(member) as packed, path.open("wb") as out:
                shutil.copyfileobj(packed, out, 4 << 20)
        except (zipfile.BadZipFile, OSError, EOFError, zlib.error, NotImplementedError) as wrong:
            raise source.error("extracts_damaged", problem=wrong) from None
        return land_file(replace(source, path=path, name=f"{source.name}/{name}"), folder)


def _member_name(member: zipfile.ZipInfo) -> str:
    """The name as its maker wrote it: archives made on Chinese Windows keep GBK bytes without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename
