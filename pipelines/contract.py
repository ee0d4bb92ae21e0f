"""The contract: what an extract can hold, read once from the dbt sources in `dbt_project/models/contract`.

Only the declaration lives here; matching delivered headers to it is in `extracts/mapping.py`, judging
deliveries is in `gate.py`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import yaml

from pipelines.messages import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTRACT_FOLDER = Path(__file__).resolve().parent.parent / "dbt_project" / "models" / "contract"
DATA_TYPES = frozenset(
    ("text", "code", "date", "timestamp", "quantity", "unit_cost", "amount", "rate", "integer", "boolean"),
)
_IGNORED = str.maketrans("", "", " \t\r\n_-.:*#\u00a0\u3000")


@dataclass(frozen=True)
class Column:
    """One column of a contract table: how it is called, what it means, what values it may take."""

    name: str
    data_type: str
    description: str
    label_zh: str
    label_en: str
    aliases: tuple[str, ...]
    required: bool
    unit: str | None
    accepted: tuple[str, ...]
    synonyms: Mapping[str, str]

    @property
    def label(self) -> Words:
        """What people call it."""
        return Words(self.label_zh, self.label_en)

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header under which the column is recognised: its name, both labels, its aliases."""
        return (self.name, self.label_zh, self.label_en, *self.aliases)

    @property
    def heading(self) -> str:
        """The header in workbooks that we write: both languages in one cell, read back as it is."""
        return f"{self.label_zh} ({self.label_en})"


@dataclass(frozen=True)
class Table:
    """One contract table; the first readable of `date_columns` decides a row's period, none means all.

    `needs` are groups of columns of which at least one must be delivered, though its values may be empty.
    `total_column` is where, in a table without document lines, a word says that a row sums others.
    """

    name: str
    description: str
    label_zh: str
    label_en: str
    key: tuple[str, ...]
    date_columns: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]
    processed: bool
    columns: Mapping[str, Column]
    total_column: str | None

    @property
    def label(self) -> Words:
        """What people call it."""
        return Words(self.label_zh, self.label_en)

    @property
    def required(self) -> tuple[Column, ...]:
        """The columns without which a delivery is refused."""
        return tuple(column for column in self.columns.values() if column.required)

    def column_of(self, header: str) -> Column | None:
        """The column a delivered header names, or None."""
        return _headers(self.name).get(normalise_header(header))


@dataclass(frozen=True)
class Contract:
    """All contract tables by name."""

    tables: Mapping[str, Table]


def normalise_header(text: str) -> str:
    """One spelling for headers that people see as equal: width, case, blanks, `_ - . : * #` do not count."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_IGNORED)


@cache
def load_contract() -> Contract:
    """Read every contract file once per process; raises ValueError when a declaration is not usable."""
    tables = [_read(path) for path in sorted(CONTRACT_FOLDER.glob("*.yml"))]
    return Contract(MappingProxyType({table.name: table for table in tables}))


@cache
def _headers(table: str) -> Mapping[str, Column]:
    columns = load_contract().tables[table].columns.values()
    return {normalise_header(header): column for column in columns for header in column.headers}


def _read(path: Path) -> Table:
    declared = yaml.safe_load(path.read_text("utf-8"))
    table = declared["sources"][0]["tables"][0]
    meta = table["config"]["meta"]
    columns = [_column(path, column) for column in table["columns"]]
    return Table(
        name=table["name"],
        description=table["description"],
        label_zh=meta["label_zh"],
        label_en=meta["label_en"],
        key=tuple(meta["key"]),
        date_columns=tuple(meta["date_columns"]),
        needs=tuple(map(tuple, meta.get("needs", ()))),
        processed=meta["processed"],
        total_column=meta.get("total_column"),
        columns=MappingProxyType({column.name: column for column in columns}),
    )


def _column(path: Path, declared: dict[str, Any]) -> Column:
    meta = declared["config"]["meta"]
    if declared["data_type"] not in DATA_TYPES:
        raise ValueError(f"{path.name}: column {declared['name']}: data_type {declared['data_type']}")
    return Column(
        name=declared["name"],
        data_type=declared["data_type"],
        description=declared["description"],
        label_zh=meta["label_zh"],
        label_en=meta["label_en"],
        aliases=tuple(meta.get("aliases", ())),
        required=meta.get("required", False),
        unit=meta.get("unit"),
        accepted=tuple(meta.get("accepted", ())),
        synonyms=MappingProxyType(dict(meta.get("synonyms", {}))),
    )
