"""Every message exists in both languages, takes the same facts in both, and is used under its own key."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from pipelines.messages import CATALOGUE, InputError, TieoutError, UsageError, load_catalogue

PIPELINES = Path(__file__).parents[2] / "pipelines"
RAISED = re.compile(r"(?:UsageError|InputError|TieoutError|\.error)\(\s*\"([a-z0-9_]+)\"")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_an_error_shows_chinese_first_then_english() -> None:
    error = InputError("extracts_encrypted", file="a.xlsx")
    chinese, english = str(error).splitlines()
    assert chinese.startswith("a.xlsx 已加密")
    assert english.startswith("a.xlsx is encrypted")
    assert error.text("en") == english


def test_exit_codes_tell_settings_from_deliveries() -> None:
    assert (UsageError.exit_code, InputError.exit_code, TieoutError.exit_code) == (2, 1, 1)


@pytest.mark.parametrize("part", ["books", "extracts"])
def test_both_languages_say_it_with_known_facts(part: str) -> None:
    for key, texts in load_catalogue().items():
        if key.startswith(part):
            assert fields(texts["en"]) == fields(texts["zh"]), key


def test_every_key_that_code_raises_is_in_the_catalogue() -> None:
    used = {key for path in PIPELINES.rglob("*.py") for key in RAISED.findall(path.read_text("utf-8"))}
    assert len(used) > 20
    assert used <= CATALOGUE.keys()


def test_a_key_given_twice_or_half_translated_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("one: {zh: 一, en: one}\n", "utf-8")
    assert load_catalogue(tmp_path) == {"one": {"zh": "一", "en": "one"}}
    (tmp_path / "b.yml").write_text("one: {zh: 一, en: one}\n", "utf-8")
    with pytest.raises(ValueError, match="one"):
        load_catalogue(tmp_path)
    (tmp_path / "b.yml").write_text("two: {zh: 二}\n", "utf-8")
    with pytest.raises(ValueError, match="two"):
        load_catalogue(tmp_path)
