"""JSON: an array of objects, one object a line, or an object around one such array.

Keys become row 1; numbers keep the digits that were delivered.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipelines.extracts.grid import Part, Source, write_grid
from pipelines.extracts.text import find_encoding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


def land_json(source: Source, folder: Path) -> list[Part]:
    """Keep the records as one grid in `folder`; InputError when this is not JSON or holds no objects."""
    text = source.path.read_text(find_encoding(source))
    records = _records(source, text)
    target = folder / "data.parquet"
    shape = write_grid(target, _grid(records))
    return source.single(target, shape)


def _records(source: Source, text: str) -> list[dict[str, Any]]:
    try:
        found = _parse(text)
    except json.JSONDecodeError as wrong:
        lines = [line for line in text.splitlines() if line.strip()]
        found = [_parse_line(source, number, line) for number, line in enumerate(lines, 1)]
        if len(lines) < 2:
            raise source.error("extracts_json", row=wrong.lineno, problem=wrong.msg) from None
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else [found]
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise source.error("extracts_json", row=1, problem="[{…}]")
    return found


def _parse(text: str) -> Any:
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)


def _parse_line(source: Source, number: int, line: str) -> Any:
    try:
        return _parse(line)
    except json.JSONDecodeError as wrong:
        raise source.error("extracts_json", row=number, problem=wrong.msg) from None


def _grid(records: list[dict[str, Any]]) -> Iterator[Sequence[str | None]]:
    keys = list(dict.fromkeys(key for record in records for key in record))
    yield keys
    for record in records:
        yield [_text(record.get(key)) for key in keys]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
