"""Evidence of a run: the report and the workbook, drawn from the public tables of its folder alone.

Figures come from the tables as they are; what a document is worth and why a difference exists is decided in
    dbt and `matching`.
"""

from pipelines.evidence.context import ReportContext
from pipelines.evidence.report import write_report
from pipelines.evidence.workbook import write_workbook

__all__ = ["ReportContext", "write_report", "write_workbook"]
