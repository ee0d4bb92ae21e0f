"""Messages for people, in Chinese and English, and the errors that carry them.

Every text lives in `texts/<part>.yml` under its key; code names the key and the facts, never words.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
TEXTS = Path(__file__).resolve().parent / "texts"
DELIVERED = frozenset(
    ("first", "found", "header", "listed", "places", "problem", "reason", "second", "value")
)
"""Facts of a message that may quote what was delivered: names and tax numbers of parties among it."""


@dataclass(frozen=True)
class Words:
    """A fact of a message that has a name in each language."""

    zh: str
    en: str

    def text(self, lang: Language) -> str:
        """The name in one language."""
        return self.zh if lang == "zh" else self.en


def load_catalogue(folder: Path = TEXTS) -> Mapping[str, Mapping[str, str]]:
    """All texts by key, each with `zh` and `en`; ValueError for a key given twice or half translated."""
    catalogue: dict[str, Mapping[str, str]] = {}
    for path in sorted(folder.glob("*.yml")):
        for key, texts in (yaml.safe_load(path.read_text("utf-8")) or {}).items():
            if key in catalogue:
                raise ValueError(f"{path.name}: message {key} is already declared in another file")
            if set(texts) != {"zh", "en"}:
                raise ValueError(f"{path.name}: message {key} needs exactly zh and en")
            catalogue[key] = MappingProxyType(dict(texts))
    return MappingProxyType(catalogue)


CATALOGUE = load_catalogue()


class TieoutError(Exception):
    """An error a person can act on: a message key, the facts it is about, the exit code of the command."""

    exit_code = 1

    def __init__(self, key: str, **fields: object) -> None:
        """`key` is in the catalogue; `fields` fill its placeholders."""
        super().__init__(key)
        self.key = key
        self.fields = fields

    def text(self, lang: Language) -> str:
        """The message in one language."""
        return render(self.key, lang, **self.fields)

    def discreet(self) -> str:
        """Both languages without anything that was delivered: what a log may keep."""
        return f"{self._discreet('zh')}\n{self._discreet('en')}"

    def briefs(self, lang: Language) -> list[str]:
        """What stopped, a line each, without anything that was delivered: what may be kept."""
        return [self._discreet(lang).split("\n", 1)[0]]

    def _discreet(self, lang: Language) -> str:
        kept = {name: "…" if name in DELIVERED else value for name, value in self.fields.items()}
        return render(self.key, lang, **kept)

    def __str__(self) -> str:
        """Both languages, Chinese first."""
        return f"{self.text('zh')}\n{self.text('en')}"


class UsageError(TieoutError):
    """Settings or command line are wrong; nothing was run."""

    exit_code = 2


class InputError(TieoutError):
    """What was delivered cannot be read; a person has to deliver it again or describe it."""

    exit_code = 1


class StoppedError(InputError):
    """Several faults that stopped a period at once, each with its own line per language."""

    def __init__(self, key: str, briefs: Mapping[Language, list[str]], **fields: object) -> None:
        """`briefs` holds nothing that was delivered but file names and rows."""
        super().__init__(key, **fields)
        self._briefs = briefs

    def briefs(self, lang: Language) -> list[str]:
        """One line per fault."""
        return list(self._briefs[lang])


def render(key: str, lang: Language, **fields: object) -> str:
    """One catalogue text with its placeholders filled, `Words` in its language; raises KeyError for an
    unknown key or field.
    """
    said = {name: value.text(lang) if isinstance(value, Words) else value for name, value in fields.items()}
    return CATALOGUE[key][lang].format(**said)
