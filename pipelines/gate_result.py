"""What the gate found: one result per expectation, in both languages, and without what stands in the rows.

How an expectation is judged is in `gate.py` and `expectations/`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.messages import Language

PLACE = re.compile(r"^(\S.*?\.\w+(?:\[[^\]]*\])?:\d+)(?:\s|$)")
SEPARATOR: Mapping[Language, str] = {"zh": "；", "en": "; "}


@dataclass(frozen=True)
class ExpectationResult:
    """One row of `gate.data_quality_result`: one expectation of one table in one period."""

    period: str
    table_name: str
    expectation: str
    severity: str
    evaluated_count: int
    unexpected_count: int
    sample: str
    status: str
    message_zh: str
    message_en: str

    def message(self, language: Language) -> str:
        """What was found and what to do, in one language."""
        return self.message_zh if language == "zh" else self.message_en

    def places(self) -> list[str]:
        """File and row of the first faults, without what stands there."""
        return [found[1] for line in self.sample.splitlines() if (found := PLACE.match(line))]

    def brief(self, language: Language) -> str:
        """The message with places only: what may be kept after the run."""
        separator = SEPARATOR[language]
        quoted, kept = separator.join(self.sample.splitlines()), separator.join(self.places())
        message = self.message(language)
        if quoted and quoted in message:
            return message.replace(quoted, kept or "…")
        return f"{self.table_name}: {self.expectation} ({self.unexpected_count}) {kept}".strip()


@dataclass(frozen=True)
class GateResult:
    """All results, ordered by table and expectation, and those among them that stop the run."""

    results: list[ExpectationResult]
    blocking: list[ExpectationResult]
    language: Language = "zh"

    @property
    def messages(self) -> list[str]:
        """What stops the run, in the language asked for; empty when the run may go on."""
        return [result.message(self.language) for result in self.blocking]
