"""Words of the report in the reader's language: headings, column names, names of codes, what to do.

The words themselves are data in `pipelines/texts/evidence*.yml`; this module only finds them.
"""

from collections.abc import Mapping
from typing import Any

from pipelines.contract import load_contract
from pipelines.messages import CATALOGUE, Language

DOMAINS = {
    "tie_code": "tie",
    "symptom_code": "symptom",
    "cause_code": "cause",
    "disposition": "disposition",
    "status": "status",
    "measure": "measure",
    "side": "side",
    "severity": "severity",
    "level": "level",
    "ledger_source": "source",
    "pass_code": "pass",
    "kind": "kind",
    "order_kind": "kind",
    "document_type": "document",
    "change": "change",
}
RETURNS = ("supplier_return", "customer_return")


class Labels:
    """Texts in one language; a text that is asked for by name and missing raises KeyError."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, **fields: object) -> str:
        """The text named `key`, its {fields} filled in."""
        text = CATALOGUE[key][self.language]
        return text.format(**fields) if fields else text

    def optional(self, key: str, default: str = "") -> str:
        """The text named `key`, or the default where the catalogue has none."""
        found = CATALOGUE.get(key)
        return found[self.language] if found else default

    def code(self, column: str, value: Any) -> str:
        """Name of a coded value (`cause_code`, `unknown`), or the value itself where it has no name."""
        if value is None:
            return ""
        if column == "table_name":
            return self.table(str(value))
        domain = DOMAINS.get(column)
        return self.optional(f"{domain}.{value}", str(value)) if domain else str(value)

    def column(self, name: str) -> str:
        """Heading of a column."""
        return self.optional(f"col.{name}", name)

    def tip(self, name: str, source: str) -> str:
        """Where a column's figures come from: table and column, and the rule where there is one."""
        rule = self.optional(f"tip.{name}")
        where = f"{source}.{name}" if source else name
        return f"{where}: {rule}" if rule else where

    def action(self, disposition: str | None, symptom: str | None) -> str:
        """What a person does about a break of this disposition and symptom."""
        general = self.optional(f"action.{disposition}", str(disposition or ""))
        return self.optional(f"action.{disposition}.{symptom}", general)

    def table(self, name: str) -> str:
        """Name of an extract's table as the contract has it."""
        found = load_contract().tables.get(name)
        return name if found is None else found.label_zh if self.language == "zh" else found.label_en

    def movement(self, row: Mapping[str, Any]) -> str:
        """The document of a row of `stock_ledger`; a return is named as such, whatever its document type."""
        kind = row["event_type"] if row["event_type"] in RETURNS else row["document_type"]
        return self.document(kind, row["document_no"])

    def document(self, document_type: str | None, document_no: str | None) -> str:
        """A business document in words: its type's name and its number."""
        return " ".join(
            part for part in (self.code("document_type", document_type), document_no or "") if part
        )
