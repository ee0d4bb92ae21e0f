"""Every word that people read exists in both languages, with the same facts in it, and every key that code
names.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

from pipelines.evidence.labels import DOMAINS
from pipelines.messages import CATALOGUE
from pipelines.vouchers.canonical import COLUMNS

TAKES_KEY = {
    "TieoutError", "UsageError", "InputError", "StoppedError", "Finding", "Problem", "render", "error", "labels",
    "text",
}  # fmt: skip
"""Calls, by their last name, whose first argument is a message key when it is plain text with a `_` or a dot."""

KEY = re.compile(r"[a-z][a-z0-9]*[._][\w.-]+(?<!\.csv)(?<!\.yml)")
WORD = re.compile(r"[\w-]+(?:[.][\w-]+)*")
DOCUMENTED = {"voucher_column_": set(COLUMNS)}
"""Texts that explain a file format to people and that no code prints: exactly these."""

NAMED_AHEAD = "cause."
"""Causes have a name before a rule finds them."""


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def keys_named(path: Path) -> Iterator[str]:
    """First arguments, given as plain text or a choice of two, of the calls that take a message key."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args and name_of(node.func) in TAKES_KEY:
            first = node.args[0]
            for choice in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                if isinstance(choice, ast.Constant) and KEY.fullmatch(str(choice.value)):
                    yield str(choice.value)


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def patterns_in(path: Path) -> Iterator[re.Pattern[str]]:
    """Keys that are put together: f"light.chain_{state}" as a pattern whose groups are words."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            parts = [
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"([\w.-]+)"
                for part in node.values
            ]
            if re.match(r"[a-z]+[._]", str(node.values[0].value)):
                yield re.compile("".join(parts))


def words_of(files: list[Path], *suffixes: str) -> set[str]:
    texts = (path.read_text("utf-8") for path in files if path.suffix in suffixes)
    return {word for text in texts for found in WORD.findall(text) for word in (found, *found.split("."))}


def test_every_message_is_said_in_both_languages_with_the_same_facts() -> None:
    assert CATALOGUE
    uneven = {
        key: texts for key, texts in CATALOGUE.items() if fields_of(texts["zh"]) != fields_of(texts["en"])
    }
    assert not uneven
    assert not [key for key, texts in CATALOGUE.items() if not texts["zh"].strip() or not texts["en"].strip()]


def test_the_chinese_text_is_chinese_and_the_english_one_is_not() -> None:
    def has_chinese(text: str) -> bool:
        return any("\u4e00" <= letter <= "\u9fff" for letter in text)

    english = [
        key for key, texts in CATALOGUE.items() if has_chinese(texts["en"]) and "记" not in texts["en"]
    ]
    assert len(english) <= 10, english  # a few name a Chinese term beside the English one


def test_every_key_that_code_names_is_in_the_catalogue(sources: list[Path]) -> None:
    missing = {(path.name, key) for path in sources for key in keys_named(path) if key not in CATALOGUE}
    assert not missing


def test_every_key_that_a_template_names_is_in_the_catalogue(tracked: list[Path]) -> None:
    named = {
        (path.name, key)
        for path in tracked
        if path.suffix == ".j2"
        for key in re.findall(r"\bt\(\s*['\"]([\w.]+)['\"]\s*[,)]", path.read_text("utf-8"))
    }
    assert len(named) > 10
    assert not {(file, key) for file, key in named if key not in CATALOGUE}


def test_every_key_is_named_somewhere(tracked: list[Path], sources: list[Path], root: Path) -> None:
    """In code or a template, as it is or put together from a beginning and a word that code or models know."""
    ours = [path for path in tracked if path.relative_to(root).parts[0] in ("pipelines", "expectations")]
    ours = [path for path in ours if path.parent.name != "texts"]
    models = [path for path in tracked if path.relative_to(root).parts[0] == "dbt_project"]
    code = words_of(ours, ".py", ".j2", ".js", ".yml")
    every = code | words_of(models, ".sql", ".yml", ".csv", ".py")
    patterns = {pattern for path in sources for pattern in patterns_in(path)}
    patterns |= {re.compile(rf"{domain}\.([\w.-]+)") for domain in {*DOMAINS.values(), "def"}}

    def is_known(text: str) -> bool:
        return text in every or any(
            found is not None and all(part in every for group in found.groups() for part in group.split("."))
            for found in (pattern.fullmatch(text) for pattern in patterns)
        )

    def is_used(key: str) -> bool:
        return key in code or any(
            found is not None and all(map(is_known, found.groups()))
            for found in (pattern.fullmatch(key) for pattern in patterns)
        )

    documented = {start + name for start, names in DOCUMENTED.items() for name in names}
    unused = {key for key in CATALOGUE if not is_used(key) and not key.startswith(NAMED_AHEAD)}
    assert unused == documented
