"""What a person may enter under one column of the contract: its format, its list, the rule Excel holds it to.

The sheets are drawn in `template.py`; whether what was entered is right is judged by the gate, not by Excel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.messages import Language, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.contract import Column, Table

FORMATS = {
    "date": "yyyy-mm-dd",
    "timestamp": "yyyy-mm-dd hh:mm:ss",
    "amount": "#,##0.00",
    "integer": "0",
    "quantity": "General",
    "unit_cost": "General",
    "rate": "General",
}
"""Excel formats by type; all others are text, which keeps the zeros a code begins with."""
RULES: Mapping[str, dict[str, Any]] = {
    "date": {"validate": "date", "criteria": "between", "minimum": 36526, "maximum": 73050},
    "timestamp": {"validate": "date", "criteria": "between", "minimum": 36526, "maximum": 73050},
    "amount": {"validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15},
    "quantity": {"validate": "decimal", "criteria": "between", "minimum": -1e13, "maximum": 1e13},
    "unit_cost": {"validate": "decimal", "criteria": ">=", "value": 0},
    "rate": {"validate": "decimal", "criteria": ">=", "value": 0},
    "integer": {"validate": "integer", "criteria": ">=", "value": 0},
}
"""A red amount and a returned quantity are negative, a price and a rate never; 36526 is 2000-01-01."""
YES_NO: Mapping[Language, tuple[str, str]] = {"zh": ("是", "否"), "en": ("yes", "no")}


def number_format(column: Column) -> str:
    """Excel's format of the column's cells."""
    return "@" if listed(column, "zh") else FORMATS.get(column.data_type, "@")


def listed(column: Column, language: Language) -> tuple[str, ...]:
    """What the column's list offers: one word per accepted value, in the language as far as there is one."""
    if column.data_type == "boolean":
        return YES_NO[language]
    return tuple(word_for(column, value, language) for value in column.accepted)


def word_for(column: Column, value: str, language: Language) -> str:
    """An accepted value as people write it: its first Chinese synonym, in English the value itself."""
    if language == "en":
        return value
    words = (word for word, meant in column.synonyms.items() if meant == value and not word.isascii())
    return next(words, value)


def shown_sample(column: Column, text: str, language: Language) -> str:
    """The sample as text that nobody takes for data: marked, and with the words of the list."""
    if not text:
        return ""
    if column.accepted:
        text = word_for(column, column.synonyms.get(text, text), language)
    elif column.data_type == "boolean":
        text = YES_NO[language][0 if text == YES_NO["zh"][0] else 1]
    return render("starter.marked", language, sample=text)


def meaning(column: Column, language: Language, chinese: Mapping[str, str]) -> str:
    """What the column holds, in one language; `chinese` has the words of `meanings.yml`."""
    return chinese.get(column.name, column.label_zh) if language == "zh" else column.description


def wanted(table: Table, column: Column, language: Language) -> str:
    """Whether every row needs the column, the file does, or one of a group; empty when nothing does."""
    if column.required:
        return render("starter.required", language)
    group = next((group for group in table.needs if column.name in group), ())
    if len(group) == 1:
        return render("starter.kept", language)
    others = [table.columns[name] for name in group if name != column.name]
    names = [other.label_zh if language == "zh" else other.label_en for other in others]
    return render("starter.one_of", language, columns=" / ".join(names)) if names else ""


def hint(table: Table, column: Column, language: Language, chinese: Mapping[str, str]) -> str:
    """The lines that stand over a column: required or not, meaning, type, unit, list."""
    said = [meaning(column, language, chinese), type_of(column, language)]
    words = listed(column, language)
    if words:
        said[-1] = render("starter.listed", language, listed=" | ".join(words))
    return "\n".join(filter(None, [wanted(table, column, language), *said]))


def type_of(column: Column, language: Language) -> str:
    """The type in words, with the unit where it has one."""
    kind = "text" if column.data_type == "text" else column.data_type
    text = render("starter.type", language, type=render(f"starter_type.{kind}", language))
    if column.unit and language == "en":
        text += "; " + render("starter.unit", language, unit=column.unit)
    return text
