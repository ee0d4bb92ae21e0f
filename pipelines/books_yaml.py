"""`books.yml` as text with positions: a value stays the text that was written, an error knows its line.

What the values mean is declared in `books.py`; nothing here knows a single setting.
"""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from pipelines.messages import UsageError

if TYPE_CHECKING:
    from pathlib import Path

Where = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True)
class SettingsFile:
    """The values of one settings file as text, and the line each of them stands on."""

    path: Path
    values: dict[str, Any]
    lines: dict[Where, int]

    def error(self, key: str, where: Where, **fields: object) -> UsageError:
        """An error at `where`, or at the nearest enclosing place that stands in the file."""
        while where not in self.lines and where:
            where = where[:-1]
        return UsageError(key, file=self.path.name, line=self.lines.get(where, 1), **fields)

    def unknown_key(self, where: Where, known: tuple[str, ...]) -> UsageError:
        """An unknown key, with the nearest known one when there is one."""
        near = difflib.get_close_matches(str(where[-1]), known, 1, 0.5)
        if near:
            return self.error("books_unknown_key_near", where, setting=where[-1], near=near[0])
        return self.error("books_unknown_key", where, setting=where[-1], allowed=", ".join(sorted(known)))

    def wrong_value(self, where: Where, value: object, allowed: tuple[str, ...]) -> UsageError:
        """A value that is not one of those allowed."""
        return self.error(
            "books_wrong_value", where, setting=dotted(where), value=value, allowed=", ".join(allowed)
        )


def dotted(where: Where) -> str:
    """`extracts[2].path` for a place in the settings."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in where)
    return text.removeprefix(".")


def read_settings_file(path: Path) -> SettingsFile:
    """Read the file; UsageError when it is missing, not UTF-8, not YAML, or names a key twice."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise UsageError("books_missing_file", file=path.name, folder=path.parent) from None
    except UnicodeDecodeError:
        raise UsageError("books_not_utf8", file=path.name) from None
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        raise UsageError("books_not_yaml", file=path.name, line=line, problem=wrong.problem) from None
    except yaml.YAMLError as wrong:
        raise UsageError("books_not_yaml", file=path.name, line=1, problem=wrong) from None
    file = SettingsFile(path, {}, {})
    values = _construct(node, (), file)
    if not isinstance(values, dict):
        raise UsageError("books_not_yaml", file=path.name, line=1, problem="key: value")
    file.values.update(values)
    return file


def _construct(node: yaml.Node | None, where: Where, file: SettingsFile) -> Any:
    if node is None:
        return {}
    file.lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, where, file)
    if isinstance(node, yaml.SequenceNode):
        return [_construct(child, (*where, number), file) for number, child in enumerate(node.value)]
    is_quoted = isinstance(node, yaml.ScalarNode) and node.style is not None
    return None if node.value in ("", "~", "null") and not is_quoted else node.value


def _mapping(node: yaml.MappingNode, where: Where, file: SettingsFile) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, child in node.value:
        place = (*where, str(key_node.value))
        file.lines[place] = key_node.start_mark.line + 1
        if key_node.value in values:
            raise file.error("books_key_twice", place, setting=key_node.value)
        values[str(key_node.value)] = _construct(child, place, file)
    return values


def validate(model: type[Model], values: dict[str, Any], file: SettingsFile) -> Model:
    """The model made of `values`; the first thing wrong, by line, becomes a UsageError."""
    try:
        return model.model_validate(values)
    except ValidationError as wrong:
        first = min(wrong.errors(), key=lambda error: _order(error, file))
        raise _translate(model, tuple(first["loc"]), first, file) from None


def _order(error: Any, file: SettingsFile) -> tuple[int, bool]:
    """By line; on one line a key nobody knows first, for it is often why another one is missing."""
    where: Where = tuple(error["loc"])
    while where not in file.lines and where:
        where = where[:-1]
    return file.lines.get(where, 1), error["type"] != "extra_forbidden"


def _translate(model: type[BaseModel], where: Where, error: Any, file: SettingsFile) -> UsageError:
    kind, value = error["type"], error["input"]
    if kind == "extra_forbidden":
        return file.unknown_key(where, known_keys(model, where[:-1]))
    if kind == "missing" or value is None:
        return file.error("books_missing", where, setting=dotted(where))
    if kind == "literal_error":
        allowed = tuple(re.findall(r"'([^']*)'", error["ctx"]["expected"]))
        return file.wrong_value(where, value, allowed)
    return file.error("books_bad_value", where, setting=dotted(where), value=value, problem=error["msg"])


def known_keys(model: type[BaseModel], where: Where) -> tuple[str, ...]:
    """The keys that are known at `where` below `model`."""
    for part in where:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        inner = _model_in(field.annotation) if field else None
        model = inner or model
    return tuple(name for name, field in model.model_fields.items() if field.exclude is not True)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)


def expand(text: str) -> str:
    """`${NAME}` replaced from the environment, where a value is used: no secret is ever written out."""
    return _VARIABLE.sub(lambda found: os.environ[found[1]], text)


def check_environment(file: SettingsFile, where: Where, text: str) -> None:
    """UsageError when a variable the text names is not set."""
    for name in _VARIABLE.findall(text):
        if name not in os.environ:
            raise file.error("books_no_environment", where, variable=name)
