"""What the report and the workbook know about a run besides its tables: names, earlier runs, hashes.

Nothing here may name the clock, the machine or an absolute path in the output; figures belong to the public
tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pipelines.messages import Language


@dataclass(frozen=True)
class ReportContext:
    """Names and hashes that head every page.

    `period` is 'YYYY-MM'. `history` are the folders of earlier periods' runs in any order; only their
    `tie_out.parquet` is read, and the
    paths are never printed. `input_hashes` and `code_hashes` map a relative name to its SHA-256; they are
    printed in order of name.
    """

    books: str
    company: str
    period: str
    language: Language
    run_id: str
    currency: str
    history: tuple[Path, ...] = ()
    input_hashes: Mapping[str, str] = field(default_factory=dict)
    code_hashes: Mapping[str, str] = field(default_factory=dict)
    materiality: Decimal | None = None
