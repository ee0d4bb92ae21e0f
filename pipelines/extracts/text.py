"""Delimited text: csv, tsv and whatever an export calls itself, in any common encoding.

The fast path is DuckDB's reader; a file it cannot number row by row is read again by the exact one.
"""

from __future__ import annotations

import codecs
import csv
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.extracts.grid import Part, Source, cell, new_connection, quoted, write_grid
from pipelines.extracts.whole import check_whole, is_cut_character

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = (",", "\t", ";", "|")
_NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_CHINESE = re.compile("[\u4e00-\u9fff]")
_CHUNK = 4 << 20
_HEAD_ROWS = 500


def land_text(source: Source, folder: Path) -> list[Part]:
    """Keep the file as one grid in `folder`; InputError when its encoding or its quoting cannot be read, or
    when it breaks off inside a row."""
    target = folder / "data.parquet"
    with tempfile.TemporaryDirectory(dir=folder) as work:
        path, lines = _as_utf8(source, Path(work))
        delimiter = _delimiter(source, path)
        if not lines:
            return []
        check_whole(source, path, delimiter, _agreement(path, delimiter)[1], lines)
        shape = _land_fast(path, delimiter, lines, target) or _land_exact(source, path, delimiter, target)
    return source.single(target, shape)


def find_encoding(source: Source) -> str:
    """The encoding by strict decoding of every byte: a mark at the start, UTF-8, UTF-16, then GB18030."""
    with source.path.open("rb") as file:
        head = file.read(4096)
    if source.encoding:
        candidates = [source.encoding]
    else:
        marked = [encoding for mark, encoding in _BOMS if head.startswith(mark)]
        candidates = marked or [*_unmarked_utf16(head), "utf-8", "gb18030"]
    for encoding in candidates:
        if _decodes(source, encoding):
            _refuse_misstated(source, ["utf-8"])
            return encoding
    _refuse_misstated(source, ["utf-8", "gb18030"])
    raise source.error("extracts_encoding", tried=", ".join(candidates))


def _unmarked_utf16(head: bytes) -> list[str]:
    if b"\0" not in head:
        return []
    return ["utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"]


def _refuse_misstated(source: Source, others: Sequence[str]) -> None:
    """A stated encoding that is plainly another one: a file that is Chinese in UTF-8 is that, though as
    GB18030 it would often decode too, into other characters.
    """
    if source.encoding:
        stated = codecs.lookup(source.encoding).name
        for encoding in others:
            if codecs.lookup(encoding).name != stated and _is_chinese(source.path, encoding):
                raise source.error("extracts_encoding_stated", encoding=source.encoding, found=encoding)


def _is_chinese(path: Path, encoding: str) -> bool:
    """Whether every byte is text in the encoding, with Chinese in it."""
    try:
        return any([_CHINESE.search(text) is not None for text in _decoded(path, encoding)])  # noqa: C419 - to the end
    except UnicodeError:
        return False


def _decodes(source: Source, encoding: str) -> bool:
    try:
        for _ in _decoded(source.path, encoding):
            pass
    except UnicodeError as wrong:
        if is_cut_character(wrong):
            raise source.error("extracts_cut_character", encoding=encoding) from None
        return False
    except LookupError:
        raise source.error("extracts_encoding_unknown", encoding=encoding) from None
    return True


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _as_utf8(source: Source, work: Path) -> tuple[Path, int]:
    """The file as UTF-8 without a mark (itself when it is that already) and the number of its lines."""
    encoding = find_encoding(source)
    is_plain = encoding.replace("_", "-").lower() in ("utf-8", "utf8")
    path = source.path if is_plain else work / "decoded"
    lines, last = 0, "\n"
    with (work / "decoded").open("w", encoding="utf-8", newline="") as out:
        for text in _decoded(source.path, encoding):
            lines += text.count("\n")
            last = text[-1:] or last
            if not is_plain:
                out.write(text)
    return path, lines + (last != "\n")


def _delimiter(source: Source, path: Path) -> str:
    if source.delimiter:
        return _NAMED.get(source.delimiter.lower(), source.delimiter)
    return max(_DELIMITERS, key=lambda delimiter: _agreement(path, delimiter))


def _agreement(path: Path, delimiter: str) -> tuple[int, int]:
    """How many of the first rows have the same number (above 1) of fields, and that number."""
    widths: Counter[int] = Counter()
    with path.open(encoding="utf-8", newline="") as file:
        try:
            for row, _ in zip(csv.reader(file, delimiter=delimiter), range(_HEAD_ROWS), strict=False):
                widths[len(row)] += 1
        except csv.Error:
            return 0, 0
    return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))


def _land_fast(path: Path, delimiter: str, lines: int, target: Path) -> tuple[int, int] | None:
    """Columns and rows, or None when rows are not lines or differ in a way this reader does not take."""
    width = _width(path, delimiter)
    types = ", ".join(f"{quoted(cell(number + 1))}: 'VARCHAR'" for number in range(width))
    reader = (
        f"read_csv({quoted(str(path))}, auto_detect = false, header = false, columns = {{{types}}}, "
        f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', null_padding = true, encoding = 'utf-8', "
        "max_line_size = 16000000)"
    )
    names = ", ".join(cell(number + 1) for number in range(width))
    with new_connection() as connection:
        try:
            connection.execute(
                f"copy (select row_number() over () as _row, {names} from {reader}) to {quoted(str(target))} "
                "(format parquet, compression zstd)"
            )
        except duckdb.Error:
            return None
        found = connection.execute(f"select count(*) from {quoted(str(target))}").fetchone()
    return (width, lines) if found == (lines,) else None


def _width(path: Path, delimiter: str) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        rows = zip(csv.reader(file, delimiter=delimiter), range(_HEAD_ROWS), strict=False)
        return max((len(row) for row, _ in rows), default=1) or 1


def _land_exact(source: Source, path: Path, delimiter: str, target: Path) -> tuple[int, int]:
    csv.field_size_limit(1 << 24)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            return write_grid(target, reader)
        except csv.Error as wrong:
            raise source.error("extracts_quoting", row=reader.line_num, problem=wrong) from None
