"""Every word that people read exists in both languages, with the same facts in it, and every key that code
names.
"""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

from pipelines.messages import CATALOGUE

RAISED = {"TieoutError", "UsageError", "InputError", "render"}


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def keys_named(path: Path) -> Iterator[str]:
    """First arguments, given as plain text, of the calls that take a message key."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in RAISED
            and node.args
        ):
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


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
