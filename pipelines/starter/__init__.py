"""A new books folder: commented settings, the account map with its roles, one Excel template per extract.

What the files say is kept beside this module (`books.yml`, `roles.csv`, `samples.yml`, `meanings.yml`); how a
template is drawn is in `template.py`.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from expectations.delivery import NEEDED, STOCK_DOCUMENTS
from pipelines.contract import Table, load_contract
from pipelines.messages import Language, UsageError, render
from pipelines.period import Period, period_of

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
BOOKS_FILE, MAP_FILE, INBOX = "books.yml", "account_map.csv", "inbox"
CONDITIONS = ("item_category", "warehouse_code", "party_code", "reason_code", "tax_rate")


@dataclass(frozen=True)
class Choice:
    """What a person decides before the folder is written; `standard` as in books.yml."""

    name: str
    standard: str
    language: Language
    first_period: Period


def write_books(folder: Path, choice: Choice) -> list[Path]:
    """Write the books into `folder`, which must be empty or not there; returns the templates.

    UsageError when anything is in it. Equal choices give equal bytes.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise UsageError("init_exists", path=folder)
    (folder / INBOX).mkdir(parents=True, exist_ok=True)
    templates = [_write_template(folder, table, choice) for table in sample_rows()]
    (folder / MAP_FILE).write_text(_account_map(choice), "utf-8-sig")
    (folder / BOOKS_FILE).write_text(_settings(folder, choice), "utf-8")
    return templates


def sample_rows() -> dict[str, dict[str, Any]]:
    """Table → column → sample, for every template in its order."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "samples.yml").read_text("utf-8"))
    return found


def file_name(table: Table, language: Language) -> str:
    """Name of a table's template, below the inbox."""
    return f"{table.label_zh if language == 'zh' else table.name}.xlsx"


def _write_template(folder: Path, name: str, choice: Choice) -> Path:
    from pipelines.starter.template import write_template

    table = load_contract().tables[name]
    path = folder / INBOX / file_name(table, choice.language)
    write_template(path, table, _sample(sample_rows()[name], choice), choice.language)
    return path


def _sample(row: dict[str, Any], choice: Choice) -> dict[str, str]:
    """The sample in the books' language, dated in their first period."""
    first = choice.first_period
    days = {"period": first.code, "end": first.end, "opening": period_of(first.start).previous + "-28"}
    place = 0 if choice.language == "zh" else 1
    texts = {name: value[place] if isinstance(value, list) else str(value) for name, value in row.items()}
    return {name: text.format(**days) for name, text in texts.items()}


def _account_map(choice: Choice) -> str:
    """Every role with the account it has in the standard's own chart, empty where the books decide."""
    with (HERE / "roles.csv").open(encoding="utf-8", newline="") as file:
        roles = list(csv.DictReader(file))
    note = "说明" if choice.language == "zh" else "note"
    lines = [",".join(("account_role", *CONDITIONS, "account_code", note))]
    for role in roles:
        explained = role[choice.language].replace('"', '""')
        empty = "," * len(CONDITIONS)
        lines.append(f'{role["account_role"]},{empty}{role.get(choice.standard) or ""},"{explained}"')
    return "\n".join(lines) + "\n"


def _settings(folder: Path, choice: Choice) -> str:
    text = (HERE / BOOKS_FILE).read_text("utf-8")
    filled = {
        "BOOKS": re.sub(r"\W+", "-", folder.resolve().name).strip("-").lower() or "books",
        "NAME": choice.name,
        "STANDARD": choice.standard,
        "LANGUAGE": choice.language,
        "FIRST_PERIOD": choice.first_period.code,
    }
    for name, value in filled.items():
        text = text.replace(f"@{name}@", yaml.safe_dump(value, allow_unicode=True).splitlines()[0])
    return text + "\n".join(_extracts(choice)) + "\n"


def _extracts(choice: Choice) -> Iterator[str]:
    """One entry per template, saying above it whether the books can do without."""
    needed = {*NEEDED, *STOCK_DOCUMENTS[:2]}
    for name in sample_rows():
        table = load_contract().tables[name]
        key = "starter.needed" if name in needed else "starter.useful"
        yield f"  # {table.label_zh} {table.label_en}：{render(key, 'zh')} · {render(key, 'en')}"
        yield f"  - {{table: {name}, path: {INBOX}/{file_name(table, choice.language)}}}"
